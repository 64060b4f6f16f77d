//! A call in the making: its arguments, then one of the ways to finish it.

use std::fmt::{self, Display};

use bytes::Bytes;
use progenitor_client::ResponseValue;
use reqwest::{
    Body, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde::{Serialize, de::DeserializeOwned};
use tracing::Span;

use crate::{
    client::attempt::{Answer, AnswerBody, Read},
    client::trace,
    client::transport::Transport,
    error::Error,
    operation::{Location, Operation, Parameter},
    request::argument::{Argument, Unfit},
    request::prepared::{Content, Draft},
    request::url,
    response::byte_stream::ByteStream,
    response::decode,
};

/// How much of a body that does not decode is kept in the error.
const KEPT_BODY: usize = 64 * 1024;

/// One call of an operation: the generated builders give it their arguments and finish it.
///
/// An argument that cannot be sent is remembered, and returned by the finishing method before anything is sent.
#[must_use = "nothing is sent until the call is finished"]
pub struct Call<'t> {
    transport: &'t Transport,
    draft: Draft,
    fault: Option<Error>,
}

impl<'t> Call<'t> {
    pub(crate) fn new(transport: &'t Transport, operation: &'static Operation) -> Self {
        Self {
            transport,
            draft: Draft::new(operation),
            fault: None,
        }
    }

    /// Gives a path parameter, by its name in the path template.
    pub fn path<T: Display>(mut self, name: &'static str, value: Argument<T>) -> Self {
        if let Some(value) = self.take(name, Location::Path, value) {
            self.draft.target.set_path(name, &value);
        }
        self
    }

    /// Gives a query parameter: a scalar, an enum, or an array of these.
    pub fn query<T: Serialize>(mut self, name: &'static str, value: Argument<T>) -> Self {
        if let Some(value) = self.take(name, Location::Query, value) {
            let explode = self
                .parameter(name, Location::Query)
                .is_none_or(|known| known.explode);
            if !self.draft.target.add_query(name, &value, explode) {
                self.fail(unfit(name));
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
                    self.draft.headers.insert(name, value);
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
                Ok(text) => self.draft.body = Content::Bytes(text.into()),
                Err(_) => self.fail(unfit("body")),
            }
        }
        self
    }

    /// Gives the body, as a form (`application/x-www-form-urlencoded`).
    pub fn form<T: Serialize>(mut self, body: Argument<T>) -> Self {
        if let Some(body) = self.fit("body", body) {
            let mut text = String::new();
            if url::append(&mut text, "", &body, true) {
                self.draft.body = Content::Bytes(text.into());
            } else {
                self.fail(unfit("body"));
            }
        }
        self
    }

    /// Gives the body as it is. One that streams is sent at most once.
    pub fn raw(mut self, body: Argument<Body>) -> Self {
        if let Some(body) = self.fit("body", body) {
            self.draft.body = match body.as_bytes() {
                Some(bytes) => Content::Bytes(Bytes::copy_from_slice(bytes)),
                None => Content::Once(Some(body)),
            };
        }
        self
    }

    /// Sends the call and decodes the JSON of the response.
    ///
    /// # Errors
    /// Every kind of [`Error`].
    pub async fn decode<T: DeserializeOwned>(mut self) -> Result<ResponseValue<T>, Error> {
        self.read().await?.decode()
    }

    /// Sends the call and decodes the JSON of the response, where some documented successes have no body.
    ///
    /// # Errors
    /// Every kind of [`Error`].
    pub async fn decode_optional<T: DeserializeOwned>(
        mut self,
    ) -> Result<ResponseValue<Option<T>>, Error> {
        let answer = self.read().await?;
        if answer.body.is_none() {
            return Ok(answer.with(None));
        }
        let answer = answer.decode::<T>()?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        Ok(ResponseValue::new(
            Some(answer.into_inner()),
            status,
            headers,
        ))
    }

