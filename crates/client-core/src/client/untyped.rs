//! Requests that the spec does not know.

use std::{borrow::Cow, fmt::Display, time::Duration};

use reqwest::Method;
use serde::{Serialize, de::DeserializeOwned};

use super::{call::Call, retry::RetryPolicy, transport::Transport};
use crate::{
    error::Error,
    operation::{DocumentedResponse, Operation},
    request::{argument, prepared::RequestBody},
    response::{raw::RawResponse, typed::Response},
};

/// What requests have in common in an API that says nothing about it.
pub(crate) static ANY: Operation = Operation {
    id: "request",
    name: "request",
    method: Method::GET,
    path: "/",
    tags: &[],
    parameters: &[],
    headers: &[],
    accept: Some("application/json"),
    body: None,
    responses: &[DocumentedResponse::new("2XX", &["*/*"])],
    security: &[],
    idempotent: true,
};

/// A request that the spec does not know, with the credentials, fixed headers, errors and retries of the client's
/// operations. Its operation is named `request` in errors and traces.
///
/// It succeeds with any 2xx. It is retried as an operation of its method is: `GET`, `HEAD`, `OPTIONS`, `PUT` and
/// `DELETE` are idempotent, others only if [`idempotent`](Self::idempotent) says so.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct Request(Call);

impl Transport {
    /// Starts a request that the spec does not know; `common` is what the API's requests have in common.
    ///
    /// The path is a template: it begins with a slash, and each `{name}` in it is given by [`Request::path`], which
    /// encodes the value. Traces show a template only if it is a constant.
    pub fn request(
        &self,
        common: &'static Operation,
        method: Method,
        path: impl Into<Cow<'static, str>>,
    ) -> Request {
        let mut call = self.call(common).idempotent(method.is_idempotent());
        let path = path.into();
        if !path.starts_with('/') {
            call.fail("the path of a request must begin with a slash".to_owned());
        }
        let request = call.request_mut();
        request.method = method;
        request.template = path;
        Request(call.any_success())
    }
}

impl Request {
    /// Gives a parameter of the path.
    pub fn path(mut self, name: impl Into<Cow<'static, str>>, value: impl Display) -> Self {
        let (name, request) = (name.into(), self.0.request_mut());
        if request.template.contains(&format!("{{{name}}}")) {
            request.url.set_path(name, &value);
        } else {
            self.0.fail(format!("the path has no parameter `{name}`"));
        }
        self
    }

    /// Adds a parameter to the query: text, a number, a boolean, or a list of these, for which the name is repeated.
    /// `None` adds nothing. A name that is given again is sent again.
    pub fn query(mut self, name: impl Into<Cow<'static, str>>, value: impl Serialize) -> Self {
        let name = name.into();
        if !self
            .0
            .request_mut()
            .url
            .add_query(name.clone(), &value, true)
        {
            self.0.fail(argument::not_convertible(&name));
        }
        self
    }

    /// Sets the body, as JSON.
    pub fn json(mut self, body: impl Serialize) -> Self {
        match serde_json::to_vec(&body) {
            Ok(text) => self.0.request_mut().body = RequestBody::Bytes(text.into()),
            Err(_) => self.0.fail(argument::not_convertible("body")),
        }
        self
    }

    /// Adds a header, in place of one that the client sends by that name. The headers of the connection and of the
    /// credentials are refused.
    pub fn header(self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        Self(self.0.extra_header(name, value))
    }

    /// See [`Call::timeout`].
    pub fn timeout(self, timeout: Duration) -> Self {
        Self(self.0.timeout(timeout))
    }

    /// See [`Call::retry`].
    pub fn retry(self, policy: RetryPolicy) -> Self {
        Self(self.0.retry(policy))
    }

    /// Sets whether the request may be sent twice without harm, in place of what its method says.
    pub fn idempotent(self, idempotent: bool) -> Self {
        Self(self.0.idempotent(idempotent))
    }

    /// Sends the request, and reads no body if it succeeds.
    ///
    /// # Errors
    /// Every kind of [`Error`] but those about a body.
    pub async fn send(self) -> Result<Response<()>, Error> {
        self.0.empty().await
    }

    /// Sends the request and returns any success as it comes, its body not yet read.
    ///
    /// # Errors
    /// Every kind of [`Error`] but those about a body.
    pub async fn send_raw(self) -> Result<RawResponse, Error> {
        self.0.send_raw().await
    }

    /// Sends the request and decodes the JSON of the response.
    ///
    /// # Errors
    /// Every kind of [`Error`].
    pub async fn send_as<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.0.send_as().await
    }
}
