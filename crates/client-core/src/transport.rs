//! The way of every call: authorize, send, judge the answer, try again.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{Request, header::HeaderValue};
use tokio::time::{Instant, sleep};
use tracing::Instrument as _;

use crate::{
    attempt::{Answer, Read},
    auth::Auth,
    base_url::BaseUrl,
    builder::{Api, ClientBuilder},
    call::Call,
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
    pub(crate) async fn execute(
        &self,
        operation: &'static Operation,
        request: Request,
        read: Read,
    ) -> Result<Answer, Error> {
        let span = trace::call_span(operation, &self.0.base);
        let work = async {
            let outcome = self.attempts(operation, request, read).await;
            trace::record_outcome(&outcome);
            outcome.map_err(|error| error.with_operation(operation.id))
        };
        work.instrument(span).await
    }

    async fn attempts(
        &self,
        operation: &'static Operation,
        request: Request,
        read: Read,
    ) -> Result<Answer, Error> {
        let settings = &*self.0;
        let deadline = after(settings.total_timeout);
        let mut waits = settings.retry.backoff();
        let mut may_renew = true;
        let mut number = 0;
        let mut request = Some(request);
        while let Some(mut current) = request.take() {
            // A body that streams cannot be sent twice; then there is no spare.
            request = current.try_clone();
            let authorization = settings.auth.authorize(operation, deadline).await?;
            if let Some((name, value)) = authorization.header {
                current.headers_mut().insert(name, value);
            }
            number += 1;
            let sent = Instant::now();
            let outcome = self.attempt(operation, current, read, deadline).await;
            if let (Auth::Sessions(sessions), Some(session)) =
                (&settings.auth, authorization.session)
            {
                match &outcome {
                    Ok(_) => sessions.extend(session, sent),
                    Err(error) if error.is_session_expired() => sessions.expire(session),
                    Err(_) => {}
                }
            }
            let renew = |error: &Error| {
                may_renew && authorization.session.is_some() && error.is_session_expired()
            };
            let next = match &outcome {
                _ if request.is_none() => None,
                Err(error) if renew(error) => {
                    may_renew = false;
                    Some(Duration::ZERO)
                }
                Err(error) if error.is_retryable() => waits
                    .next()
                    .map(|wait| wait.max(error.retry_after().unwrap_or_default()))
                    .filter(|wait| {
                        Instant::now()
                            .checked_add(*wait)
                            .is_some_and(|end| end < deadline)
                    }),
                _ => None,
            };
            self.report(operation, number, &outcome, sent, next);
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
