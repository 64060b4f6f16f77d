//! One attempt of a call: one request out, one answer judged and read.

use std::{
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_util::future::{Either, select};
use reqwest::{
    Request, Response, StatusCode, Url,
    header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap},
};
use tokio::time::{Instant, Sleep, sleep_until, timeout_at};
use tracing::Span;

use crate::{
    client::retry,
    client::transport::{Transport, after},
    error::{Error, ErrorKind},
    operation::{self, Operation},
    response::byte_stream::ByteStream,
    response::error_body,
    response::media_type,
};

/// How much is read of a body that decides nothing: one of an error, or one that nobody wants.
const SIDE_BODY_LIMIT: usize = 64 * 1024;

/// How long such a body is waited for: the outcome is known and must not be held up.
const SIDE_BODY_PATIENCE: Duration = Duration::from_secs(5);

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
    /// The call's, to note on it whether the body decodes.
    pub(crate) span: Span,
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
        // Only a client that was brought follows redirects.
        let asked = self.0.brought.then(|| Box::new(request.url().clone()));
        let is_elsewhere = move |url: Option<&Url>| {
            let asked = asked.as_deref();
            asked.is_some_and(|asked| url.is_some_and(|url| url != asked))
        };
        // Outside of the future, which would carry the request along.
        let sending = self.0.http.execute(request);
        async move {
            let mut timer = pin!(sleep_until(deadline));
            let mut response = match select(pin!(sending), timer.as_mut()).await {
                Either::Left((Ok(response), _)) => response,
                Either::Left((Err(failure), _)) if is_elsewhere(failure.url()) => {
                    return Err(redirected());
                }
                Either::Left((Err(failure), _)) => {
                    // A client that was brought may have been redirected to where it could not connect.
                    let unsent = failure.is_connect() && !self.0.brought;
                    return Err(broken(failure, operation, unsent));
                }
                Either::Right(_) => return Err(too_slow(operation, "no response in time")),
            };
            let status = response.status();
            let headers = std::mem::take(response.headers_mut());
            let verdict = if is_elsewhere(Some(response.url())) {
                Err(redirected())
            } else {
                judge(operation, status, &headers, read)
            };
            // What not every call needs is on the heap, to keep what every call carries small.
            let body = match verdict {
                Err(error) => Err(error),
                Ok(Verdict::Refused) => {
                    Err(Box::pin(refused(operation, &headers, response, deadline)).await)
                }
                Ok(_) if read == Read::Stream => {
                    let patience = self.0.attempt_timeout;
                    let body = ByteStream::new(operation, response, patience);
                    Ok(AnswerBody::Stream(body))
                }
                Ok(Verdict::Body) if read == Read::Whole => {
                    let body = self.whole(operation, &mut response, timer).await;
                    body.map(AnswerBody::Whole)
                }
                Ok(Verdict::Body | Verdict::Empty) => {
                    // Read all the same, so that the connection can be used again.
                    Box::pin(remainder(response, deadline)).await;
                    Ok(AnswerBody::None)
                }
            };
            match body {
                Ok(body) => Ok(Answer {
                    status,
                    headers,
                    body,
                    span: Span::none(),
                }),
                Err(error) => {
                    let id = request_id(&headers);
                    Err(error.with_status(status).with_request_id(id))
                }
            }
        }
    }

    /// The whole body, within the client's limit.
    async fn whole(
        &self,
        operation: &Operation,
        response: &mut Response,
        mut timer: Pin<&mut Sleep>,
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
        let mut first = Bytes::new();
        let mut rest = BytesMut::new();
        loop {
            // The timer comes first: a body that never pauses must not keep it from being asked.
            let chunk = match select(timer.as_mut(), pin!(response.chunk())).await {
                Either::Left(_) => {
                    return Err(too_slow(operation, "the response did not end in time"));
                }
                Either::Right((Ok(Some(chunk)), _)) => chunk,
                Either::Right((Ok(None), _)) => break,
                Either::Right((Err(failure), _)) => return Err(broken(failure, operation, false)),
            };
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
    }
}

/// What the head of an answer says, if it says nothing wrong.
enum Verdict {
    /// An error status.
    Refused,
    /// A success with a body.
    Body,
    /// A success without one.
    Empty,
}

fn judge(
    operation: &Operation,
    status: StatusCode,
    headers: &HeaderMap,
    read: Read,
) -> Result<Verdict, Error> {
    if status.is_client_error() || status.is_server_error() {
        return Ok(Verdict::Refused);
    }
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
    if documented.media_types.is_empty() || status == StatusCode::NO_CONTENT {
        return Ok(Verdict::Empty);
    }
    check_content(headers, documented, read)?;
    Ok(Verdict::Body)
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
async fn refused(
    operation: &Operation,
    headers: &HeaderMap,
    response: Response,
    deadline: Instant,
) -> Error {
    let status = response.status();
    let wait = retry::retry_after(headers);
    let mut body = remainder(response, deadline).await;
    body.truncate(SIDE_BODY_LIMIT);
    Error::new(ErrorKind::Status, "the server refused the call")
        .with_body(error_body::read(status, &body), body.freeze())
        .with_retry_after(wait)
        .with_retryable(retry::is_passing(status) && operation.idempotent)
}

/// Reads a body that decides nothing until its end, the limit, or a failure, whichever comes first.
async fn remainder(mut response: Response, deadline: Instant) -> BytesMut {
    let mut body = BytesMut::new();
    let reading = async {
        while body.len() < SIDE_BODY_LIMIT {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) | Err(_) => break,
            }
        }
    };
    _ = timeout_at(deadline.min(after(SIDE_BODY_PATIENCE)), reading).await;
    body
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("x-request-id")?.to_str().ok()?;
    Some(id.to_owned())
}

fn redirected() -> Error {
    Error::new(
        ErrorKind::Redirect,
        "the HTTP client that was brought follows redirects",
    )
}

/// A failure of the HTTP client; `unsent`: the server cannot have received the request.
pub(crate) fn broken(failure: reqwest::Error, operation: &Operation, unsent: bool) -> Error {
    let (kind, detail) = match () {
        () if failure.is_timeout() => (ErrorKind::Timeout, "no connection or response in time"),
        () if failure.is_connect() => (ErrorKind::Connect, "no connection to the server"),
        () if failure.is_builder() => (ErrorKind::InvalidRequest, "the request cannot be sent"),
        // Without its source, which quotes where it was sent.
        () if failure.is_redirect() => return redirected(),
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
