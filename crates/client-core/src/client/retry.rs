//! When a call is sent again, and after how long.

use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use reqwest::{
    StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};

use crate::error::ErrorKind;

/// How often a call is sent, and how long it waits in between.
///
/// A call is sent again after a connection failure, an attempt that took too long, and the statuses 429, 502, 503
/// and 504, if its operation is idempotent; other operations only if no connection was made. The wait grows
/// exponentially, with jitter; a longer `Retry-After` of the server is obeyed. A call whose next wait would
/// outlast its total timeout fails at once, with the last error.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    attempts: u32,
    first_wait: Duration,
    longest_wait: Duration,
}

impl Default for RetryPolicy {
    /// Three attempts, the waits starting at a quarter of a second and growing to five seconds.
    fn default() -> Self {
        Self {
            attempts: 3,
            first_wait: Duration::from_millis(250),
            longest_wait: Duration::from_secs(5),
        }
    }
}

impl RetryPolicy {
    /// Sends every call once. A call that meets an expired session is still sent again, once.
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// Sets how often a call is sent at most, the first time included. Zero counts as one. The repeat after an
    /// expired session is not counted.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Sets the wait before the second attempt and the longest one; jitter makes each up to twice as long.
    #[must_use]
    pub fn waits(mut self, first: Duration, longest: Duration) -> Self {
        self.first_wait = first;
        self.longest_wait = longest;
        self
    }

    /// The waits before the second, third … attempt.
    pub(crate) fn backoff(&self) -> ExponentialBackoff {
        ExponentialBuilder::new()
            .with_min_delay(self.first_wait)
            .with_max_delay(self.longest_wait)
            .with_max_times(self.attempts as usize - 1)
            .with_jitter()
            .build()
    }
}

/// The outcome of one attempt of a call: given to the hook set by
/// [`on_attempt`](crate::ClientBuilder::on_attempt).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// The `operationId`.
    pub operation: &'static str,
    /// Which attempt it was, from one.
    pub number: u32,
    /// The status of a success, or the kind of the failure.
    pub outcome: Result<StatusCode, ErrorKind>,
    /// The status of a failure, if the server sent one.
    pub status: Option<StatusCode>,
    /// How long the attempt took.
    pub elapsed: Duration,
    /// After how long the call is sent again; `None`: this was its last attempt.
    pub next: Option<Duration>,
}

/// A hook that is called after every attempt.
pub(crate) type AttemptHook = dyn Fn(&Attempt) + Send + Sync;

/// Statuses that may pass.
pub(crate) fn is_passing(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// The wait that `Retry-After` asks for, in seconds or until a date; a date in the past asks for none.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}