    /// Sends the call; the response has no body, or none that counts.
    ///
    /// # Errors
    /// Every kind of [`Error`] but [`ErrorKind::Decode`](crate::ErrorKind::Decode) and [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge).
    pub async fn empty(mut self) -> Result<ResponseValue<()>, Error> {
        let answer = self.finish(Read::Discard).await?;
        Ok(ResponseValue::new((), answer.status, answer.headers))
    }

    /// Sends the call and hands the response's body on as it comes. Its size is not bounded; each piece must come
    /// within the attempt timeout.
    ///
    /// # Errors
    /// Every kind of [`Error`] but [`ErrorKind::Decode`](crate::ErrorKind::Decode) and [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge).
    pub async fn stream(mut self) -> Result<ResponseValue<ByteStream>, Error> {
        let answer = self.finish(Read::Stream).await?;
        let AnswerBody::Stream(body) = answer.body else {
            unreachable!("a stream was asked for")
        };
        Ok(ResponseValue::new(body, answer.status, answer.headers))
    }

    /// Sends the call and reads the response without decoding it.
    ///
    /// # Errors
    /// Every kind of [`Error`] but [`ErrorKind::Decode`](crate::ErrorKind::Decode).
    pub async fn buffered(mut self) -> Result<Buffered, Error> {
        self.read().await
    }

    async fn read(&mut self) -> Result<Buffered, Error> {
        let operation = self.draft.operation.id;
        let Answer {
            status,
            headers,
            body,
            span,
        } = self.finish(Read::Whole).await?;
        let body = match body {
            AnswerBody::Whole(body) => Some(body),
            AnswerBody::Stream(_) | AnswerBody::None => None,
        };
        Ok(Buffered {
            operation,
            status,
            headers,
            body,
            span,
        })
    }

    async fn finish(&mut self, read: Read) -> Result<Answer, Error> {
        let fault = self.fault.take();
        self.transport.execute(&mut self.draft, fault, read).await
    }

    /// A parameter's value; notes the fault where it has none and needs one.
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
            self.fail(url::missing(name));
        }
        value
    }

    fn fit<T>(&mut self, name: &'static str, argument: Argument<T>) -> Option<T> {
        argument.into_value().unwrap_or_else(|Unfit| {
            self.fail(unfit(name));
            None
        })
    }

    fn parameter(&self, name: &str, location: Location) -> Option<&'static Parameter> {
        let mut parameters = self.draft.operation.parameters.iter();
        parameters.find(|known| known.name == name && known.location == location)
    }

    /// Keeps the first fault.
    fn fail(&mut self, fault: Error) {
        _ = self.fault.get_or_insert(fault);
    }
}

fn unfit(name: &str) -> Error {
    Error::invalid(format!(
        "parameter `{name}` does not convert to the type the API takes"
    ))
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.draft.operation.id)
            .finish_non_exhaustive()
    }
}

/// A documented success, read but not decoded: for operations whose successes have different types.
pub struct Buffered {
    operation: &'static str,
    status: StatusCode,
    headers: HeaderMap,
    body: Option<Bytes>,
    span: Span,
}

impl Buffered {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The response's headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body; `None` where none is documented for the status.
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    /// The answer with a value in place of its body.
    pub fn with<T>(self, value: T) -> ResponseValue<T> {
        ResponseValue::new(value, self.status, self.headers)
    }

    /// Decodes the body as JSON.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode), saying where in the body and what was expected there.
    pub fn decode<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error> {
        let body = self.body.unwrap_or_default();
        match decode::json(&body) {
            Ok(value) => Ok(ResponseValue::new(value, self.status, self.headers)),
            Err(error) => {
                trace::record_failure(&self.span, &error);
                Err(error
                    .with_operation(self.operation)
                    .with_status(self.status)
                    .with_body(Default::default(), body.slice(..body.len().min(KEPT_BODY))))
            }
        }
    }
}

impl fmt::Debug for Buffered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buffered")
            .field("operation", &self.operation)
            .field("status", &self.status)
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
        assert!(call.draft.headers["X-Secret"].is_sensitive());
    }
}
