//! A success, not decoded.

use std::fmt;

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};
use serde::de::DeserializeOwned;
use tracing::Span;

use super::{byte_stream::ByteStream, decode, request_id, typed::Response};
use crate::error::Error;

/// A success (2xx), not decoded: for operations whose successes have different types.
pub struct RawResponse {
    pub(crate) operation: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: RawBody,
    /// The error of the call if the body does not decode, where there was something odd before.
    pub(crate) doubt: Option<Error>,
    /// The call's span, to record on it whether the body decodes.
    pub(crate) span: Span,
}

pub(crate) enum RawBody {
    Bytes(Bytes),
    Stream(ByteStream),
    /// No body, or one that was not asked for.
    None,
}

impl RawResponse {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The response's headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body; `None` if none is documented for the status.
    pub fn body(&self) -> Option<&[u8]> {
        match &self.body {
            RawBody::Bytes(body) => Some(body),
            RawBody::Stream(_) | RawBody::None => None,
        }
    }

    /// The response with a value in place of its body.
    pub fn with<T>(self, value: T) -> Response<T> {
        Response::new(value, self.status, self.headers)
    }

    /// Decodes the body as JSON.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode), with the path in the body and what was expected there;
    /// [`ErrorKind::UnexpectedStatus`](crate::ErrorKind::UnexpectedStatus) or
    /// [`ErrorKind::MediaType`](crate::ErrorKind::MediaType) if status or media type are not documented either.
    pub fn decode<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        let body = match self.body {
            RawBody::Bytes(body) => body,
            RawBody::Stream(_) | RawBody::None => Bytes::new(),
        };
        match decode::json(&body) {
            Ok(value) => Ok(Response::new(value, self.status, self.headers)),
            Err(error) => {
                let error = match self.doubt {
                    Some(doubt) => doubt.and(&error),
                    None => error,
                };
                self.span.record("error.type", error.kind().name());
                Err(error
                    .with_operation(self.operation)
                    .with_status(self.status)
                    .with_request_id(request_id(&self.headers).map(str::to_owned))
                    .with_body(&body))
            }
        }
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("operation", &self.operation)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
