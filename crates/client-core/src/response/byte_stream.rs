//! The body of a response that is handed on as it comes.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{FutureExt as _, Stream, StreamExt as _};
use reqwest::Response;
use tokio::time::{Sleep, sleep_until};

use crate::{
    client::attempt::{broken, too_slow},
    client::transport::after,
    error::Error,
    operation::Operation,
};

/// The bytes of a file, piece by piece. Each piece must come within the client's attempt timeout; the size has no
/// bound.
///
/// It ends after the first error, of kind [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) or
/// [`ErrorKind::Transport`](crate::ErrorKind::Transport).
pub struct ByteStream(Option<Running>);

struct Running {
    body: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>>,
    operation: &'static Operation,
    patience: Duration,
    /// Runs while a piece is waited for, and not while the reader is busy with the last one.
    timer: Option<Pin<Box<Sleep>>>,
}

impl ByteStream {
    pub(crate) fn new(
        operation: &'static Operation,
        response: Response,
        patience: Duration,
    ) -> Self {
        Self(Some(Running {
            body: Box::pin(response.bytes_stream()),
            operation,
            patience,
            timer: None,
        }))
    }
}

#[cfg(feature = "dispatch")]
impl ByteStream {
    /// The `operationId` of the call, while the stream runs.
    pub(crate) fn operation(&self) -> Option<&'static str> {
        self.0.as_ref().map(|running| running.operation.id)
    }
}

impl Running {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        let Self {
            body,
            operation,
            patience,
            timer,
        } = self;
        let piece = match body.poll_next_unpin(cx) {
            Poll::Ready(piece) => piece,
            Poll::Pending => {
                let timer = timer.get_or_insert_with(|| Box::pin(sleep_until(after(*patience))));
                ready!(timer.poll_unpin(cx));
                let error = too_slow(operation, "the response stalled");
                return Poll::Ready(Some(Err(error)));
            }
        };
        *timer = None;
        Poll::Ready(piece.map(|piece| piece.map_err(|failure| broken(failure, operation, false))))
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(running) = &mut self.0 else {
            return Poll::Ready(None);
        };
        let operation = running.operation.id;
        let piece = ready!(running.poll(cx));
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
