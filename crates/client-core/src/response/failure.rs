//! Failures of the connection, as errors of this library.

use std::{error::Error as StdError, io, sync::Arc};

use crate::error::{Error, ErrorKind};

/// A failure of the HTTP client; `unsent`: the server cannot have received the request.
pub(crate) fn broken(failure: reqwest::Error, idempotent: bool, unsent: bool) -> Error {
    let (kind, detail) = match () {
        () if failure.is_timeout() => (ErrorKind::Timeout, "no connection or response in time"),
        () if is_about_certificate(&failure) => {
            (ErrorKind::Tls, "the server's certificate cannot be trusted")
        }
        () if failure.is_connect() => (ErrorKind::Connect, "no connection to the server"),
        () if failure.is_builder() => (ErrorKind::InvalidRequest, "the request cannot be sent"),
        // Without its source, which quotes where it was sent.
        () if failure.is_redirect() => return redirected(),
        () => (
            ErrorKind::Transport,
            "the connection to the server broke off",
        ),
    };
    let passing = matches!(
        kind,
        ErrorKind::Timeout | ErrorKind::Connect | ErrorKind::Transport
    );
    Error::new(kind, detail)
        .with_retryable(passing && (unsent || idempotent))
        .with_source(Arc::new(failure.without_url()))
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
