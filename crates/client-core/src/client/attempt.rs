//! One attempt of a call: one request out, one response checked and read.

use std::{
    pin::{Pin, pin},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_util::future::{Either, select};
use reqwest::{Request, Response, Url, header::HeaderMap};
use tokio::time::{Instant, Sleep, sleep_until, timeout_at};
use tracing::Span;

use super::{
    connections::Slot,
    retry::{self, RetryPolicy},
    settings::Settings,
};
use crate::{
    deadline::{after, later},
    error::{Error, ErrorKind},
    operation::Operation,
    response::{
        byte_stream::ByteStream,
        error_body,
        failure::{broken, redirected, too_large, too_slow},
        raw::{RawBody, RawResponse},
        request_id,
        validate::{self, Head, ReadMode},
    },
};

/// How much is read of a body that decides nothing: the body of an error, or one that was not asked for.
const SIDE_BODY_LIMIT: usize = 64 * 1024;

/// How long such a body may take: the outcome is known and must not be held up.
const SIDE_BODY_TIMEOUT: Duration = Duration::from_secs(5);

/// How a call is sent: what its attempts have in common.
#[derive(Clone, Copy)]
pub(crate) struct Plan<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) operation: &'static Operation,
    pub(crate) idempotent: bool,
    /// Whether any 2xx is a success, of any media type.
    pub(crate) takes_any_success: bool,
    pub(crate) retry: &'a RetryPolicy,
    pub(crate) attempt_timeout: Duration,
    /// When the call must have ended.
    pub(crate) deadline: Instant,
    pub(crate) read: ReadMode,
}

/// Sends the request once, at this time, over a connection that it has the right to. The response is a success that the
/// call takes, or an error.
pub(crate) fn send(
    plan: &Plan<'_>,
    client: reqwest::Client,
    slot: Slot,
    request: Request,
    sent: Instant,
) -> impl Future<Output = Result<RawResponse, Error>> + Send {
    let Plan {
        settings,
        operation,
        idempotent,
        read,
        ..
    } = *plan;
    let plan = *plan;
    let deadline = plan.deadline.min(later(sent, plan.attempt_timeout));
    // Only a custom HTTP client follows redirects.
    let is_custom = settings.connections.are_custom();
    let asked = is_custom.then(|| Box::new(request.url().clone()));
    let is_elsewhere = move |url: Option<&Url>| {
        let asked = asked.as_deref();
        asked.is_some_and(|asked| url.is_some_and(|url| url != asked))
    };
    // Outside of the future, which would carry the request along.
    let sending = client.execute(request);
    async move {
        let mut timer = pin!(sleep_until(deadline));
        let mut response = match select(pin!(sending), timer.as_mut()).await {
            Either::Left((Ok(response), _)) => response,
            Either::Left((Err(failure), _)) if is_elsewhere(failure.url()) => {
                return Err(redirected());
            }
            Either::Left((Err(failure), _)) => {
                // A custom HTTP client may have been redirected to where it could not connect.
                let unsent = failure.is_connect() && !is_custom;
                return Err(broken(failure, idempotent, unsent));
            }
            Either::Right(_) => return Err(too_slow(idempotent, "no response in time")),
        };
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let head = if is_elsewhere(Some(response.url())) {
            Err(redirected())
        } else {
            let operation = (!plan.takes_any_success).then_some(operation);
            validate::head(operation, status, &headers, read)
        };
        let mut doubt = None;
        // What not every call needs is on the heap, to keep what every call carries small.
        let body = match head {
            Err(error) => {
                let body = Box::pin(remainder(&mut response, deadline)).await;
                Err(error.with_body(&body))
            }
            Ok(Head::Refusal) => Err(Box::pin(refused(&plan, &headers, response, deadline)).await),
            Ok(_) if read == ReadMode::Stream => {
                let body = ByteStream::new(
                    operation.id,
                    idempotent,
                    response,
                    settings.attempt_timeout,
                    settings.stream_timeout.map(after),
                    slot,
                );
                Ok(RawBody::Stream(body))
            }
            Ok(Head::Body(found)) => {
                doubt = found;
                let body = whole(
                    settings.max_response_bytes,
                    idempotent,
                    &mut response,
                    timer,
                )
                .await;
                // Whether an undocumented success has a body is not known before.
                body.map(|body| match doubt.is_some() && body.is_empty() {
                    true => RawBody::None,
                    false => RawBody::Bytes(body),
                })
            }
            Ok(Head::Empty) => {
                // Read all the same, so that the connection can be used again.
                Box::pin(remainder(&mut response, deadline)).await;
                Ok(RawBody::None)
            }
        };
        match body {
            Ok(body) => Ok(RawResponse {
                operation: operation.id,
                status,
                headers,
                body,
                limit: settings.max_response_bytes,
                decoding_limit: settings.max_decoding_bytes,
                doubt,
                span: Span::none(),
            }),
            Err(error) => {
                let error = error.with_status(status);
                Err(match request_id(&headers) {
                    Some(id) => error.with_request_id(id),
                    None => error,
                })
            }
        }
    }
}

/// The whole body, within a limit in bytes.
async fn whole(
    limit: usize,
    idempotent: bool,
    response: &mut Response,
    mut timer: Pin<&mut Sleep>,
) -> Result<Bytes, Error> {
    let announced = response.content_length();
    if announced.is_some_and(|length| length > limit as u64) {
        let body = Box::pin(remainder(response, timer.deadline())).await;
        return Err(too_large(limit).with_body(&body));
    }
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    let kept = |error: Error, first: &[u8], rest: &[u8]| {
        let first = &first[..first.len().min(SIDE_BODY_LIMIT)];
        let rest = &rest[..rest.len().min(SIDE_BODY_LIMIT)];
        Err(error.with_body(&[first, rest].concat()))
    };
    loop {
        // The timer comes first: a body that never pauses must not keep it from being asked.
        let chunk = match select(timer.as_mut(), pin!(response.chunk())).await {
            Either::Left(_) => {
                let error = too_slow(idempotent, "the response did not end in time");
                return kept(error, &first, &rest);
            }
            Either::Right((Ok(Some(chunk)), _)) => chunk,
            Either::Right((Ok(None), _)) => break,
            Either::Right((Err(failure), _)) => {
                return kept(broken(failure, idempotent, false), &first, &rest);
            }
        };
        if first.len() + rest.len() + chunk.len() > limit {
            rest.extend_from_slice(&chunk);
            return kept(too_large(limit), &first, &rest);
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

/// An error status, with what can be read of its body.
async fn refused(
    plan: &Plan<'_>,
    headers: &HeaderMap,
    mut response: Response,
    deadline: Instant,
) -> Error {
    let status = response.status();
    let wait = retry::retry_after(headers);
    let mut body = remainder(&mut response, deadline).await;
    body.truncate(SIDE_BODY_LIMIT);
    let details = error_body::read(status, &body);
    Error::new(ErrorKind::Status, "the server refused the call")
        .with_details(details)
        .with_body(&body)
        .with_retry_after(wait)
        .with_retryable(plan.retry.is_retryable(status, plan.idempotent))
}

/// Reads a body that decides nothing until its end, the limit, or a failure, whichever comes first.
async fn remainder(response: &mut Response, deadline: Instant) -> BytesMut {
    let mut body = BytesMut::new();
    let reading = async {
        while body.len() < SIDE_BODY_LIMIT {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) | Err(_) => break,
            }
        }
    };
    _ = timeout_at(deadline.min(after(SIDE_BODY_TIMEOUT)), reading).await;
    body
}
