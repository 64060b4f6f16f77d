//! What a browser is shown when something fails.

use axum::{
    http::{StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use platform_client::oauth::Reason;
use platform_client::{Error, ErrorKind};

/// Why a request to this service fails.
pub enum Failure {
    /// The member has no login to be sent to.
    NoLogin,
    /// The user came back, and the member is not connected.
    NotConnected(Option<Reason>),
    /// A call of MX failed, or what came back cannot be read.
    Call(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let error = match self {
            Self::NoLogin => {
                let text = "This account is connected without a login at your bank.";
                return (StatusCode::CONFLICT, text).into_response();
            }
            Self::NotConnected(reason) => {
                let text = match reason {
                    Some(Reason::Denied) => "Your bank refused the connection.",
                    Some(Reason::Cancelled) => "You cancelled the connection.",
                    _ => "Your bank is not connected. Please try again.",
                };
                return (StatusCode::CONFLICT, text).into_response();
            }
            Self::Call(error) => error,
        };
        // An error shows neither credentials nor arguments, so that it can be logged.
        eprintln!("{error}");
        let (status, text) = shown(&error);
        let mut response = (status, text).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE
            && let Some(wait) = error.retry_after()
        {
            let headers = response.headers_mut();
            headers.insert(RETRY_AFTER, wait.as_secs().into());
        }
        response
    }
}

/// What the browser is shown of an error, by its kind.
fn shown(error: &Error) -> (StatusCode, &'static str) {
    match (error.kind(), error.status().map(|status| status.as_u16())) {
        _ if error.is_retryable() => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Please try again in a moment.",
        ),
        (ErrorKind::Status, Some(404)) => (StatusCode::NOT_FOUND, "The account was not found."),
        // Our credentials, or our address: nothing that the user can change.
        (ErrorKind::Status, Some(401 | 403)) | (ErrorKind::Configuration | ErrorKind::Tls, _) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "This service is not set up right.",
        ),
        (ErrorKind::Status | ErrorKind::InvalidRequest, _) => {
            (StatusCode::BAD_REQUEST, "This is not possible.")
        }
        (ErrorKind::Decode, None) => (StatusCode::BAD_REQUEST, "That was not understood."),
        _ => (StatusCode::BAD_GATEWAY, "Your bank's data cannot be read."),
    }
}
