//! The body of a response, as a stream.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_util::{FutureExt as _, Stream, StreamExt as _, stream};
use reqwest::Response;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep, sleep_until};

use super::failure::{broken, too_large, too_slow};
use crate::{deadline::after, error::Error, safe_debug::SafeDebug};

/// The bytes of a file, piece by piece. Each piece must come within the client's attempt timeout, and the end within
/// its [`stream_timeout`](crate::ClientBuilder::stream_timeout), if one is set. The size has no limit.
///
/// It ends after the first error, of kind [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) or
/// [`ErrorKind::Transport`](crate::ErrorKind::Transport).
pub struct ByteStream(Option<Reading>);

struct Reading {
    body: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>>,
    operation: &'static str,
    idempotent: bool,
    timeout: Duration,
    /// When the whole stream must have ended.
    end: Option<Instant>,
    /// Runs while a piece is waited for, and not while the reader is busy with the last one.
    timer: Option<Pin<Box<Sleep>>>,
    /// The right to the connection.
    _slot: Option<OwnedSemaphorePermit>,
}

impl ByteStream {
    pub(crate) fn new(
        operation: &'static str,
        idempotent: bool,
        response: Response,
        timeout: Duration,
        end: Option<Instant>,
        slot: OwnedSemaphorePermit,
    ) -> Self {
        Self(Some(Reading {
            _slot: Some(slot),
            end,
            body: Box::pin(response.bytes_stream()),
            operation,
            idempotent,
            timeout,
            timer: None,
        }))
    }

    /// A stream of a body that was read.
    pub(crate) fn of(operation: &'static str, body: Bytes) -> Self {
        Self(Some(Reading {
            body: Box::pin(stream::iter([Ok(body)])),
            operation,
            idempotent: false,
            timeout: Duration::MAX,
            end: None,
            timer: None,
            _slot: None,
        }))
    }

    /// The whole body, of at most so many bytes.
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge), and what the stream fails with.
    pub async fn collect(mut self, limit: usize) -> Result<Bytes, Error> {
        let operation = self.0.as_ref().map(|reading| reading.operation);
        let mut body = BytesMut::new();
        while let Some(piece) = self.next().await {
            let piece = piece.map_err(|error| error.with_body(&body))?;
            if body.len() + piece.len() > limit {
                body.extend_from_slice(&piece);
                let error = too_large(limit).with_body(&body);
                return Err(match operation {
                    Some(operation) => error.with_operation(operation),
                    None => error,
                });
            }
            body.extend_from_slice(&piece);
        }
        Ok(body.freeze())
    }
}

impl Reading {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        let Self {
            body,
            idempotent,
            timeout,
            end,
            timer,
            ..
        } = self;
        let is_over = |end: &Option<Instant>| end.is_some_and(|end| end <= Instant::now());
        if is_over(end) {
            let error = too_slow(*idempotent, "the response did not end in time");
            return Poll::Ready(Some(Err(error)));
        }
        let piece = match body.poll_next_unpin(cx) {
            Poll::Ready(piece) => piece,
            Poll::Pending => {
                let timer = timer.get_or_insert_with(|| {
                    let stalled = after(*timeout);
                    Box::pin(sleep_until(end.map_or(stalled, |end| end.min(stalled))))
                });
                ready!(timer.poll_unpin(cx));
                let detail = match is_over(end) {
                    true => "the response did not end in time",
                    false => "the response stalled",
                };
                let error = too_slow(*idempotent, detail);
                return Poll::Ready(Some(Err(error)));
            }
        };
        *timer = None;
        Poll::Ready(piece.map(|piece| piece.map_err(|failure| broken(failure, *idempotent, false))))
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(reading) = &mut self.0 else {
            return Poll::Ready(None);
        };
        let operation = reading.operation;
        let piece = ready!(reading.poll(cx));
        if !matches!(piece, Some(Ok(_))) {
            self.0 = None;
        }
        Poll::Ready(piece.map(|piece| piece.map_err(|error| error.with_operation(operation))))
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}

impl SafeDebug for ByteStream {
    fn safe_fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
