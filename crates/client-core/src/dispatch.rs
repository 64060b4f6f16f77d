//! Arguments and responses of operations that are called by their id.

use std::pin::Pin;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::request::argument;
#[doc(hidden)]
pub use crate::request::argument::Maybe;
use crate::response::byte_stream::ByteStream;
use crate::response::typed;

/// The largest file that is read, in bytes.
const LIMIT: usize = 64 * 1024 * 1024;

/// The arguments of a call, by their Rust names; the body under `body`.
///
/// A body of bytes is given as a JSON string that holds its text.
#[derive(Clone, Default)]
pub struct Arguments(Map<String, Value>);

impl Arguments {
    /// Takes the arguments.
    pub fn new(arguments: Map<String, Value>) -> Self {
        Self(arguments)
    }

    /// A required argument of the operation.
    ///
    /// # Errors
    ///
    /// It was not given, or has another type than the operation takes.
    pub fn required<T: DeserializeOwned>(&self, name: &'static str) -> Result<T, Error> {
        self.optional(name)?.ok_or_else(|| argument::missing(name))
    }

    /// An optional argument of the operation.
    ///
    /// # Errors
    ///
    /// It has another type than the operation takes.
    pub fn optional<T: DeserializeOwned>(&self, name: &'static str) -> Result<Option<T>, Error> {
        let Some(value) = self.0.get(name) else {
            return Ok(None);
        };
        T::deserialize(value)
            .map(Some)
            .map_err(|_| Error::invalid(argument::not_convertible(name)))
    }

    /// A required body of bytes.
    ///
    /// # Errors
    ///
    /// It was not given, or is not a string.
    pub fn bytes(&self, name: &'static str) -> Result<reqwest::Body, Error> {
        self.required::<String>(name).map(reqwest::Body::from)
    }

    /// An optional body of bytes.
    ///
    /// # Errors
    ///
    /// It is not a string.
    pub fn optional_bytes(&self, name: &'static str) -> Result<Option<reqwest::Body>, Error> {
        Ok(self.optional::<String>(name)?.map(reqwest::Body::from))
    }
}

impl std::fmt::Debug for Arguments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// A call by id that is under way.
pub type Pending<'a> = Pin<Box<dyn Future<Output = Result<Response, Error>> + Send + 'a>>;

/// The response of a call by id.
#[non_exhaustive]
pub struct Response {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: ResponseBody,
}

/// The body of an [`Response`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseBody {
    /// A typed value, encoded again; null if there is none.
    Json(Value),
    /// The bytes of the response.
    Bytes(Bytes),
}

impl Response {
    /// Encodes a typed response.
    ///
    /// # Errors
    ///
    /// The value has no JSON form.
    pub fn encode<T: Serialize>(response: typed::Response<T>) -> Result<Self, Error> {
        let value = serde_json::to_value(&*response)
            .map_err(|_| Error::invalid("the response has no JSON form".to_owned()))?;
        Ok(Self {
            status: response.status(),
            headers: response.headers().clone(),
            body: ResponseBody::Json(value),
        })
    }

    /// Reads a streamed response to its end.
    ///
    /// # Errors
    ///
    /// The connection fails, or the response has more than 64 MiB.
    pub async fn collect(response: typed::Response<ByteStream>) -> Result<Self, Error> {
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.into_inner().collect(LIMIT).await;
        Ok(Self {
            status,
            headers,
            body: ResponseBody::Bytes(body.map_err(|error| error.with_status(status))?),
        })
    }
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
