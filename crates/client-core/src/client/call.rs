//! A call: its arguments, then one of the ways to send it.

use std::fmt::{self, Display};

use bytes::Bytes;
use reqwest::{
    Body,
    header::{HeaderName, HeaderValue},
};
use serde::{Serialize, de::DeserializeOwned};

use super::{attempt::ReadMode, execute::execute, transport::Transport};
use crate::{
    error::Error,
    operation::{Location, Operation, Parameter},
    request::{
        argument::{self, Argument, ConversionError},
        prepared::{PreparedRequest, RequestBody},
        url,
    },
    response::{
        byte_stream::ByteStream,
        raw::{RawBody, RawResponse},
        typed::Response,
    },
};

/// One call of an operation: the generated builders give it their arguments and finish it.
///
/// An argument that cannot be sent is remembered, and returned by the finishing method before anything is sent.
#[must_use = "nothing is sent until the call is finished"]
pub struct Call<'t> {
    transport: &'t Transport,
    request: PreparedRequest,
    /// The first argument that cannot be sent.
    invalid: Option<Error>,
}

impl Transport {
    /// Starts a call of an operation.
    pub fn call(&self, operation: &'static Operation) -> Call<'_> {
        Call {
            transport: self,
            request: PreparedRequest::new(operation),
            invalid: None,
        }
    }
}

impl Call<'_> {
    /// Gives a path parameter, by its name in the path template.
    pub fn path<T: Display>(mut self, name: &'static str, value: Argument<T>) -> Self {
        if let Some(value) = self.take(name, Location::Path, value) {
            self.request.url.set_path(name, &value);
        }
        self
    }

    /// Gives a query parameter: a scalar, an enum, or an array of these.
    pub fn query<T: Serialize>(mut self, name: &'static str, value: Argument<T>) -> Self {
        if let Some(value) = self.take(name, Location::Query, value) {
            let explode = self
                .parameter(name, Location::Query)
                .is_none_or(|known| known.explode);
            if !self.request.url.add_query(name, &value, explode) {
                self.fail(argument::not_convertible(name));
            }
        }
        self
    }

    /// Gives a header parameter.
    pub fn header<T: Display>(mut self, name: &'static str, value: Argument<T>) -> Self {
        if let Some(value) = self.take(name, Location::Header, value) {
            let text = value.to_string();
            // The library takes any byte beyond ASCII; servers differ in what they read in it.
            let value = text
                .is_ascii()
                .then(|| HeaderValue::try_from(text).ok())
                .flatten();
            match (HeaderName::from_bytes(name.as_bytes()), value) {
                (Ok(name), Some(mut value)) => {
                    // Whether a header holds a secret is not known here.
                    value.set_sensitive(true);
                    self.request.headers.insert(name, value);
                }
                _ => self.fail(Error::invalid(format!(
                    "parameter `{name}` holds what a header cannot"
                ))),
            }
        }
        self
    }

    /// Gives the body, as JSON.
    pub fn json<T: Serialize>(mut self, body: Argument<T>) -> Self {
        if let Some(body) = self.fit("body", body) {
            match serde_json::to_vec(&body) {
                Ok(text) => self.request.body = RequestBody::Bytes(text.into()),
                Err(_) => self.fail(argument::not_convertible("body")),
            }
        }
        self
    }

    /// Gives the body, as a form (`application/x-www-form-urlencoded`).
    pub fn form<T: Serialize>(mut self, body: Argument<T>) -> Self {
        if let Some(body) = self.fit("body", body) {
            let mut text = String::new();
            if url::append(&mut text, "", &body, true) {
                self.request.body = RequestBody::Bytes(text.into());
            } else {
                self.fail(argument::not_convertible("body"));
            }
        }
        self
    }

    /// Gives the body as it is. One that streams is sent at most once.
    pub fn raw(mut self, body: Argument<Body>) -> Self {
        if let Some(body) = self.fit("body", body) {
            self.request.body = match body.as_bytes() {
                Some(bytes) => RequestBody::Bytes(Bytes::copy_from_slice(bytes)),
                None => RequestBody::Once(Some(body)),
            };
        }
        self
    }

