//! The APIs whose clients are proven.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use client_core::dispatch::{Answer, Arguments};
use client_core::{
    Credentials, Error, Operation, RetryPolicy, SecretString, SecurityKind, SessionToken,
};

use crate::contract::{Contract, Security};

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
    /// Whether its client has such credentials.
    pub holds: fn(&Security) -> bool,
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

/// The Platform API's client with each kind of credentials: a few operations take a bearer token only.
struct Platform {
    basic: platform_client::Client,
    bearer: platform_client::Client,
}

impl Caller for Platform {
    fn call<'a>(&'a self, operation: &str, arguments: &'a Arguments) -> Option<Pending<'a>> {
        let mut table = platform_client::operations::ALL.iter();
        let security = table.find(|known| known.id == operation)?.security;
        let takes = |kind| security.iter().any(|scheme| scheme.kind == kind);
        let client = match takes(SecurityKind::Bearer) && !takes(SecurityKind::Basic) {
            true => &self.bearer,
            false => &self.basic,
        };
        platform_client::dispatch::call(client, operation, arguments)
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
    /// Both APIs, with the clients as they are generated and made-up credentials.
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
                connect: Arc::new(|url| {
                    let key = Credentials::new("not-a-client", "not-a-secret");
                    platform(url, key, Credentials::bearer("not-a-secret"))
                }),
                holds: |scheme| matches!(scheme, Security::Basic | Security::Bearer),
            },
            Self {
                name: "nexus",
                contract: contract(nexus_client::OPENAPI)?,
                table: nexus_client::operations::ALL,
                connect: Arc::new(|url| nexus(url, "not-a-secret".into())),
                holds: |scheme| matches!(scheme, Security::Header(_)),
            },
        ])
    }

    /// The same, with the credentials in the environment: `MX_CLIENT_ID` and `MX_API_KEY`, with `MX_TOKEN` for the
    /// operations that take a bearer token; or `MX_SESSION_TOKEN`.
    ///
    /// # Errors
    ///
    /// A variable is not set, or holds what cannot be sent.
    pub fn with_credentials(self) -> Result<Self, Error> {
        if self.name == "nexus" {
            return Ok(self.with_session(SessionToken::from_env()?.into()));
        }
        let token = std::env::var("MX_TOKEN").ok();
        let token = token.filter(|token| !token.is_empty());
        Ok(self.with_keys(Credentials::from_env()?, token.map(Credentials::bearer)))
    }

    /// The Nexus API with a session's token.
    #[must_use]
    pub fn with_session(mut self, token: SecretString) -> Self {
        self.connect = Arc::new(move |url| nexus(url, token.clone()));
        self
    }

    /// The Platform API with an API key, and a bearer token for the operations that take one, if there is one.
    #[must_use]
    pub fn with_keys(mut self, key: Credentials, token: Option<Credentials>) -> Self {
        self.holds = match token {
            Some(_) => |scheme| matches!(scheme, Security::Basic | Security::Bearer),
            None => |scheme| matches!(scheme, Security::Basic),
        };
        let token = token.unwrap_or_else(|| key.clone());
        self.connect = Arc::new(move |url| platform(url, key.clone(), token.clone()));
        self
    }
}

/// The contract of a client's spec.
pub(crate) fn contract(document: &str) -> Result<Arc<Contract>, String> {
    let document = serde_json::from_str(document)
        .map_err(|error| format!("the client's spec is not JSON: {error}"))?;
    Ok(Arc::new(Contract::new(document)))
}

fn platform(
    base_url: &str,
    key: Credentials,
    token: Credentials,
) -> Result<Box<dyn Caller>, Error> {
    let client = |credentials| {
        platform_client::Client::builder()
            .base_url(base_url)
            .credentials(credentials)
            .retry(RetryPolicy::never())
            .attempt_timeout(PATIENCE)
            .build()
    };
    Ok(Box::new(Platform {
        basic: client(key)?,
        bearer: client(token)?,
    }))
}

fn nexus(base_url: &str, token: SecretString) -> Result<Box<dyn Caller>, Error> {
    let client = nexus_client::Client::builder()
        .base_url(base_url)
        .session_token(token)
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
