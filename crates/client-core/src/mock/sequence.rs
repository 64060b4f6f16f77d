//! Several responses of a mock, one after the other.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use httpmock::HttpMockResponse;

/// The responses that calls get in turn; the last one is given again.
#[derive(Default)]
pub(super) struct Sequence {
    responses: Mutex<Vec<Recorded>>,
    given: AtomicUsize,
}

/// A response as it was stated.
#[derive(Clone, Default)]
struct Recorded {
    status: u16,
    content: Option<(String, Vec<u8>)>,
}

impl Sequence {
    /// Starts another response.
    pub(super) fn start(&self, status: u16) {
        let content = None;
        self.responses().push(Recorded { status, content });
    }

    /// Sets the status of the last response.
    pub(super) fn status(&self, status: u16) {
        if let Some(last) = self.responses().last_mut() {
            last.status = status;
        }
    }

    /// Sets the body of the last response.
    pub(super) fn content(&self, media_type: &str, body: &[u8]) {
        if let Some(last) = self.responses().last_mut() {
            last.content = Some((media_type.to_owned(), body.to_vec()));
        }
    }

    /// The response of the next call.
    pub(super) fn next(&self) -> HttpMockResponse {
        let number = self.given.fetch_add(1, Ordering::SeqCst);
        let responses = self.responses();
        let last = responses.len().saturating_sub(1);
        let Recorded { status, content } = responses[number.min(last)].clone();
        let response = HttpMockResponse::builder().status(status);
        match content {
            Some((media_type, body)) => response.header("content-type", media_type).body(body),
            None => response,
        }
        .build()
    }

    fn responses(&self) -> MutexGuard<'_, Vec<Recorded>> {
        self.responses
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
