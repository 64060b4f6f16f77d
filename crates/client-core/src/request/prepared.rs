//! A request in the making, from which each attempt gets its own.

use bytes::Bytes;
use reqwest::{
    Body, Request,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT},
};

use crate::{
    client::transport::Settings,
    error::Error,
    operation::Operation,
    request::url::{self, Target},
};

/// What a call has been given, ready to be sent as often as need be.
pub(crate) struct Draft {
    pub(crate) operation: &'static Operation,
    pub(crate) target: Target,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Content,
}

/// The body of a request.
pub(crate) enum Content {
    None,
    Bytes(Bytes),
    /// A body that streams: it is gone after one attempt.
    Once(Option<Body>),
}

impl Draft {
    pub(crate) fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            target: Target::default(),
            headers: HeaderMap::new(),
            body: Content::None,
        }
    }

    pub(crate) fn can_repeat(&self) -> bool {
        !matches!(self.body, Content::Once(_))
    }

    /// The request of one attempt, complete but for the credentials.
    pub(crate) fn request(&mut self, settings: &Settings) -> Result<Request, Error> {
        let operation = self.operation;
        let url = self.target.url(&settings.base, operation.path)?;
        let mut request = Request::new(operation.method.clone(), url);
        let headers = request.headers_mut();
        headers.clone_from(&self.headers);
        headers.insert(USER_AGENT, settings.user_agent.clone());
        if let Some(accept) = operation.accept {
            headers.insert(ACCEPT, fixed(accept)?);
        }
        for (name, value) in operation.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad_operation())?;
            headers.insert(name, fixed(value)?);
        }
        let body = match &mut self.body {
            Content::None => None,
            Content::Bytes(bytes) => Some(bytes.clone().into()),
            Content::Once(body) => body.take(),
        };
        match (&operation.body, &body) {
            (Some(known), None) if known.required => return Err(url::missing("body")),
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
