//! A real HTTP server that keeps the requests that arrive, and responds as a case says.
//!
//! One httpmock server serves all cases that run at the same time. Each has a lane, which is the first segment of the
//! path: the clients keep it as the prefix of their base URL.

use std::sync::{Arc, Mutex, PoisonError};

use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};

use crate::wire::{Reply, Request};

/// A server with a number of lanes.
pub struct Capture {
    server: MockServer,
    lanes: Arc<Vec<Mutex<Lane>>>,
}

#[derive(Default)]
struct Lane {
    reply: Option<Reply>,
    arrived: Vec<Request>,
}

impl Capture {
    /// Starts a server.
    pub async fn start(lanes: usize) -> Self {
        let server = MockServer::start_async().await;
        let lanes: Arc<Vec<Mutex<Lane>>> = Arc::new((0..lanes).map(|_| Mutex::default()).collect());
        let served = Arc::clone(&lanes);
        server
            .mock_async(|_, then| {
                then.respond_with(move |request| respond(&served, request));
            })
            .await;
        Self { server, lanes }
    }

    /// The base URL of a lane.
    pub fn url(&self, lane: usize) -> String {
        format!("{}/{lane}", self.server.base_url())
    }

    /// Sets the response of a lane from now on.
    pub fn answer(&self, lane: usize, reply: Reply) {
        let mut lane = self.lane(lane);
        lane.reply = Some(reply);
        lane.arrived.clear();
    }

    /// Takes the requests that arrived in a lane since its response was set.
    pub fn take(&self, lane: usize) -> Vec<Request> {
        std::mem::take(&mut self.lane(lane).arrived)
    }

    fn lane(&self, lane: usize) -> std::sync::MutexGuard<'_, Lane> {
        self.lanes[lane]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn respond(lanes: &[Mutex<Lane>], request: &HttpMockRequest) -> HttpMockResponse {
    let (number, request) = read(request);
    let lane = number.and_then(|number| lanes.get(number));
    let reply = lane.and_then(|lane| {
        let mut lane = lane.lock().unwrap_or_else(PoisonError::into_inner);
        lane.arrived.push(request);
        lane.reply.clone()
    });
    // No case is waiting in this lane. The case that caused the request shows this status.
    let reply = reply.unwrap_or_else(|| Reply::empty(501));
    HttpMockResponse::builder()
        .status(reply.status)
        .headers(reply.headers)
        .body(reply.body)
        .build()
}

/// The lane, and the request without it.
fn read(request: &HttpMockRequest) -> (Option<usize>, Request) {
    // httpmock has the absolute form: `http://host:port/lane/path?query`.
    let target = request.uri_str();
    let target = target.split_once("://").map_or(target, |(_, rest)| rest);
    let target = target.find(['/', '?']).map_or("", |at| &target[at..]);
    let rest = target.trim_start_matches('/');
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let request = Request {
        method: request.method_str().to_owned(),
        target: rest[end..].to_owned(),
        headers: request
            .headers_vec()
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
            .collect(),
        body: request.body_vec(),
    };
    (rest[..end].parse().ok(), request)
}

impl std::fmt::Debug for Capture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Capture")
            .field("address", self.server.address())
            .field("lanes", &self.lanes.len())
            .finish_non_exhaustive()
    }
}
