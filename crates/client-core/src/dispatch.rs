//! Arguments and responses of operations that are called by their id.

use std::collections::BTreeMap;
use std::pin::Pin;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
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
pub struct Arguments(BTreeMap<String, Box<RawValue>>);

impl Arguments {
    /// Takes the arguments. A `Value` has lost the digits of a number that a float does not hold:
    /// [`from_json`](Self::from_json) keeps them.
    pub fn new(arguments: Map<String, Value>) -> Self {
        let arguments = arguments.into_iter();
        let raw = |value| serde_json::value::to_raw_value(&value).ok();
        Self(
            arguments
                .filter_map(|(name, value)| Some((name, raw(value)?)))
                .collect(),
        )
    }

    /// Takes the arguments from the text of a JSON object.
    ///
    /// # Errors
    ///
    /// The text is not a JSON object.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let arguments = serde_json::from_str(text);
        arguments
            .map(Self)
            .map_err(|_| Error::invalid("the arguments are not a JSON object"))
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
        serde_json::from_str(value.get())
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
    /// The text of a body that is JSON.
    json: Option<Box<RawValue>>,
}

/// The body of an [`Response`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseBody {
    /// A typed value, encoded again; null if there is none. [`Response::json`] has all digits of its numbers.
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
        let no_json = |_| Error::invalid("the response has no JSON form");
        let json = serde_json::value::to_raw_value(&*response).map_err(no_json)?;
        let value = serde_json::from_str(json.get()).map_err(no_json)?;
        Ok(Self {
            json: Some(json),
            status: response.status(),
            headers: response.headers().clone(),
            body: ResponseBody::Json(value),
        })
    }

    /// The text of a body that is JSON, with all digits of its numbers.
    pub fn json(&self) -> Option<&str> {
        self.json.as_deref().map(RawValue::get)
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
            json: None,
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
