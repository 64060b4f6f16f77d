//! The way of every call: authorize, send, judge the answer, try again.

use std::{fmt, sync::Arc, time::Duration};

use backon::ExponentialBackoff;
use reqwest::header::HeaderValue;
use tokio::time::{Instant, sleep};
use tracing::Instrument as _;

use crate::{
    attempt::{Answer, Read},
    auth::Auth,
    base_url::BaseUrl,
    builder::{Api, ClientBuilder},
    call::Call,
    draft::Draft,
    error::Error,
    operation::Operation,
    retry::{Attempt, AttemptHook, RetryPolicy},
    trace,
};

/// What the clients send their calls through: cheap to clone, and shared by all clones.
///
/// Made by [`ClientBuilder::build`](crate::ClientBuilder::build). `Debug` shows nothing of the credentials.
#[derive(Clone)]
pub struct Transport(pub(crate) Arc<Settings>);

/// What a client was built with.
pub(crate) struct Settings {
    pub(crate) http: reqwest::Client,
    /// Whether the caller brought `http`, so that its redirect policy is not ours.
    pub(crate) brought: bool,
    pub(crate) base: BaseUrl,
    pub(crate) user_agent: HeaderValue,
    pub(crate) auth: Auth,
    pub(crate) retry: RetryPolicy,
    pub(crate) attempt_timeout: Duration,
    pub(crate) total_timeout: Duration,
    pub(crate) max_response_bytes: usize,
    pub(crate) on_attempt: Option<Arc<AttemptHook>>,
}

/// For calls outside the generated clients, which need no credentials or bring their own.
impl Api for Transport {
    const NAME: &'static str = env!("CARGO_PKG_NAME");
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    type Environment = &'static str;
    type Authentication = ();

    fn from_transport(transport: Transport) -> Self {
        transport
    }
}

impl Transport {
    /// Builds a transport without credentials.
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new()
    }

    /// Starts a call of an operation.
    pub fn call(&self, operation: &'static Operation) -> Call<'_> {
        Call::new(self, operation)
    }

    /// Sends a request until it succeeds, fails for good, or runs out of attempts or time.
    pub(crate) async fn execute(&self, mut draft: Draft, read: Read) -> Result<Answer, Error> {
        let operation = draft.operation;
        let span = trace::call_span(operation, &self.0.base);
        let work = async {
            let outcome = self.attempts(&mut draft, read).await;
            trace::record_outcome(&outcome);
            outcome.map_err(|error| error.with_operation(operation.id))
        };
        work.instrument(span).await
    }

    async fn attempts(&self, draft: &mut Draft, read: Read) -> Result<Answer, Error> {
        let settings = &*self.0;
        let deadline = after(settings.total_timeout);
        let mut waits = None;
        let mut may_renew = true;
        for number in 1.. {
            let mut request = draft.request(settings)?;
            let authorization = settings.auth.authorize(draft.operation, deadline).await?;
            if let Some((name, value)) = authorization.header {
                request.headers_mut().insert(name, value);
            }
            let sent = Instant::now();
            let outcome = self.attempt(draft.operation, request, read, deadline).await;
            settings.auth.learn(authorization.session, &outcome, sent);
            let next = match &outcome {
                Err(error) if draft.can_repeat() => {
                    let can_renew = authorization.session.is_some() && error.is_session_expired();
                    if can_renew && std::mem::take(&mut may_renew) {
                        Some(Duration::ZERO)
                    } else if error.is_retryable() {
                        let waits = waits.get_or_insert_with(|| settings.retry.backoff());
                        next_wait(waits, error, deadline)
                    } else {
                        None
                    }
                }
                _ => None,
            };
            self.report(draft.operation, number, &outcome, sent, next);
            match next {
                Some(wait) => sleep(wait).await,
                None => return outcome,
            }
        }
        unreachable!("the last attempt returns")
    }

    fn report(
        &self,
        operation: &'static Operation,
        number: u32,
        outcome: &Result<Answer, Error>,
        sent: Instant,
        next: Option<Duration>,
    ) {
        let attempt = Attempt {
            operation: operation.id,
            number,
            outcome: outcome
                .as_ref()
                .map(|answer| answer.status)
                .map_err(Error::kind),
            status: outcome.as_ref().err().and_then(Error::status),
            elapsed: sent.elapsed(),
            next,
        };
        trace::attempt_event(&attempt);
        if let Some(hook) = &self.0.on_attempt {
            hook(&attempt);
        }
    }
}

/// The wait before the next attempt, if there is one and it ends in time.
fn next_wait(waits: &mut ExponentialBackoff, error: &Error, deadline: Instant) -> Option<Duration> {
    let wait = waits.next()?.max(error.retry_after().unwrap_or_default());
    let end = Instant::now().checked_add(wait)?;
    (end < deadline).then_some(wait)
}

/// A point in time from now on; one too far away for the clock counts as a century.
pub(crate) fn after(wait: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);
    let now = Instant::now();
    now.checked_add(wait).unwrap_or_else(|| now + CENTURY)
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &*self.0;
        f.debug_struct("Transport")
            .field("base_url", &settings.base.prefix)
            .field("retry", &settings.retry)
            .field("attempt_timeout", &settings.attempt_timeout)
            .field("total_timeout", &settings.total_timeout)
            .finish_non_exhaustive()
    }
}
