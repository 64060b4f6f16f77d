//! What clients send their calls through.

use std::{fmt, sync::Arc};

use super::settings::Settings;

/// What the clients send their calls through: cheap to clone, and shared by all clones.
///
/// Made by [`ClientBuilder::build`](crate::ClientBuilder::build). `Debug` shows nothing of the credentials.
#[derive(Clone)]
pub struct Transport(pub(crate) Arc<Settings>);

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &*self.0;
        f.debug_struct("Transport")
            .field("base_url", &settings.base.to_string())
            .field("retry", &settings.retry)
            .field("attempt_timeout", &settings.attempt_timeout)
            .field("total_timeout", &settings.total_timeout)
            .finish_non_exhaustive()
    }
}
