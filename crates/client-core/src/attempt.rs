//! One attempt of a call: one request out, one answer judged and read.

use bytes::{Bytes, BytesMut};
use reqwest::{
    Request, Response, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap},
};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, timeout_at};

use crate::{
    byte_stream::ByteStream,
    error::{Error, ErrorKind},
    error_body, media_type,
    operation::{self, Operation},
    retry,
    transport::{Transport, after},
};

/// How much of an error body is kept.
const ERROR_BODY_LIMIT: usize = 64 * 1024;

/// How long an error body is waited for: the status is known and must not be held up.
const ERROR_BODY_PATIENCE: Duration = Duration::from_secs(5);

/// How much of a body that nobody wants is read, so that the connection can be used again.
const DISCARD_LIMIT: usize = 64 * 1024;

/// What becomes of the body of a success.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Read {
    /// Read whole, within the client's limit.
    Whole,
    /// Handed on as it comes.
    Stream,
    /// Thrown away.
    Discard,
}

/// A success.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: AnswerBody,
}

pub(crate) enum AnswerBody {
    Whole(Bytes),
    Stream(ByteStream),
    None,
}

impl Transport {
    /// Sends the request once. The answer is a documented success, or an error.
    pub(crate) fn attempt(
        &self,
        operation: &'static Operation,
        request: Request,
        read: Read,
        deadline: Instant,
    ) -> impl Future<Output = Result<Answer, Error>> + Send {
        let deadline = deadline.min(after(self.0.attempt_timeout));
        let asked = self.0.brought.then(|| request.url().clone());
        // Outside of the future, which would carry the request along.
        let sending = self.0.http.execute(request);
        async move {
            let response = match timeout_at(deadline, sending).await {
                Ok(Ok(response)) => response,
                Ok(Err(failure)) => return Err(broken(failure, operation)),
                Err(_) => return Err(too_slow(operation, "no response in time")),
            };
            let status = response.status();
            let request_id = request_id(response.headers());
            let redirected = asked.is_some_and(|asked| asked != *response.url());
            let outcome = if redirected {
                Err(Error::new(
                    ErrorKind::Redirect,
                    "the HTTP client that was brought follows redirects",
                ))
            } else if status.is_client_error() || status.is_server_error() {
                // On the heap, to keep what every call carries small.
                Err(Box::pin(refused(operation, response, deadline)).await)
            } else {
                self.success(operation, response, read, deadline).await
            };
            outcome.map_err(|error| error.with_status(status).with_request_id(request_id))
        }
    }

    async fn success(
        &self,
        operation: &'static Operation,
        mut response: Response,
        read: Read,
        deadline: Instant,
    ) -> Result<Answer, Error> {
        let status = response.status();
        let has_body = accept(operation, &response, read)?;
        let headers = std::mem::take(response.headers_mut());
        let body = match read {
            Read::Stream => {
                let patience = self.0.attempt_timeout;
                AnswerBody::Stream(ByteStream::new(operation, response, patience))
            }
            Read::Whole if has_body => {
                AnswerBody::Whole(self.whole(operation, &mut response, deadline).await?)
            }
            Read::Whole | Read::Discard => {
                // Whatever comes of it: the call has succeeded, and nobody wants the body.
                let discard = up_to(response, DISCARD_LIMIT);
                let patience = deadline.min(after(ERROR_BODY_PATIENCE));
                _ = Box::pin(timeout_at(patience, discard)).await;
                AnswerBody::None
            }
        };
        Ok(Answer {
            status,
            headers,
            body,
        })
    }

    /// The whole body, within the client's limit.
    async fn whole(
        &self,
        operation: &Operation,
        response: &mut Response,
        deadline: Instant,
    ) -> Result<Bytes, Error> {
        let limit = self.0.max_response_bytes;
        let too_large = || {
            Error::new(
                ErrorKind::TooLarge,
                format!("the response is larger than {limit} bytes"),
            )
        };
        if response
            .content_length()
            .is_some_and(|length| length > limit as u64)
        {
            return Err(too_large());
        }
        let reading = async {
            let mut first = Bytes::new();
            let mut rest = BytesMut::new();
            while let Some(chunk) = response
                .chunk()
                .await
                .map_err(|failure| broken(failure, operation))?
            {
                if first.len() + rest.len() + chunk.len() > limit {
                    return Err(too_large());
                }
                // Most bodies come in one piece, which need not be copied.
                if first.is_empty() {
                    first = chunk;
                } else {
                    rest.extend_from_slice(&chunk);
                }
            }
            if rest.is_empty() {
                return Ok(first);
            }
            Ok([first, rest.freeze()].concat().into())
        };
        let slow = |_| Err(too_slow(operation, "the response did not end in time"));
        timeout_at(deadline, reading).await.unwrap_or_else(slow)
    }
}

