//! The list of the APIs: the one place in the suite that names them.

use std::sync::Arc;
use std::time::Duration;

use client_core::dispatch::Arguments;
use client_core::{Credentials, Error, RetryPolicy, SecretString, SecurityKind, SessionToken};

use crate::api::{Api, Caller, Pending};
use crate::contract::Scheme;

/// How long the clients wait for a response. The suite's servers are on the same machine.
const TIMEOUT: Duration = Duration::from_secs(20);

/// All APIs, with the clients as they are generated and made-up credentials.
///
/// # Errors
///
/// A client's spec is not JSON.
pub fn all() -> Result<Vec<Api>, String> {
    let key = Credentials::new("not-a-client", "not-a-secret");
    let token = Credentials::bearer("not-a-secret");
    Ok(vec![
        Api::new(
            "platform",
            platform_client::OPENAPI,
            platform_client::operations::ALL,
            Arc::new(move |url| platform(url, key.clone(), token.clone())),
            |scheme| matches!(scheme, Scheme::Basic | Scheme::Bearer),
        )?,
        Api::new(
            "nexus",
            nexus_client::OPENAPI,
            nexus_client::operations::ALL,
            Arc::new(|url| nexus(url, "not-a-secret".into())),
            |scheme| matches!(scheme, Scheme::Header(_)),
        )?,
    ])
}

/// An API with the credentials in the environment: `MX_SESSION_TOKEN` for Nexus; `MX_CLIENT_ID` and `MX_API_KEY` for
/// Platform, and `MX_TOKEN` for its operations that take a bearer token.
///
/// # Errors
///
/// A variable is not set, or has a value that cannot be sent.
pub fn with_environment(api: Api) -> Result<Api, Error> {
    if api.name == "nexus" {
        return Ok(with_session(api, SessionToken::from_env()?.into()));
    }
    let token = std::env::var("MX_TOKEN").ok();
    let token = token.filter(|token| !token.is_empty());
    let token = token.map(Credentials::bearer);
    Ok(with_keys(api, Credentials::from_env()?, token))
}

/// The Nexus API with a session's token.
#[must_use]
pub fn with_session(mut api: Api, token: SecretString) -> Api {
    api.connect = Arc::new(move |url| nexus(url, token.clone()));
    api
}

/// The Platform API with an API key, and a bearer token for the operations that take one.
#[must_use]
pub fn with_keys(mut api: Api, key: Credentials, token: Option<Credentials>) -> Api {
    api.holds = match token {
        Some(_) => |scheme| matches!(scheme, Scheme::Basic | Scheme::Bearer),
        None => |scheme| matches!(scheme, Scheme::Basic),
    };
    let token = token.unwrap_or_else(|| key.clone());
    api.connect = Arc::new(move |url| platform(url, key.clone(), token.clone()));
    api
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
            .attempt_timeout(TIMEOUT)
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
        .attempt_timeout(TIMEOUT)
        .build()?;
    Ok(Box::new(client))
}
