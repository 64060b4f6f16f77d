//! What clients send their calls through.

use std::{fmt, sync::Arc};

use secrecy::SecretString;

use super::settings::Settings;
use crate::{
    auth::{authorize::Auth, session::SessionProvider, sessions::Sessions},
    error::Error,
};

/// What the clients send their calls through: cheap to clone, and shared by all clones.
///
/// Made by [`ClientBuilder::build`](crate::ClientBuilder::build). `Debug` shows nothing of the credentials.
#[derive(Clone)]
pub struct Transport {
    /// Shared by the clients of all users.
    pub(crate) settings: Arc<Settings>,
    pub(crate) auth: Arc<Auth>,
}

impl Transport {
    pub(crate) fn new(settings: Settings, auth: Auth) -> Self {
        Self {
            settings: Arc::new(settings),
            auth: Arc::new(auth),
        }
    }

    /// The transport of another user, with a session token: the connections, certificates, settings and the retry
    /// budget are shared, so that it costs the memory of the token.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the token cannot be right: it is empty, or
    /// contains what a header cannot hold.
    pub fn for_session(&self, token: impl Into<SecretString>) -> Result<Self, Error> {
        Ok(self.with_auth(Auth::session(token.into())?))
    }

    /// The transport of another user, whose sessions come from this provider; the rest is shared as by
    /// [`for_session`](Self::for_session).
    #[must_use]
    pub fn for_session_provider(&self, provider: impl SessionProvider) -> Self {
        let sessions = Sessions::new(provider, self.settings.total_timeout);
        self.with_auth(Auth::Sessions(sessions))
    }

    fn with_auth(&self, auth: Auth) -> Self {
        Self {
            settings: self.settings.clone(),
            auth: Arc::new(auth),
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &*self.settings;
        f.debug_struct("Transport")
            .field("base_url", &settings.base.to_string())
            .field("retry", &settings.retry)
            .field("attempt_timeout", &settings.attempt_timeout)
            .field("total_timeout", &settings.total_timeout)
            .finish_non_exhaustive()
    }
}
