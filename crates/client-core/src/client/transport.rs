//! The way of every call: authorize, send, judge the answer, try again.

use std::{fmt, sync::Arc, time::Duration};

use backon::ExponentialBackoff;
use reqwest::header::HeaderValue;
use tokio::time::{Instant, sleep};
use tracing::{Instrument as _, Span};

use crate::{
    auth::authorize::Auth,
    client::attempt::{Answer, Read},
    client::builder::{Api, ClientBuilder},
    client::call::Call,
    client::retry::{Attempt, AttemptHook, RetryPolicy},
    client::trace,
    error::Error,
    operation::Operation,
    request::base_url::BaseUrl,
    request::prepared::Draft,
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
    /// A call with a fault in its arguments fails with it, and nothing is sent.
    pub(crate) async fn execute(
        &self,
        draft: &mut Draft,
        fault: Option<Error>,
        read: Read,
    ) -> Result<Answer, Error> {
        let operation = draft.operation;
        let span = trace::call_span(operation, &self.0.base);
        let mut outcome = match fault {
            Some(fault) => Err(fault),
            None if span.is_disabled() => self.attempts(draft, read, &span).await,
            None => {
                let attempts = self.attempts(draft, read, &span);
                Box::pin(attempts.instrument(span.clone())).await
            }
        };
        trace::record_outcome(&span, &outcome);
        if let Ok(answer) = &mut outcome {
            answer.span = span;
        }
        outcome.map_err(|error| error.with_operation(operation.id))
    }

    async fn attempts(&self, draft: &mut Draft, read: Read, span: &Span) -> Result<Answer, Error> {
        let settings = &*self.0;
        let deadline = after(settings.total_timeout);
        let mut repeats = Repeats::default();
        for number in 1.. {
            // Blocks end what the future would otherwise carry along while it waits.
            let (session, attempt) = {
                let mut request = draft.request(settings)?;
                let authorization = settings.auth.authorize(draft.operation, deadline).await?;
                if let Some((name, value)) = authorization.header {
                    request.headers_mut().insert(name, value);
                }
                let attempt = self.attempt(draft.operation, request, read, deadline);
                (authorization.session, attempt)
            };
            let wait = {
                let sent = Instant::now();
                let outcome = attempt.await;
                settings.auth.learn(session, &outcome, sent);
                let failure = outcome.as_ref().err().filter(|_| draft.can_repeat());
                let next = failure.and_then(|failure| {
                    repeats.next(settings, failure, session.is_some(), deadline)
                });
                let attempt = Attempt {
                    operation: draft.operation.id,
                    number,
                    outcome: outcome
                        .as_ref()
                        .map(|answer| answer.status)
                        .map_err(Error::kind),
                    status: outcome.as_ref().err().and_then(Error::status),
                    elapsed: sent.elapsed(),
                    next,
                };
                trace::attempt_event(span, &attempt);
                if let Some(hook) = &settings.on_attempt {
                    hook(&attempt);
                }
                match next {
                    Some(wait) => wait,
                    None => return outcome,
                }
            };
            sleep(wait).await;
        }
        unreachable!("the last attempt returns")
    }
}

/// What a call has left of its second chances.
#[derive(Default)]
struct Repeats {
    has_renewed: bool,
    /// On the heap, since most calls need none.
    waits: Option<Box<ExponentialBackoff>>,
}

impl Repeats {
    /// The wait before the next attempt; `None` if there is none, or it would begin too late.
    fn next(
        &mut self,
        settings: &Settings,
        failure: &Error,
        in_session: bool,
        deadline: Instant,
    ) -> Option<Duration> {
        let can_renew = in_session && failure.is_session_expired();
        if can_renew && !std::mem::replace(&mut self.has_renewed, true) {
            return Some(Duration::ZERO);
        }
        if !failure.is_retryable() {
            return None;
        }
        let backoff = || Box::new(settings.retry.backoff());
        let wait = self.waits.get_or_insert_with(backoff).next()?;
        let wait = wait.max(failure.retry_after().unwrap_or_default());
        let end = Instant::now().checked_add(wait)?;
        (end < deadline).then_some(wait)
    }
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
