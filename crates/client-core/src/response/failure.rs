//! Failures of the connection, as errors of this library.

use std::{error::Error as StdError, io, sync::Arc};

use reqwest::StatusCode;

use crate::error::{Error, ErrorKind};

/// A failure of the HTTP client; `unsent`: the server cannot have received the request.
pub(crate) fn broken(failure: reqwest::Error, idempotent: bool, unsent: bool) -> Error {
    let kind = kind(&failure);
    let detail = match kind {
        ErrorKind::Timeout => "no connection or response in time",
        ErrorKind::Tls => "the server's certificate cannot be trusted",
        ErrorKind::Connect => "no connection to the server",
        ErrorKind::InvalidRequest => "the request cannot be sent",
        // Without its source, which quotes where it was sent.
        ErrorKind::Redirect => return redirected(),
        _ => "the connection to the server broke off",
    };
    Error::new(kind, detail)
        .with_retryable(is_passing(kind, None) && (unsent || idempotent))
        .with_source(Arc::new(failure.without_url()))
}

/// What went wrong, as the HTTP client says it.
pub(crate) fn kind(failure: &reqwest::Error) -> ErrorKind {
    match () {
        () if failure.is_timeout() => ErrorKind::Timeout,
        () if is_about_certificate(failure) => ErrorKind::Tls,
        () if failure.is_connect() => ErrorKind::Connect,
        () if failure.is_builder() => ErrorKind::InvalidRequest,
        () if failure.is_redirect() => ErrorKind::Redirect,
        () if failure.is_status() => ErrorKind::Status,
        () if failure
            .source()
            .is_some_and(|cause| cause.is::<serde_json::Error>()) =>
        {
            ErrorKind::Decode
        }
        () => ErrorKind::Transport,
    }
}

/// Whether a failure of this kind passes by itself.
pub(crate) fn is_passing(kind: ErrorKind, status: Option<StatusCode>) -> bool {
    match kind {
        ErrorKind::Timeout | ErrorKind::Connect | ErrorKind::Transport => true,
        ErrorKind::Status => status.is_some_and(is_passing_status),
        _ => false,
    }
}

/// Whether a server that answers with this status may soon answer with another.
pub(crate) fn is_passing_status(status: StatusCode) -> bool {
    matches!(
        status.as_u16(),
        408 | 429 | 500 | 502 | 503 | 504 | 520..=524
    )
}

/// Whether a certificate was refused. The TLS libraries have no error type in common, but all name the certificate.
fn is_about_certificate(failure: &reqwest::Error) -> bool {
    let mut cause = failure.source();
    while let Some(error) = cause {
        // An `io::Error` is transparent: its source is that of the error in it.
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        let shown = inner.map_or_else(|| error.to_string(), ToString::to_string);
        if shown.to_ascii_lowercase().contains("certificate") {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Something took longer than its timeout, after the request was sent.
pub(crate) fn too_slow(idempotent: bool, detail: &'static str) -> Error {
    Error::new(ErrorKind::Timeout, detail).with_retryable(idempotent)
}

/// A body is larger than it may be.
pub(crate) fn too_large(limit: usize) -> Error {
    let detail = format!("the response is larger than {limit} bytes");
    Error::new(ErrorKind::TooLarge, detail)
}

/// A custom HTTP client sent the request to another URL.
pub(crate) fn redirected() -> Error {
    Error::new(
        ErrorKind::Redirect,
        "the custom HTTP client follows redirects",
    )
}
