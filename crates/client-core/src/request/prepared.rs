//! A prepared request, from which each attempt is built.

use bytes::Bytes;
use reqwest::{
    Body, Request,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT},
};

use super::{argument, base_url::BaseUrl, url::RequestUrl};
use crate::{error::Error, operation::Operation};

/// The arguments of a call, ready to be sent as often as needed.
pub(crate) struct PreparedRequest {
    pub(crate) operation: &'static Operation,
    pub(crate) url: RequestUrl,
    pub(crate) headers: HeaderMap,
    pub(crate) body: RequestBody,
}

/// The body of a request.
pub(crate) enum RequestBody {
    None,
    Bytes(Bytes),
    /// A body that streams: it can be sent once.
    Once(Option<Body>),
}

impl PreparedRequest {
    pub(crate) fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            url: RequestUrl::default(),
            headers: HeaderMap::new(),
            body: RequestBody::None,
        }
    }

    pub(crate) fn can_repeat(&self) -> bool {
        !matches!(self.body, RequestBody::Once(_))
    }

    /// The request of one attempt, complete except for the credentials.
    pub(crate) fn build(
        &mut self,
        base: &BaseUrl,
        user_agent: &HeaderValue,
    ) -> Result<Request, Error> {
        let operation = self.operation;
        let url = self.url.build(base, operation.path)?;
        let mut request = Request::new(operation.method.clone(), url);
        let headers = request.headers_mut();
        headers.clone_from(&self.headers);
        headers.insert(USER_AGENT, user_agent.clone());
        if let Some(accept) = operation.accept {
            headers.insert(ACCEPT, fixed(accept)?);
        }
        for (name, value) in operation.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad_operation())?;
            headers.insert(name, fixed(value)?);
        }
        let body = match &mut self.body {
            RequestBody::None => None,
            RequestBody::Bytes(bytes) => Some(bytes.clone().into()),
            RequestBody::Once(body) => body.take(),
        };
        match (&operation.body, &body) {
            (Some(known), None) if known.required => return Err(argument::missing("body")),
            (Some(known), Some(_)) => {
                headers.insert(CONTENT_TYPE, fixed(known.media_type)?);
            }
            _ => {}
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
