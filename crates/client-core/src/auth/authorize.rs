//! Which secret goes on which call.

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::SecretString;
use tokio::time::Instant;

use super::{
    credentials::{Credentials, check_token, secret_header},
    sessions::Sessions,
};
use crate::{
    error::Error,
    operation::{Operation, SecurityKind},
};

/// Marks an [`Api`](crate::Api) whose callers authenticate with [`Credentials`].
#[derive(Debug)]
pub enum Basic {}

/// Marks an [`Api`](crate::Api) whose callers authenticate with a user's session.
#[derive(Debug)]
pub enum Session {}

/// What a client authenticates with.
#[derive(Clone, Debug, Default)]
pub(crate) enum Auth {
    #[default]
    None,
    Credentials(Credentials),
    GivenSession(SecretString),
    Sessions(Sessions),
}

/// What one attempt authenticates with.
pub(crate) struct Authorization {
    pub(crate) header: Option<(HeaderName, HeaderValue)>,
    /// The number of the session, where there is one that can be renewed.
    pub(crate) session: Option<u64>,
}

impl Auth {
    /// The session of a token.
    ///
    /// # Errors
    /// The token cannot be right.
    pub(crate) fn session(token: SecretString) -> Result<Self, Error> {
        check_token(&token)
            .map_err(|problem| Error::configuration(format!("the session token {problem}")))?;
        Ok(Self::GivenSession(token))
    }

    /// The header that satisfies one of the operation's security schemes.
    pub(crate) async fn authorize(
        &self,
        operation: &Operation,
        deadline: Instant,
    ) -> Result<Authorization, Error> {
        for scheme in operation.security {
            let (name, secret, session) = match (&scheme.kind, self) {
                (kind, Self::Credentials(credentials)) => {
                    let secret = match kind {
                        SecurityKind::Basic => credentials.basic.as_ref(),
                        SecurityKind::Bearer => credentials.bearer.as_ref(),
                        SecurityKind::Header(_) => None,
                    };
                    let Some(secret) = secret else { continue };
                    (AUTHORIZATION, secret_header(secret), None)
                }
                (SecurityKind::Header(name), Self::GivenSession(token)) => {
                    (header_name(name)?, secret_header(token), None)
                }
                (SecurityKind::Header(name), Self::Sessions(sessions)) => {
                    let session = sessions.get(deadline).await?;
                    (
                        header_name(name)?,
                        secret_header(&session.token),
                        Some(session.number),
                    )
                }
                _ => continue,
            };
            let value = secret.ok_or_else(|| {
                Error::configuration("the credentials cannot be sent in a header")
            })?;
            return Ok(Authorization {
                header: Some((name, value)),
                session,
            });
        }
        if operation.security.is_empty() {
            return Ok(Authorization {
                header: None,
                session: None,
            });
        }
        let needed = operation.security.iter().map(|scheme| {
            let what = match scheme.kind {
                SecurityKind::Basic => "`Credentials::new`",
                SecurityKind::Bearer => "`Credentials::with_bearer`",
                SecurityKind::Header(_) => "a session token",
            };
            format!("`{}` ({what})", scheme.name)
        });
        let needed = needed.collect::<Vec<_>>().join(" or ");
        Err(Error::configuration(format!(
            "the operation needs credentials for {needed}, and the client has none"
        )))
    }

    /// Updates the session after an attempt that was sent at `sent`.
    pub(crate) fn learn(&self, session: Option<u64>, failure: Option<&Error>, sent: Instant) {
        let (Self::Sessions(sessions), Some(session)) = (self, session) else {
            return;
        };
        match failure {
            None => sessions.extend(session, sent),
            Some(error) if error.is_session_expired() || error.refuses_session() => {
                sessions.expire(session);
            }
            Some(_) => {}
        }
    }
}

fn header_name(name: &str) -> Result<HeaderName, Error> {
    HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| Error::configuration("the security scheme's header has no valid name"))
}
