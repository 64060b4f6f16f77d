//! Several responses of a mock, one after the other.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};
use std::time::Duration;

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
    headers: Vec<(String, String)>,
    delay: Duration,
}

impl Sequence {
    /// Starts another response.
    pub(super) fn start(&self, status: u16) {
        self.responses().push(Recorded {
            status,
            ..Recorded::default()
        });
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

    /// Adds a header to the last response.
    pub(super) fn header(&self, name: &str, value: &str) {
        if let Some(last) = self.responses().last_mut() {
            last.headers.push((name.to_owned(), value.to_owned()));
        }
    }

    /// Sets how long the last response takes.
    pub(super) fn delay(&self, delay: Duration) {
        if let Some(last) = self.responses().last_mut() {
            last.delay = delay;
        }
    }

    /// Whether there is one response so far.
    pub(super) fn is_single(&self) -> bool {
        self.responses().len() == 1
    }

    /// Whether there is one response so far, and it takes time.
    pub(super) fn delays_first(&self) -> bool {
        matches!(self.responses().as_slice(), [Recorded { delay, .. }] if !delay.is_zero())
    }

    /// The response of the next call.
    pub(super) fn next(&self) -> HttpMockResponse {
        let number = self.given.fetch_add(1, Ordering::SeqCst);
        let responses = self.responses();
        let last = responses.len().saturating_sub(1);
        let recorded = responses[number.min(last)].clone();
        drop(responses);
        // httpmock knows one delay for all responses, and calls this without a way to wait.
        std::thread::sleep(recorded.delay);
        let mut response = HttpMockResponse::builder().status(recorded.status);
        if let Some((media_type, body)) = recorded.content {
            response = response.header("content-type", media_type).body(body);
        }
        for (name, value) in recorded.headers {
            response = response.header(name, value);
        }
        response.build()
    }

    fn responses(&self) -> MutexGuard<'_, Vec<Recorded>> {
        self.responses
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
