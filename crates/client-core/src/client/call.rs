//! A call: its arguments, what is special about it, then one of the ways to send it.

use std::{
    fmt::{self, Display},
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use reqwest::{Body, header::HeaderName};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    execute::{Options, execute},
    retry::RetryPolicy,
    transport::Transport,
};
use crate::{
    error::Error,
    operation::{Location, Operation, Parameter},
    request::{
        argument::{self, Argument, ConversionError},
        headers,
        prepared::{PreparedRequest, RequestBody},
        url,
    },
    response::{
        byte_stream::ByteStream,
        raw::{RawBody, RawResponse},
        typed::Response,
        validate::ReadMode,
    },
    safe_debug::SafeDebug,
};

/// One call of an operation: the generated builders give it their arguments and finish it.
///
/// An argument that cannot be sent is remembered, and returned by the finishing method before anything is sent. An
/// argument that is given again replaces the earlier one.
#[derive(Clone)]
#[must_use = "nothing is sent until the call is finished"]
pub struct Call {
    transport: Transport,
    request: PreparedRequest,
    options: Options,
    /// What is wrong with the first argument that cannot be sent.
    invalid: Option<Box<str>>,
}

impl Transport {
    /// Starts a call of an operation.
    pub fn call(&self, operation: &'static Operation) -> Call {
        Call {
            transport: self.clone(),
            request: PreparedRequest::new(operation),
            options: Options::default(),
            invalid: None,
        }
    }
}

/// The arguments.
impl Call {
    /// Gives a path parameter, by its name in the path template.
    pub fn path<T: Display>(mut self, name: &'static str, value: Argument<T>) -> Self {
        if let Some(value) = self.take(name, Location::Path, value) {
            self.request.url.set_path(name, &value);
        }
        self
    }

    /// Gives a query parameter: a scalar, an enum, or an array of these.
    pub fn query<T: Serialize>(mut self, name: &'static str, value: Argument<T>) -> Self {
        self.request.url.remove(Location::Query, name);
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
        if let Some(headers) = &mut self.request.headers {
            headers.remove(name);
        }
        if let Some(value) = self.take(name, Location::Header, value) {
            match (
                HeaderName::from_bytes(name.as_bytes()),
                headers::value(&value.to_string()),
            ) {
                (Ok(name), Some(value)) => {
                    let headers = self.request.headers.get_or_insert_default();
                    headers.insert(name, value);
                }
                _ => self.fail(format!("parameter `{name}` holds what a header cannot")),
            }
        }
        self
    }

    /// Gives the body, as JSON.
    pub fn json<T: Serialize>(mut self, body: Argument<T>) -> Self {
        self.request.body = RequestBody::None;
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
        self.request.body = RequestBody::None;
        if let Some(body) = self.fit("body", body) {
            let mut text = String::new();
            if url::append(&mut url::Pairs::after(&mut text), "", &body, true) {
                self.request.body = RequestBody::Bytes(text.into());
            } else {
                self.fail(argument::not_convertible("body"));
            }
        }
        self
    }

    /// Gives the body as it is. One that streams is sent at most once.
    pub fn raw(mut self, body: Argument<Body>) -> Self {
        self.request.body = RequestBody::None;
        if let Some(body) = self.fit("body", body) {
            self.request.body = match body.as_bytes() {
                Some(bytes) => RequestBody::Bytes(Bytes::copy_from_slice(bytes)),
                None => RequestBody::Once(Arc::new(Mutex::new(Some(body)))),
            };
        }
        self
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
            self.fail(argument::is_missing(name));
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

    /// Keeps what is wrong with the first invalid argument.
    pub(crate) fn fail(&mut self, detail: String) {
        _ = self.invalid.get_or_insert(detail.into());
    }

    /// The number that was given for a query parameter.
    pub(crate) fn query_number(&self, name: &str) -> Option<u64> {
        let text = self.request.url.query_text(name)?;
        text.split_once('=')?.1.parse().ok()
    }

    pub(crate) fn request_mut(&mut self) -> &mut PreparedRequest {
        &mut self.request
    }
}

/// What is special about this call.
impl Call {
    /// Sets how long the call may take as a whole, in place of the client's total timeout. One attempt may take all of
    /// it.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Sets how often the call is sent, in place of the client's policy. The retry budget stays that of the client.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(Box::new(policy));
        self
    }