    /// Sends the call and decodes the JSON of the response.
    ///
    /// # Errors
    /// Every kind of [`Error`].
    pub async fn decode<T: DeserializeOwned>(mut self) -> Result<Response<T>, Error> {
        self.finish(ReadMode::Whole).await?.decode()
    }

    /// Sends the call and decodes the JSON of the response, for operations that document successes with and
    /// without a body. An undocumented success without a body is `None`, too.
    ///
    /// # Errors
    /// Every kind of [`Error`].
    pub async fn decode_optional<T: DeserializeOwned>(
        mut self,
    ) -> Result<Response<Option<T>>, Error> {
        let response = self.finish(ReadMode::Whole).await?;
        if matches!(response.body, RawBody::None) {
            return Ok(response.with(None));
        }
        Ok(response.decode::<T>()?.map(Some))
    }

    /// Sends the call and reads no body.
    ///
    /// # Errors
    /// Every kind of [`Error`] but [`ErrorKind::Decode`](crate::ErrorKind::Decode) and [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge).
    pub async fn empty(mut self) -> Result<Response<()>, Error> {
        Ok(self.finish(ReadMode::Discard).await?.with(()))
    }

    /// Sends the call and returns the response's body as a stream. Its size is not limited; each piece must come
    /// within the attempt timeout.
    ///
    /// # Errors
    /// Every kind of [`Error`] but [`ErrorKind::Decode`](crate::ErrorKind::Decode) and [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge).
    pub async fn stream(mut self) -> Result<Response<ByteStream>, Error> {
        let response = self.finish(ReadMode::Stream).await?;
        let RawBody::Stream(body) = response.body else {
            unreachable!("a stream was asked for")
        };
        Ok(Response::new(body, response.status, response.headers))
    }

    /// Sends the call and reads the response without decoding it.
    ///
    /// # Errors
    /// Every kind of [`Error`] but [`ErrorKind::Decode`](crate::ErrorKind::Decode).
    pub async fn buffered(mut self) -> Result<RawResponse, Error> {
        self.finish(ReadMode::Whole).await
    }

    async fn finish(&mut self, read: ReadMode) -> Result<RawResponse, Error> {
        let invalid = self.invalid.take();
        execute(&self.transport.0, &mut self.request, invalid, read).await
    }

    /// A parameter's value; records an error if it is required and has none.
    fn take<T>(
        &mut self,
        name: &'static str,
        location: Location,
        argument: Argument<T>,
    ) -> Option<T> {
        let value = self.fit(name, argument);
        let is_required = || {
            self.parameter(name, location)
                .is_some_and(|known| known.required)
        };
        if value.is_none() && is_required() {
            self.fail(argument::missing(name));
        }
        value
    }

    fn fit<T>(&mut self, name: &'static str, argument: Argument<T>) -> Option<T> {
        argument.into_value().unwrap_or_else(|ConversionError| {
            self.fail(argument::not_convertible(name));
            None
        })
    }

    fn parameter(&self, name: &str, location: Location) -> Option<&'static Parameter> {
        let mut parameters = self.request.operation.parameters.iter();
        parameters.find(|known| known.name == name && known.location == location)
    }

    /// Keeps the first error.
    fn fail(&mut self, error: Error) {
        _ = self.invalid.get_or_insert(error);
    }
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.request.operation.id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Argument, Transport,
        operation::{Operation, Parameter},
    };

    static OPERATION: Operation = Operation {
        id: "get",
        name: "get",
        method: reqwest::Method::GET,
        path: "/",
        tags: &[],
        parameters: &[Parameter::header("X-Secret", "x_secret")],
        headers: &[],
        accept: None,
        body: None,
        responses: &[],
        security: &[],
        idempotent: true,
    };

    #[test]
    fn header_parameters_are_marked_sensitive() {
        let builder = Transport::builder().base_url("http://127.0.0.1:1");
        let transport = builder.build().unwrap();
        let call = transport.call(&OPERATION);
        let call = call.header("X-Secret", Argument::from("canary"));
        assert!(call.request.headers["X-Secret"].is_sensitive());
    }
}
