//! The way of every call: authorize, send, check the response, try again.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tracing::{Instrument as _, Span};

use super::{
    attempt::{self, Plan},
    retry::{Attempt, RetryPolicy},
    trace,
    transport::Transport,
};
use crate::{
    auth::authorize::Auth,
    deadline::after,
    error::Error,
    request::prepared::PreparedRequest,
    response::{raw::RawResponse, validate::ReadMode},
};

/// What a call has of its own in place of the client's settings and the operation's facts.
#[derive(Clone, Default)]
pub(crate) struct Options {
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<Box<RetryPolicy>>,
    pub(crate) idempotent: Option<bool>,
    /// Whether any 2xx is a success, of any media type.
    pub(crate) takes_any_success: bool,
}

/// Sends a request until it succeeds, fails for good, or runs out of attempts or time.
/// With an invalid argument the call fails, and nothing is sent.
pub(crate) async fn execute(
    transport: &Transport,
    request: &PreparedRequest,
    options: &Options,
    invalid: Option<Box<str>>,
    read: ReadMode,
) -> Result<RawResponse, Error> {
    let settings = &*transport.settings;
    let operation = request.operation;
    let span = trace::call_span(request, &settings.base);
    let plan = Plan {
        settings,
        operation,
        idempotent: options.idempotent.unwrap_or(operation.idempotent),
        takes_any_success: options.takes_any_success,
        retry: options.retry.as_deref().unwrap_or(&settings.retry),
        attempt_timeout: match options.timeout {
            Some(timeout) => timeout.max(settings.attempt_timeout),
            None => settings.attempt_timeout,
        },
        deadline: after(options.timeout.unwrap_or(settings.total_timeout)),
        read,
    };
    let mut outcome = match invalid {
        Some(detail) => Err(Error::invalid(detail.into_string())),
        None if span.is_disabled() => attempts(&plan, &transport.auth, request, &span).await,
        None => {
            let attempts = attempts(&plan, &transport.auth, request, &span);
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
    plan: &Plan<'_>,
    auth: &Auth,
    prepared: &PreparedRequest,
    span: &Span,
) -> Result<RawResponse, Error> {
    let settings = plan.settings;
    let mut retries = Retries::default();
    let mut number = 1;
    loop {
        // Blocks end what the future would otherwise carry along while it waits.
        let (session, sent, attempt) = {
            let client = settings.connections.client()?;
            let mut request = prepared.build(&settings.base, &settings.user_agent)?;
            if let Some(hook) = &settings.on_request {
                hook(request.headers_mut());
            }
            let authorization = match auth.authorize(plan.operation, plan.deadline).await {
                Ok(authorization) => authorization,
                Err(failure) if prepared.can_repeat() => {
                    let wait = retries.next(plan, &failure, false).ok_or(failure)?;
                    sleep(wait).await;
                    continue;
                }
                Err(failure) => return Err(failure),
            };
            if let Some((name, value)) = authorization.header {
                let extra = prepared.extra_headers.as_deref();
                if extra.is_some_and(|extra| extra.contains_key(&name)) {
                    return Err(Error::invalid(format!(
                        "the header `{name}` holds the credentials and cannot be added to a call"
                    )));
                }
                request.headers_mut().insert(name, value);
            }
            // Last, so that a provider of sessions can have one meanwhile.
            let slot = settings.connections.slot(plan.deadline).await?;
            let sent = Instant::now();
            let attempt = attempt::send(plan, client, slot, request, sent);
            (authorization.session, sent, attempt)
        };
        let wait = {
            let outcome = attempt.await;
            auth.learn(session, outcome.as_ref().err(), sent);
            let failure = outcome.as_ref().err().filter(|_| prepared.can_repeat());
            let next = failure.and_then(|failure| retries.next(plan, failure, session.is_some()));
            let attempt = Attempt {
                operation: plan.operation.id,
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
        number += 1;
    }
}

/// The retries of one call.
#[derive(Default)]
struct Retries {
    has_renewed: bool,
    /// How many attempts have failed, also to obtain a session; without the one that met an expired session.
    failed: u32,
    /// The tokens that the last retry took from the budget.
    taken: Option<u32>,
}

impl Retries {
    /// The wait before the next attempt; `None` if there is none, or it would begin too late.
    fn next(&mut self, plan: &Plan<'_>, failure: &Error, in_session: bool) -> Option<Duration> {
        // A call that was refused without a reason may have been carried out.
        let is_refused = failure.refuses_session() && plan.idempotent;
        let can_renew = in_session && (failure.is_session_expired() || is_refused);
        if can_renew && !std::mem::replace(&mut self.has_renewed, true) {
            return Some(Duration::ZERO);
        }
        if !failure.is_retryable() {
            return None;
        }
        self.failed += 1;
        let wait = plan.retry.wait_after(self.failed, failure.retry_after())?;
        if Instant::now().checked_add(wait)? >= plan.deadline {
            return None;
        }
        let budget = &plan.settings.budget;
        self.taken = Some(budget.take(failure.kind(), plan.retry)?);
        Some(wait)
    }
}
