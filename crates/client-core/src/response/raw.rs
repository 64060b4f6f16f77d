//! A success, not decoded.

use std::fmt;

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};
use serde::de::DeserializeOwned;
use tracing::Span;

use super::{byte_stream::ByteStream, decode, request_id, typed::Response};
use crate::error::Error;

/// A success, not decoded.
///
/// It comes from the method `send_raw` of a call, its body not yet read: [`bytes`](Self::bytes),
/// [`into_stream`](Self::into_stream) or [`json`](Self::json) reads it.
pub struct RawResponse {
    pub(crate) operation: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: RawBody,
    /// How large a body may be that is read whole, in bytes.
    pub(crate) limit: usize,
    /// How much memory decoding the body may need, if 30 times the body is less, in bytes.
    pub(crate) decoding_limit: usize,
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

impl RawBody {
    /// The whole body, of at most so many bytes; empty if there is none.
    async fn read(self, limit: usize) -> Result<Bytes, Error> {
        match self {
            Self::Bytes(body) => Ok(body),
            Self::None => Ok(Bytes::new()),
            Self::Stream(stream) => stream.collect(limit).await,
        }
    }
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

    /// The body, if it was read: not after `send_raw`, and not if none is documented for the status.
    pub fn body(&self) -> Option<&[u8]> {
        match &self.body {
            RawBody::Bytes(body) => Some(body),
            RawBody::Stream(_) | RawBody::None => None,
        }
    }

    /// The whole body, within the client's limit for responses; empty if there is none.
    ///
    /// # Errors
    /// The connection fails, the body takes too long, or it is too large.
    pub async fn bytes(self) -> Result<Bytes, Error> {
        let body = self.body.read(self.limit).await;
        body.map_err(|error| error.with_status(self.status))
    }

    /// The body as a stream, of any size.
    pub fn into_stream(self) -> ByteStream {
        match self.body {
            RawBody::Stream(stream) => stream,
            RawBody::Bytes(body) => ByteStream::of(self.operation, body),
            RawBody::None => ByteStream::of(self.operation, Bytes::new()),
        }
    }

    /// Reads the body and decodes it as JSON.
    ///
    /// # Errors
    /// As of [`bytes`](Self::bytes) and [`decode`](Self::decode).
    pub async fn json<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        let body = self.body.read(self.limit).await;
        let body = RawBody::Bytes(body.map_err(|error| error.with_status(self.status))?);
        Self { body, ..self }.decode()
    }

    /// The response with a value in place of its body.
    pub fn with<T>(self, value: T) -> Response<T> {
        Response::new(value, self.status, self.headers)
    }

    /// Decodes a body that was read, as JSON.
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
        match decode::json(&body, self.decoding_limit) {
            Ok(value) => Ok(Response::new(value, self.status, self.headers)),
            Err(error) => {
                let error = match self.doubt {
                    Some(doubt) => doubt.and(&error),
                    None => error,
                };
                self.span.record("error.type", error.kind().name());
                let error = error
                    .with_operation(self.operation)
                    .with_status(self.status)
                    .with_body(&body);
                Err(match request_id(&self.headers) {
                    Some(id) => error.with_request_id(id),
                    None => error,
                })
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