/// Judges the head of an answer that is no error; whether a body belongs to it.
fn accept(operation: &Operation, response: &Response, read: Read) -> Result<bool, Error> {
    let status = response.status();
    if status.is_redirection() {
        return Err(Error::new(
            ErrorKind::Redirect,
            "the server redirects, which is not followed",
        ));
    }
    let documented = documented(operation, status).ok_or_else(|| {
        Error::new(
            ErrorKind::UnexpectedStatus,
            "the server answered with an undocumented status",
        )
    })?;
    let has_body = !documented.media_types.is_empty() && status != StatusCode::NO_CONTENT;
    if has_body {
        check_content(response.headers(), documented, read)?;
    }
    Ok(has_body)
}

/// The documented response for a success status: the status itself, else its range, else `default` where no
/// success is documented.
fn documented(operation: &Operation, status: StatusCode) -> Option<&'static operation::Response> {
    let responses = operation.responses;
    let find = |wanted: &str| {
        responses
            .iter()
            .find(|response| response.status.eq_ignore_ascii_case(wanted))
    };
    if !status.is_success() {
        return None;
    }
    find(status.as_str()).or_else(|| find("2XX")).or_else(|| {
        let has_success = responses
            .iter()
            .any(|response| response.status.starts_with('2'));
        find("default").filter(|_| !has_success)
    })
}

fn check_content(
    headers: &HeaderMap,
    documented: &operation::Response,
    read: Read,
) -> Result<(), Error> {
    let content_type = headers
        .get(CONTENT_TYPE)
        .map_or("", |value| value.to_str().unwrap_or_default());
    if !media_type::is_documented(content_type, documented.media_types) {
        let expected = documented.media_types.join("` or `");
        let detail = format!("the response is not of the media type `{expected}`");
        return Err(Error::new(ErrorKind::MediaType, detail));
    }
    let encoding = headers
        .get(CONTENT_ENCODING)
        .filter(|value| *value != "identity");
    if encoding.is_some() && read == Read::Whole {
        return Err(Error::new(
            ErrorKind::Decode,
            "the response is compressed, which was not asked for",
        ));
    }
    Ok(())
}

/// An error status, with what can be had of its body.
async fn refused(operation: &Operation, response: Response, deadline: Instant) -> Error {
    let status = response.status();
    let wait = retry::retry_after(response.headers());
    let patience = deadline.min(after(ERROR_BODY_PATIENCE));
    let mut body = BytesMut::new();
    _ = timeout_at(patience, collect(response, ERROR_BODY_LIMIT, &mut body)).await;
    body.truncate(ERROR_BODY_LIMIT);
    Error::new(ErrorKind::Status, "the server refused the call")
        .with_body(error_body::read(&body), body.freeze())
        .with_retry_after(wait)
        .with_retryable(retry::is_passing(status) && operation.idempotent)
}

async fn up_to(response: Response, limit: usize) {
    collect(response, limit, &mut BytesMut::new()).await;
}

/// Reads until the end, the limit, or a failure, whichever comes first.
async fn collect(mut response: Response, limit: usize, body: &mut BytesMut) {
    while body.len() < limit {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("x-request-id")?.to_str().ok()?;
    Some(id.to_owned())
}

pub(crate) fn broken(failure: reqwest::Error, operation: &Operation) -> Error {
    let unsent = failure.is_connect();
    let (kind, detail) = match () {
        () if failure.is_timeout() => (ErrorKind::Timeout, "no connection or response in time"),
        () if unsent => (ErrorKind::Connect, "no connection to the server"),
        () if failure.is_builder() => (ErrorKind::InvalidRequest, "the request cannot be sent"),
        () if failure.is_redirect() => (
            ErrorKind::Redirect,
            "the HTTP client that was brought follows redirects",
        ),
        () => (
            ErrorKind::Transport,
            "the exchange with the server broke off",
        ),
    };
    let passing = matches!(
        kind,
        ErrorKind::Timeout | ErrorKind::Connect | ErrorKind::Transport
    );
    Error::new(kind, detail)
        .with_retryable(passing && (unsent || operation.idempotent))
        .with_source(Arc::new(failure.without_url()))
}

pub(crate) fn too_slow(operation: &Operation, detail: &'static str) -> Error {
    Error::new(ErrorKind::Timeout, detail).with_retryable(operation.idempotent)
}
