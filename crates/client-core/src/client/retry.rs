//! When a call is sent again, and after how long.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime},
};

use reqwest::{
    StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};

use crate::{error::ErrorKind, response::failure::is_passing_status};

/// How often a call is sent, and how long it waits in between.
///
/// An idempotent operation is sent again after a connection failure, an attempt that took too long, and one of the
/// [`statuses`](Self::statuses). Any other operation is sent again only if it was not carried out: if no connection was
/// made, or after status 429. A certificate that cannot be trusted is never retried.
///
/// The upper limit of the wait doubles with each attempt, and the wait is chosen at random below it ("full jitter").
/// If the server sends a longer `Retry-After`, the call waits for that time plus up to a quarter of it, so that many
/// waiting calls do not return at the same moment. If the next wait would outlast the call's total timeout, the call
/// fails at once, with the last error.
///
/// Each client also has a retry budget, shared by its clones, which keeps retries from adding load to a server that is
/// down: it holds 500 tokens, a retry takes 5 (10 after a timeout), the success of a retry returns what it took, and
/// any other success returns 1. While too few tokens are left, calls fail with their first error.
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    attempts: u32,
    first_wait: Duration,
    longest_wait: Duration,
    statuses: Arc<[StatusCode]>,
    has_budget: bool,
}

/// The statuses that are retried by default.
static STATUSES: LazyLock<Arc<[StatusCode]>> = LazyLock::new(|| {
    let statuses = (400..600).flat_map(StatusCode::from_u16);
    statuses
        .filter(|status| is_passing_status(*status))
        .collect()
});

impl Default for RetryPolicy {
    /// Three attempts, with waits of at most a quarter of a second, then half a second; a budget; and the default
    /// [`statuses`](Self::statuses).
    fn default() -> Self {
        Self {
            attempts: 3,
            first_wait: Duration::from_millis(250),
            longest_wait: Duration::from_secs(5),
            statuses: STATUSES.clone(),
            has_budget: true,
        }
    }
}

impl RetryPolicy {
    /// Sends every call once. A call that meets an expired session is still sent again, once.
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// Sets how often a call is sent at most, including the first time. Zero counts as one. The repeat after an
    /// expired session is not counted.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Sets the upper limit of the wait before the second attempt, and that of any wait.
    #[must_use]
    pub fn waits(mut self, first: Duration, longest: Duration) -> Self {
        self.first_wait = first;
        self.longest_wait = longest;
        self
    }

    /// Sets after which statuses a call is sent again, in place of 408, 429, 500, 502, 503, 504 and 520 to 524. After
    /// 429 an operation is sent again even if it is not idempotent, since the server did not carry it out.
    #[must_use]
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = StatusCode>) -> Self {
        self.statuses = statuses.into_iter().collect();
        self
    }

    /// Gives the client no retry budget: every call may use all its attempts, also while the server is down.
    #[must_use]
    pub fn without_budget(mut self) -> Self {
        self.has_budget = false;
        self
    }

    /// Whether a call that was answered with this status may be sent again.
    pub(crate) fn is_retryable(&self, status: StatusCode, idempotent: bool) -> bool {
        let is_listed = self.statuses.contains(&status);
        is_listed && (idempotent || status == StatusCode::TOO_MANY_REQUESTS)
    }

    /// The wait after an attempt that failed, from one; `None` after the last.
    pub(crate) fn wait_after(
        &self,
        attempt: u32,
        retry_after: Option<Duration>,
    ) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        let doubled = 2_u32.saturating_pow(attempt - 1);
        let limit = self.first_wait.saturating_mul(doubled);
        let wait = up_to(limit.min(self.longest_wait));
        Some(match retry_after {
            Some(asked) if asked > wait => asked.saturating_add(up_to(wait.max(asked / 4))),
            _ => wait,
        })
    }
}

/// A random duration up to a limit.
fn up_to(limit: Duration) -> Duration {
    let nanos = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
    Duration::from_nanos(fastrand::u64(0..=nanos))
}

const BUDGET: u32 = 500;
const RETRY_COST: u32 = 5;
const RETRY_COST_AFTER_TIMEOUT: u32 = 10;

/// The retries that a client may still send: see [`RetryPolicy`].
#[derive(Debug)]
pub(crate) struct Budget {
    tokens: AtomicU32,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            tokens: AtomicU32::new(BUDGET),
        }
    }
}

impl Budget {
    /// Takes the tokens of a retry after this failure; `None` if too few are left.
    pub(crate) fn take(&self, failure: ErrorKind, policy: &RetryPolicy) -> Option<u32> {
        let cost = match failure {
            ErrorKind::Timeout => RETRY_COST_AFTER_TIMEOUT,
            _ => RETRY_COST,
        };
        if !policy.has_budget {
            return Some(0);
        }
        let rest = |tokens: u32| tokens.checked_sub(cost);
        let taken = self
            .tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, rest);
        taken.is_ok().then_some(cost)
    }

    /// Returns tokens after a success: those that its last retry took, or one.
    pub(crate) fn give_back(&self, taken: Option<u32>) {
        // Most calls succeed, and find the budget full.
        if self.tokens.load(Ordering::Relaxed) < BUDGET {
            let more = |tokens: u32| Some((tokens + taken.unwrap_or(1)).min(BUDGET));
            _ = self
                .tokens
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        }
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

/// The longest `Retry-After` that is reported; a longer one is cut to it.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// The wait that `Retry-After` asks for, in seconds or until a date; a date in the past asks for none. At most a day.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = Duration::from_secs(value.parse().unwrap_or(u64::MAX));
        return Some(seconds.min(LONGEST_RETRY_AFTER));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let wait = date.duration_since(SystemTime::now()).unwrap_or_default();
    Some(wait.min(LONGEST_RETRY_AFTER))
}
