//! An API whose client is proven, and how its client is called.

use std::fmt;
use std::sync::Arc;

use client_core::dispatch::{Arguments, Pending};
use client_core::{Credentials, Error, Operation, SecretString};

use crate::contract::{self, Contract, Scheme};
use openapi::Document;
use openapi::infer::infer_schemas;

/// An API: its spec, and its client.
#[derive(Clone)]
pub struct Api {
    /// Its name, which is that of its folder below `specs`.
    pub name: &'static str,
    /// What its spec says, with the corrections of the overlay.
    pub contract: Arc<Contract>,
    /// The spec as it was published, as YAML or JSON.
    pub published: &'static str,
    /// The generated operations table, which has the names of the arguments in Rust.
    pub table: &'static [&'static Operation],
    /// How its client authenticates.
    pub client: ClientKind,
    /// The environment variables that hold its credentials.
    pub variables: &'static [&'static str],
    /// Makes a client of a server.
    pub connect: Arc<Connect>,
    /// Whether its client has credentials of a scheme.
    pub holds: fn(&Scheme) -> bool,
}

/// How the client of an API authenticates, and how it is made for a base URL.
#[derive(Clone, Copy)]
pub enum ClientKind {
    /// Not at all.
    None(fn(&str) -> Connected),
    /// With an API key, a bearer token for the operations that take one, or both.
    Basic(fn(&str, Credentials) -> Connected),
    /// With the token of a session.
    Session(fn(&str, SecretString) -> Connected),
}

/// Makes a client that sends its calls to a base URL.
pub type Connect = dyn Fn(&str) -> Connected + Send + Sync;

/// A client, or why there is none.
pub type Connected = Result<Box<dyn Caller>, Error>;

/// A client whose operations are called by their ids.
pub trait Caller: Send + Sync {
    /// Calls an operation; `None` if the client has none of this id.
    fn call<'a>(&'a self, operation: &str, arguments: &'a Arguments) -> Option<Pending<'a>>;
}

impl Api {
    /// The API of a client that has no credentials yet: its name, its spec as published and, as JSON, with the
    /// corrections, its operations table, how its client is made, and the environment variables that hold its
    /// credentials.
    ///
    /// # Errors
    ///
    /// The spec is not JSON.
    pub fn new(
        name: &'static str,
        published: &'static str,
        spec: &str,
        table: &'static [&'static Operation],
        client: ClientKind,
        variables: &'static [&'static str],
    ) -> Result<Self, String> {
        Ok(Self {
            name,
            contract: Arc::new(contract::read_json(spec)?),
            published,
            table,
            client,
            variables,
            connect: match client {
                ClientKind::None(connect) => Arc::new(connect),
                _ => Arc::new(|_| unreachable!("credentials are set before a client is made")),
            },
            holds: |_| false,
        })
    }

    /// What the spec says as it was published, without the overlay. Schemas are inferred from examples where there are
    /// no others, as they are for the client.
    ///
    /// # Errors
    ///
    /// The spec is neither YAML nor JSON.
    pub fn published(&self) -> Result<Contract, String> {
        let mut document =
            Document::parse(self.name, self.published).map_err(|error| error.to_string())?;
        infer_schemas(document.value_mut());
        Ok(contract::read(document.value().clone()))
    }

    /// The SHA-256 of the spec as it was published, in hexadecimal digits.
    pub fn sha256(&self) -> String {
        openapi::sha256(self.published.as_bytes())
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
