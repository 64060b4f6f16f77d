//! The built-in way to a Nexus session: an API token from the SSO API, exchanged at `POST /sessions`.
//!
//! Taken from MX's public documentation; the body of `POST /sessions` and both response shapes are not specified
//! there beyond what is used here. If your environment differs, implement [`SessionProvider`] instead.

use std::{fmt, future::Future};

use reqwest::Method;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    auth::{
        credentials::check_token,
        session::{BoxError, SessionProvider, SessionToken},
    },
    client::transport::Transport,
    error::Error,
    operation::{Body, DocumentedResponse, Operation, Parameter},
    request::argument::Argument,
    sensitive::Sensitive,
};

const NEXUS_JSON: &str = "application/vnd.mx.nexus.v1+json";
const SSO_JSON: &str = "application/vnd.moneydesktop.sso.v3+json";

/// The media type of neither response is documented.
const ANY: &[DocumentedResponse] = &[DocumentedResponse::new("2XX", &["*/*"])];

static OPEN_SESSION: Operation = Operation {
    id: "openSession",
    name: "open_session",
    method: Method::POST,
    path: "/sessions",
    tags: &[],
    parameters: &[Parameter::header("MD-API-TOKEN", "api_token").required()],
    headers: &[],
    accept: Some(NEXUS_JSON),
    body: Some(Body {
        media_type: NEXUS_JSON,
        required: true,
    }),
    responses: ANY,
    security: &[],
    idempotent: false,
};

static READ_API_TOKEN: Operation = Operation {
    id: "readApiToken",
    name: "read_api_token",
    method: Method::GET,
    path: "/{client_id}/users/{user_id}/api_token.json",
    tags: &[],
    parameters: &[
        Parameter::path("client_id", "client_id"),
        Parameter::path("user_id", "user_id"),
        Parameter::header("MD-API-KEY", "api_key").required(),
    ],
    headers: &[],
    accept: Some(SSO_JSON),
    body: None,
    responses: ANY,
    security: &[],
    idempotent: true,
};

/// Where API tokens come from. Each is good for one session, within ten minutes. [`SsoApi`] is one, and so is a
/// closure that returns a future.
pub trait ApiTokens: Send + Sync + 'static {
    /// Obtains a new API token.
    fn api_token(&self) -> impl Future<Output = Result<SecretString, BoxError>> + Send;
}

impl<F, R> ApiTokens for F
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Result<SecretString, BoxError>> + Send,
{
    fn api_token(&self) -> impl Future<Output = Result<SecretString, BoxError>> + Send {
        self()
    }
}

/// A [`SessionProvider`] that exchanges API tokens for sessions at the Nexus API's `POST /sessions`.
///
/// It asks MX to skip the aggregation that opening a session can start.
///
/// This way to a session, and [`SsoApi`], are taken from MX's public documentation, which does not confirm the body of
/// `POST /sessions` nor the responses' media types, and were not tried against MX's servers. Where yours differ,
/// implement [`SessionProvider`].
///
/// ```
/// use client_core::{SessionExchange, SsoApi, Transport};
///
/// let sso = Transport::builder().environment(SsoApi::INTEGRATION).build()?;
/// let nexus = Transport::builder().base_url("https://int-data.moneydesktop.com/").build()?;
/// let provider = SessionExchange::new(nexus, SsoApi::new(sso, "my-client", "my-user", "the API key"));
/// # Ok::<(), client_core::Error>(())
/// ```
#[derive(Clone)]
pub struct SessionExchange<T> {
    nexus: Transport,
    tokens: T,
}

impl<T: ApiTokens> SessionExchange<T> {
    /// Sessions of the Nexus API behind this transport, for API tokens from there.
    pub fn new(nexus: Transport, tokens: T) -> Self {
        Self { nexus, tokens }
    }
}

impl<T: ApiTokens> SessionProvider for SessionExchange<T> {
    async fn obtain(&self) -> Result<SessionToken, BoxError> {
        let token = self.tokens.api_token().await?;
        check("the API token", &token)?;
        let call = self.nexus.call(&OPEN_SESSION);
        let call = call.header("MD-API-TOKEN", secret(&token));
        let answer = call
            .json(OpenSession::SKIPPING.into())
            .buffered()
            .await?
            .decode::<Opened>()?;
        Ok(SessionToken::new(answer.session.token.as_ref()))
    }
}

impl<T> fmt::Debug for SessionExchange<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionExchange")
            .field("nexus", &self.nexus)
            .finish_non_exhaustive()
    }
}

/// The API tokens of one user, from the SSO API.
#[derive(Clone)]
pub struct SsoApi {
    sso: Transport,
    client_id: String,
    user_id: String,
    api_key: SecretString,
}

impl SsoApi {
    /// The SSO API for testing.
    pub const INTEGRATION: &'static str = "https://int-sso.moneydesktop.com";
    /// The SSO API in production.
    pub const PRODUCTION: &'static str = "https://sso.moneydesktop.com";

    /// The tokens of this user, from the SSO API behind this transport.
    pub fn new(
        sso: Transport,
        client_id: impl Into<String>,
        user_id: impl Into<String>,
        api_key: impl Into<SecretString>,
    ) -> Self {
        Self {
            sso,
            client_id: client_id.into(),
            user_id: user_id.into(),
            api_key: api_key.into(),
        }
    }
}

impl ApiTokens for SsoApi {
    async fn api_token(&self) -> Result<SecretString, BoxError> {
        check("the API key given to `SsoApi::new`", &self.api_key)?;
        let call = self.sso.call(&READ_API_TOKEN);
        let call = call.path("client_id", self.client_id.as_str().into());
        let call = call.path("user_id", self.user_id.as_str().into());
        let answer = call
            .header("MD-API-KEY", secret(&self.api_key))
            .buffered()
            .await?
            .decode::<Issued>()?;
        Ok(SecretString::from(answer.api_token.token.as_ref()))
    }
}

impl fmt::Debug for SsoApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SsoApi")
            .field("sso", &self.sso)
            .finish_non_exhaustive()
    }
}

/// Refuses a secret that cannot be right, before it is sent.
fn check(name: &str, secret: &SecretString) -> Result<(), Error> {
    check_token(secret).map_err(|problem| Error::configuration(format!("{name} {problem}")))
}

fn secret(secret: &SecretString) -> Argument<&str> {
    secret.expose_secret().into()
}

#[derive(Serialize)]
struct OpenSession {
    session: Options,
}

#[derive(Serialize)]
struct Options {
    skip_aggregation: bool,
}

impl OpenSession {
    const SKIPPING: Self = Self {
        session: Options {
            skip_aggregation: true,
        },
    };
}

#[derive(Deserialize)]
struct Opened {
    session: Token,
}

#[derive(Deserialize)]
struct Issued {
    api_token: Token,
}

#[derive(Deserialize)]
struct Token {
    token: Sensitive,
}
