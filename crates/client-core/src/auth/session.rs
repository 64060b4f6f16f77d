//! The session of one Nexus user, and where it comes from.

use std::{error::Error as StdError, future::Future, pin::Pin, time::Duration};

use secrecy::SecretString;

use super::credentials::{check_token, variable};
use crate::error::Error;

/// The environment variable of a session token.
const SESSION_TOKEN: &str = "MX_SESSION_TOKEN";

/// How long MX keeps a session that is not used.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// Any error a [`SessionProvider`] may fail with.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// A session token and how long it stays valid when it is not used.
#[derive(Clone, Debug)]
pub struct SessionToken {
    pub(super) token: SecretString,
    pub(super) lifetime: Duration,
}

impl SessionToken {
    /// A token that lives as MX's do: 30 minutes from the last call.
    pub fn new(token: impl Into<SecretString>) -> Self {
        Self {
            token: token.into(),
            lifetime: LIFETIME,
        }
    }

    /// Sets how long the token stays valid after the last call.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// The token in `MX_SESSION_TOKEN`.
    ///
    /// # Errors
    /// As of [`from_variables`](Self::from_variables).
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(&[SESSION_TOKEN])
    }

    /// The token in an environment variable of this name.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), naming the variable, if it is not set, is empty, or cannot be sent; or other than
    /// one name.
    pub fn from_variables(names: &[&str]) -> Result<Self, Error> {
        match names {
            [token] => variable(token, check_token).map(Self::new),
            [] => Err(Error::configuration(
                "no environment variable is named for the session token",
            )),
            _ => Err(Error::configuration(
                "a session token is read from one environment variable",
            )),
        }
    }
}

impl From<SessionToken> for SecretString {
    fn from(token: SessionToken) -> Self {
        token.token
    }
}

/// Where sessions come from, for one user. A closure that returns a future is one.
///
/// It is called when there is no session yet, some time before the last one ends, when the last one has ended, and when
/// the server refuses it; never twice at the same time. While the last session is valid, a failure to renew it fails no
/// call. Otherwise the error is returned to every call that waits, as the source of an error of kind
/// [`ErrorKind::Session`](crate::ErrorKind::Session), so it must not print secrets.
///
/// A failure is remembered for a moment, 0.1 seconds at first and up to 5 seconds in a lasting outage: calls within it
/// fail, or wait if they may be retried, and the provider is not asked. A failure that passes is retried as
/// [`RetryPolicy`](crate::RetryPolicy) says. Such is an [`Error`] that is about the connection, the time, or a status
/// such as 503; a [`reqwest::Error`] of that kind; an [`std::io::Error`] of a connection; and a timeout of Tokio's; also
/// as the source of another error.
///
/// It must not make calls that need a session through the client it serves: without a valid session such a call fails
/// with an error of kind [`ErrorKind::Session`](crate::ErrorKind::Session). If it is made in another task, it waits for
/// its own session until its total timeout ends it.
pub trait SessionProvider: Send + Sync + 'static {
    /// Obtains a new session.
    fn obtain(&self) -> impl Future<Output = Result<SessionToken, BoxError>> + Send;
}

impl<F, R> SessionProvider for F
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Result<SessionToken, BoxError>> + Send,
{
    fn obtain(&self) -> impl Future<Output = Result<SessionToken, BoxError>> + Send {
        self()
    }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// [`SessionProvider`] as an object.
pub(super) trait AnyProvider: Send + Sync {
    fn obtain_boxed(&self) -> Boxed<'_, Result<SessionToken, BoxError>>;
}

impl<P: SessionProvider> AnyProvider for P {
    fn obtain_boxed(&self) -> Boxed<'_, Result<SessionToken, BoxError>> {
        Box::pin(self.obtain())
    }
}
