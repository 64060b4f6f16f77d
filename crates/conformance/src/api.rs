//! The APIs whose clients are proven.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use client_core::dispatch::{Answer, Arguments};
use client_core::{Error, Operation, RetryPolicy};

use crate::contract::Contract;

/// An API: its spec, and a way to its client.
#[derive(Clone)]
pub struct Api {
    /// Its name: `platform` or `nexus`.
    pub name: &'static str,
    /// What its spec says.
    pub contract: Arc<Contract>,
    /// The generated operations table, which knows the arguments' names in Rust.
    pub table: &'static [&'static Operation],
    /// Makes a client of a server.
    pub connect: Arc<Connect>,
}

/// Makes a client that sends its calls to a base URL.
pub type Connect = dyn Fn(&str) -> Result<Box<dyn Caller>, Error> + Send + Sync;

/// A call under way.
pub type Pending<'a> = Pin<Box<dyn Future<Output = Result<Answer, Error>> + Send + 'a>>;

/// A client whose operations are called by their ids.
pub trait Caller: Send + Sync {
    /// Calls an operation; `None` where the client has none of that id.
    fn call<'a>(&'a self, operation: &str, arguments: &'a Arguments) -> Option<Pending<'a>>;
}

impl Caller for platform_client::Client {
    fn call<'a>(&'a self, operation: &str, arguments: &'a Arguments) -> Option<Pending<'a>> {
        platform_client::dispatch::call(self, operation, arguments)
    }
}

impl Caller for nexus_client::Client {
    fn call<'a>(&'a self, operation: &str, arguments: &'a Arguments) -> Option<Pending<'a>> {
        nexus_client::dispatch::call(self, operation, arguments)
    }
}

/// How long the suite waits for an answer: its servers are on the same machine.
const PATIENCE: Duration = Duration::from_secs(20);

impl Api {
    /// Both APIs, with the clients as they are generated.
    ///
    /// # Errors
    ///
    /// A client's spec is not JSON.
    pub fn all() -> Result<Vec<Self>, String> {
        Ok(vec![
            Self {
                name: "platform",
                contract: contract(platform_client::OPENAPI)?,
                table: platform_client::operations::ALL,
                connect: Arc::new(platform),
            },
            Self {
                name: "nexus",
                contract: contract(nexus_client::OPENAPI)?,
                table: nexus_client::operations::ALL,
                connect: Arc::new(nexus),
            },
        ])
    }
}

/// The contract of a client's spec.
pub(crate) fn contract(document: &str) -> Result<Arc<Contract>, String> {
    let document = serde_json::from_str(document)
        .map_err(|error| format!("the client's spec is not JSON: {error}"))?;
    Ok(Arc::new(Contract::new(document)))
}

fn platform(base_url: &str) -> Result<Box<dyn Caller>, Error> {
    let client = platform_client::Client::builder()
        .base_url(base_url)
        .credentials(platform_client::Credentials::new(
            "conformance",
            "not-a-secret",
        ))
        .retry(RetryPolicy::never())
        .attempt_timeout(PATIENCE)
        .build()?;
    Ok(Box::new(client))
}

fn nexus(base_url: &str) -> Result<Box<dyn Caller>, Error> {
    let client = nexus_client::Client::builder()
        .base_url(base_url)
        .session_token("not-a-secret")
        .retry(RetryPolicy::never())
        .attempt_timeout(PATIENCE)
        .build()?;
    Ok(Box::new(client))
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
