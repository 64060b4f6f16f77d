//! Traces: one span a call, one event an attempt, named as OpenTelemetry names them.

use tracing::{Span, debug, field::Empty, info_span};

use crate::{
    client::attempt::Answer,
    client::retry::Attempt,
    error::{Error, ErrorKind},
    operation::Operation,
    request::base_url::BaseUrl,
};

/// The span of a call. It holds the path's template, never the path.
pub(crate) fn call_span(operation: &Operation, base: &BaseUrl) -> Span {
    info_span!(
        "mx_call",
        otel.kind = "client",
        otel.name = operation.id,
        http.request.method = operation.method.as_str(),
        url.template = operation.path,
        server.address = base.host.as_str(),
        server.port = base.port,
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        error.type = Empty,
    )
}

/// Notes on the span of a call how it ended.
pub(crate) fn record_outcome(span: &Span, outcome: &Result<Answer, Error>) {
    let status = match outcome {
        Ok(answer) => Some(answer.status),
        Err(error) => error.status(),
    };
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    if let Err(error) = outcome {
        record_failure(span, error);
    }
}

/// Notes on the span of a call that it failed.
pub(crate) fn record_failure(span: &Span, error: &Error) {
    span.record("error.type", name(error.kind()));
}

/// Tells of an attempt, within its call's span.
pub(crate) fn attempt_event(span: &Span, attempt: &Attempt) {
    if attempt.number > 1 {
        span.record("http.request.resend_count", attempt.number - 1);
    }
    debug!(
        http.request.resend_count = attempt.number - 1,
        http.response.status_code = attempt.outcome.ok().or(attempt.status).map(|status| status.as_u16()),
        error.type = attempt.outcome.err().map(name),
        elapsed_ms = attempt.elapsed.as_millis() as u64,
        retry_in_ms = attempt.next.map(|wait| wait.as_millis() as u64),
        "attempt",
    );
}

fn name(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Configuration => "configuration",
        ErrorKind::InvalidRequest => "invalid_request",
        ErrorKind::Session => "session",
        ErrorKind::Connect => "connect",
        ErrorKind::Timeout => "timeout",
        ErrorKind::Transport => "transport",
        ErrorKind::Status => "status",
        ErrorKind::UnexpectedStatus => "unexpected_status",
        ErrorKind::Redirect => "redirect",
        ErrorKind::MediaType => "media_type",
        ErrorKind::Decode => "decode",
        ErrorKind::TooLarge => "too_large",
    }
}
