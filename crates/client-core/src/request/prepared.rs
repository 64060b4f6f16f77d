//! A prepared request, from which each attempt is built.

use std::{
    borrow::Cow,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use reqwest::{
    Body, Method, Request,
    header::{
        ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT,
    },
};

use super::{argument, base_url::BaseUrl, url::RequestUrl};
use crate::{error::Error, operation::Operation};

/// The arguments of a call, ready to be sent as often as needed.
#[derive(Clone)]
pub(crate) struct PreparedRequest {
    pub(crate) operation: &'static Operation,
    /// The operation's, or that of a request which the spec does not know.
    pub(crate) method: Method,
    pub(crate) template: Cow<'static, str>,
    pub(crate) url: RequestUrl,
    /// Header parameters. Few calls have any, and a call is moved by each of its methods: so they are boxed.
    pub(crate) headers: Option<Box<HeaderMap>>,
    /// Headers that the caller added to this call, in place of the client's own.
    pub(crate) extra_headers: Option<Box<HeaderMap>>,
    pub(crate) body: RequestBody,
}

/// The body of a request.
#[derive(Clone)]
pub(crate) enum RequestBody {
    None,
    Bytes(Bytes),
    /// A body that streams: it can be sent once, by one of the call's clones.
    Once(Arc<Mutex<Option<Body>>>),
}

impl PreparedRequest {
    pub(crate) fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            method: operation.method.clone(),
            template: Cow::Borrowed(operation.path),
            url: RequestUrl::default(),
            headers: None,
            extra_headers: None,
            body: RequestBody::None,
        }
    }

    pub(crate) fn can_repeat(&self) -> bool {
        !matches!(self.body, RequestBody::Once(_))
    }

    /// The request of one attempt, complete except for the credentials.
    pub(crate) fn build(&self, base: &BaseUrl, user_agent: &HeaderValue) -> Result<Request, Error> {
        let operation = self.operation;
        let url = self.url.build(base, &self.template)?;
        let mut request = Request::new(self.method.clone(), url);
        let headers = request.headers_mut();
        if let Some(given) = &self.headers {
            headers.clone_from(given);
        }
        headers.insert(USER_AGENT, user_agent.clone());
        // Nothing here decompresses.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(accept) = operation.accept {
            headers.insert(ACCEPT, fixed(accept)?);
        }
        for (name, value) in operation.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad_operation())?;
            headers.insert(name, fixed(value)?);
        }
        let body = match &self.body {
            RequestBody::None => None,
            RequestBody::Bytes(bytes) => Some(bytes.clone().into()),
            RequestBody::Once(body) => {
                let body = body.lock().unwrap_or_else(PoisonError::into_inner).take();
                let sent = || Error::invalid("the body streams, and a clone of the call sent it");
                Some(body.ok_or_else(sent)?)
            }
        };
        match (&operation.body, &body) {
            (Some(known), None) if known.required => return Err(argument::missing("body")),
            (Some(known), Some(_)) => {
                headers.insert(CONTENT_TYPE, fixed(known.media_type)?);
            }
            _ => {}
        }
        for (name, value) in self.extra_headers.iter().flat_map(|extra| &**extra) {
            headers.insert(name, value.clone());
        }
        *request.body_mut() = body;
        Ok(request)
    }
}

fn fixed(text: &'static str) -> Result<HeaderValue, Error> {
    HeaderValue::from_maybe_shared(Bytes::from_static(text.as_bytes())).map_err(|_| bad_operation())
}

fn bad_operation() -> Error {
    Error::configuration("the operation fixes an invalid header")
}
