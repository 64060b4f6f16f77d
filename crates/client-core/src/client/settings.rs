//! What a client was built with.

use std::{sync::Arc, time::Duration};

use reqwest::header::{HeaderMap, HeaderValue};

use super::connections::Connections;
use super::retry::{AttemptHook, Budget, RetryPolicy};
use crate::request::base_url::BaseUrl;

/// A hook that is called before every attempt, with the headers of its request but those of the credentials.
pub(crate) type RequestHook = dyn Fn(&mut HeaderMap) + Send + Sync;

/// What a client was built with.
pub(crate) struct Settings {
    pub(crate) connections: Connections,
    pub(crate) base: BaseUrl,
    pub(crate) user_agent: HeaderValue,
    pub(crate) retry: RetryPolicy,
    pub(crate) budget: Budget,
    pub(crate) attempt_timeout: Duration,
    pub(crate) total_timeout: Duration,
    /// How long a streamed response may take as a whole; `None`: as long as its pieces come in time.
    pub(crate) stream_timeout: Option<Duration>,
    pub(crate) max_response_bytes: usize,
    pub(crate) max_decoding_bytes: usize,
    pub(crate) on_attempt: Option<Arc<AttemptHook>>,
    pub(crate) on_request: Option<Box<RequestHook>>,
}
