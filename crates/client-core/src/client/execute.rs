//! The way of every call: authorize, send, check the response, try again.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tracing::{Instrument as _, Span};

use super::{
    attempt::{self, ReadMode},
    retry::Attempt,
    settings::Settings,
    trace,
};
use crate::{
    deadline::after, error::Error, request::prepared::PreparedRequest, response::raw::RawResponse,
};

/// Sends a request until it succeeds, fails for good, or runs out of attempts or time.
/// With an invalid argument the call fails, and nothing is sent.
pub(crate) async fn execute(
    settings: &Settings,
    request: &mut PreparedRequest,
    invalid: Option<Error>,
    read: ReadMode,
) -> Result<RawResponse, Error> {
    let operation = request.operation;
    let span = trace::call_span(operation, &settings.base);
    let mut outcome = match invalid {
        Some(error) => Err(error),
        None if span.is_disabled() => attempts(settings, request, read, &span).await,
        None => {
            let attempts = attempts(settings, request, read, &span);
            Box::pin(attempts.instrument(span.clone())).await
        }
    };
    trace::record_outcome(&span, outcome.as_ref().map(RawResponse::status));
    if let Ok(response) = &mut outcome {
        response.span = span;
    }
    outcome.map_err(|error| error.with_operation(operation.id))
}

async fn attempts(
    settings: &Settings,
    prepared: &mut PreparedRequest,
    read: ReadMode,
    span: &Span,
) -> Result<RawResponse, Error> {
    let deadline = after(settings.total_timeout);
    let mut retries = Retries::default();
    for number in 1.. {
        // Blocks end what the future would otherwise carry along while it waits.
        let (session, attempt) = {
            let mut request = prepared.build(&settings.base, &settings.user_agent)?;
            let authorization = settings
                .auth
                .authorize(prepared.operation, deadline)
                .await?;
            if let Some((name, value)) = authorization.header {
                request.headers_mut().insert(name, value);
            }
            let attempt = attempt::send(settings, prepared.operation, request, read, deadline);
            (authorization.session, attempt)
        };
        let wait = {
            let sent = Instant::now();
            let outcome = attempt.await;
            settings.auth.learn(session, outcome.as_ref().err(), sent);
            let failure = outcome.as_ref().err().filter(|_| prepared.can_repeat());
            let next = failure
                .and_then(|failure| retries.next(settings, failure, session.is_some(), deadline));
            let attempt = Attempt {
                operation: prepared.operation.id,
                number,
                outcome: outcome
                    .as_ref()
                    .map(RawResponse::status)
                    .map_err(Error::kind),
                status: outcome.as_ref().err().and_then(Error::status),
                elapsed: sent.elapsed(),
                next,
            };
            trace::attempt_event(span, &attempt);
            if let Some(hook) = &settings.on_attempt {
                hook(&attempt);
            }
            if outcome.is_ok() {
                settings.budget.give_back(retries.taken);
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

/// The retries of one call.
#[derive(Default)]
struct Retries {
    has_renewed: bool,
    /// How many attempts have failed, without the one that met an expired session.
    failed: u32,
    /// The tokens that the last retry took from the budget.
    taken: Option<u32>,
}

impl Retries {
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
        self.failed += 1;
        let wait = settings
            .retry
            .wait_after(self.failed, failure.retry_after())?;
        if Instant::now().checked_add(wait)? >= deadline {
            return None;
        }
        self.taken = Some(settings.budget.take(failure.kind())?);
        Some(wait)
    }
}
