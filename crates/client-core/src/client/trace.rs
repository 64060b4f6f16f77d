//! Traces: one span a call, one event an attempt, named as OpenTelemetry names them.

use std::borrow::Cow;

use reqwest::StatusCode;
use tracing::{Span, debug, field::Empty, info_span};

use super::retry::Attempt;
use crate::{
    error::{Error, ErrorKind},
    request::{base_url::BaseUrl, prepared::PreparedRequest},
};

/// The span of a call. It holds the path's template, never the path.
pub(crate) fn call_span(request: &PreparedRequest, base: &BaseUrl) -> Span {
    // A template that was put together at run time may hold arguments.
    let template = match request.template {
        Cow::Borrowed(template) => template,
        Cow::Owned(_) => "…",
    };
    info_span!(
        "mx_call",
        otel.kind = "client",
        otel.name = request.operation.id,
        http.request.method = request.method.as_str(),
        url.template = template,
        server.address = base.host(),
        server.port = base.port(),
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        error.type = Empty,
    )
}

/// Records on the span of a call how it ended.
pub(crate) fn record_outcome(span: &Span, outcome: Result<StatusCode, &Error>) {
    if span.is_disabled() {
        return;
    }
    let status = outcome.map_or_else(Error::status, Some);
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    if let Err(error) = outcome {
        span.record("error.type", error.kind().name());
    }
}

/// Emits the event of an attempt, within its call's span.
pub(crate) fn attempt_event(span: &Span, attempt: &Attempt) {
    if attempt.number > 1 {
        span.record("http.request.resend_count", attempt.number - 1);
    }
    debug!(
        http.request.resend_count = attempt.number - 1,
        http.response.status_code = attempt.outcome.ok().or(attempt.status).map(|status| status.as_u16()),
        error.type = attempt.outcome.err().map(ErrorKind::name),
        elapsed_ms = attempt.elapsed.as_millis() as u64,
        retry_in_ms = attempt.next.map(|wait| wait.as_millis() as u64),
        "attempt",
    );
}