    /// Sets whether the call may be sent twice without harm, in place of what the operation says.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.options.idempotent = Some(idempotent);
        self
    }

    /// Adds a header to this call, in place of one that the client sends by that name. The headers of the connection
    /// and of the credentials are refused.
    pub fn extra_header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        match headers::extra(name.as_ref(), value.as_ref()) {
            Ok((name, value)) => {
                let headers = self.request.extra_headers.get_or_insert_default();
                headers.insert(name, value);
            }
            Err(detail) => self.fail(detail),
        }
        self
    }
}

/// The ways to send it.
impl Call {
    /// Sends the call and decodes the JSON of the response.
    ///
    /// # Errors
    /// Every kind of [`Error`].
    pub async fn decode<T>(self) -> Result<Response<T>, Error>
    where
        T: DeserializeOwned + SafeDebug,
    {
        let response = self.finish(ReadMode::Whole).await?;
        Ok(response.decode::<T>()?.with_safe_debug())
    }

    /// Sends the call and decodes the JSON of the response, for operations that document successes with and
    /// without a body. An undocumented success without a body is `None`, too.
    ///
    /// # Errors
    /// Every kind of [`Error`].
    pub async fn decode_optional<T>(self) -> Result<Response<Option<T>>, Error>
    where
        T: DeserializeOwned + SafeDebug,
    {
        let response = self.finish(ReadMode::Whole).await?;
        let response = match response.body {
            RawBody::None => response.with(None),
            _ => response.decode::<T>()?.map(Some),
        };
        Ok(response.with_safe_debug())
    }

    /// Sends the call and reads no body.
    ///
    /// # Errors
    /// Every kind of [`Error`] but [`ErrorKind::Decode`](crate::ErrorKind::Decode) and [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge).
    pub async fn empty(self) -> Result<Response<()>, Error> {
        let response = self.finish(ReadMode::Discard).await?;
        Ok(response.with(()).with_safe_debug())
    }

    /// Sends the call and returns the response's body as a stream. Its size is not limited; each piece must come
    /// within the attempt timeout.
    ///
    /// # Errors
    /// Every kind of [`Error`] but [`ErrorKind::Decode`](crate::ErrorKind::Decode) and [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge).
    pub async fn stream(self) -> Result<Response<ByteStream>, Error> {
        let response = self.finish(ReadMode::Stream).await?;
        let (status, headers) = (response.status, response.headers.clone());
        Ok(Response::new(response.into_stream(), status, headers).with_safe_debug())
    }

    /// Sends the call and reads the response without decoding it.
    ///
    /// # Errors
    /// Every kind of [`Error`] but [`ErrorKind::Decode`](crate::ErrorKind::Decode).
    pub async fn buffered(self) -> Result<RawResponse, Error> {
        self.finish(ReadMode::Whole).await
    }

    /// Sends the call and returns any success as it comes: whatever its status and media type, its body not yet read.
    ///
    /// # Errors
    /// Every kind of [`Error`] but those about a body.
    pub async fn send_raw(self) -> Result<RawResponse, Error> {
        self.any_success().finish(ReadMode::Stream).await
    }

    /// Sends the call and decodes the JSON of any success as a type of the caller's, in place of the operation's own.
    ///
    /// # Errors
    /// Every kind of [`Error`].
    pub async fn send_as<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.any_success().buffered().await?.decode()
    }

    /// Takes any 2xx as a success, of any media type.
    pub(crate) fn any_success(mut self) -> Self {
        self.options.takes_any_success = true;
        self
    }

    async fn finish(self, read: ReadMode) -> Result<RawResponse, Error> {
        execute(
            &self.transport,
            &self.request,
            &self.options,
            self.invalid,
            read,
        )
        .await
    }
}

impl fmt::Debug for Call {
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
        assert!(call.request.headers.unwrap()["X-Secret"].is_sensitive());
    }
}
