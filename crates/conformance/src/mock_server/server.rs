//! A mock server made from a contract.
//!
//! It uses hyper. httpmock, which serves the suite's captures, cannot listen on a chosen port and respond from code at
//! the same time, cannot reset a connection, and keeps and compares every request, which is too slow for load tests.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::contract::{self, Contract};
use crate::mock_server::answers::{self, Answers};
use crate::mock_server::fault::{Fault, FaultKind};
use crate::wire;

/// The largest request body that is read, in bytes.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// A mock server made from a spec, before it is started.
#[derive(Clone)]
pub struct SpecServer {
    contract: Arc<Contract>,
    port: u16,
    faults: Vec<Fault>,
    credentials: Option<String>,
}

impl SpecServer {
    /// A server of a contract.
    pub fn new(contract: Arc<Contract>) -> Self {
        Self {
            contract,
            port: 0,
            faults: Vec::new(),
            credentials: None,
        }
    }

    /// A server of the spec in a file, as it is: no overlay is applied.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is neither YAML nor JSON, or is not OpenAPI 3.0 or 3.1.
    pub fn of_file(spec: &Path) -> Result<Self, String> {
        let document = openapi::Document::read(spec).map_err(|error| error.to_string())?;
        openapi::Version::of(document.value())
            .map_err(|finding| openapi::render(&[finding], &document, false))?;
        Ok(Self::new(Arc::new(contract::read(
            document.value().clone(),
        ))))
    }

    /// A server of a spec that is JSON, as the clients have it: `SpecServer::of_json(platform_client::OPENAPI)`.
    ///
    /// # Errors
    ///
    /// The spec is not JSON.
    pub fn of_json(spec: &str) -> Result<Self, String> {
        Ok(Self::new(Arc::new(contract::read_json(spec)?)))
    }

    /// Sets the port to listen on; any free one if none is set.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the only credentials that are accepted: a token, or `ID:KEY`. If none are set, any of the right form are.
    #[must_use]
    pub fn credentials(mut self, credentials: impl Into<String>) -> Self {
        self.credentials = Some(credentials.into());
        self
    }

    /// What the server is made from.
    pub fn contract(&self) -> &Arc<Contract> {
        &self.contract
    }

    /// Adds a fault.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Starts to listen, on this machine only.
    ///
    /// # Errors
    ///
    /// The port is in use, or two paths of the contract match the same requests.
    pub async fn start(self) -> io::Result<RunningSpecServer> {
        let answers = Answers::new(self.contract, self.credentials).map_err(io::Error::other)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = watch::channel(());
        let served = Arc::new(Served {
            answers,
            faults: self.faults,
        });
        let task = tokio::spawn(accept(listener, served, stopped));
        Ok(RunningSpecServer {
            address,
            stop,
            task,
        })
    }
}

impl std::fmt::Debug for SpecServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SpecServer")
            .field("port", &self.port)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

/// A mock server that listens. It stops when this is dropped.
#[derive(Debug)]
pub struct RunningSpecServer {
    address: SocketAddr,
    /// Closed to stop.
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl RunningSpecServer {
    /// The base URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops listening, and waits for the responses that are not finished.
    pub async fn stop(self) {
        drop(self.stop);
        // A panic of the task has been reported already.
        _ = self.task.await;
    }
}

struct Served {
    answers: Answers,
    faults: Vec<Fault>,
}

/// The connection is reset instead of a response.
#[derive(Debug)]
struct Reset;

impl std::fmt::Display for Reset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("reset by a fault")
    }
}

impl std::error::Error for Reset {}

async fn accept(listener: TcpListener, served: Arc<Served>, mut stopped: watch::Receiver<()>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&served), stopped.clone()));
                }
                // As a rule there are too many open files, and some are closed when connections end.
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
            },
            _ = connections.join_next(), if !connections.is_empty() => {}
            _ = stopped.changed() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn connection(stream: TcpStream, served: Arc<Served>, mut stopped: watch::Receiver<()>) {
    // Responses are written at once: to wait for more data would only delay them.
    _ = stream.set_nodelay(true);
    let service = service_fn(|request| serve(request, &served));
    let mut connection = http1::Builder::new()
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        _ = stopped.changed() => {
            std::pin::Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };
    if ended.is_err_and(|error| error.is_user()) {
        let stream = connection.into_parts().io.into_inner();
        // Closing then resets the connection.
        _ = stream.set_zero_linger();
    }
}

async fn serve(
    request: Request<Incoming>,
    served: &Served,
) -> Result<Response<Full<Bytes>>, Reset> {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
        return Ok(response(wire::Reply::empty(413)));
    };
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let headers = head.headers.iter().map(|(name, value)| {
        (
            name.as_str().to_owned(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )
    });
    let request = wire::Request {
        method: head.method.as_str().to_owned(),
        target: target.to_owned(),
        headers: headers.collect(),
        body: body.to_bytes().to_vec(),
    };
    let mut reply = served.answers.answer(&request);
    for fault in served.faults.iter().filter_map(Fault::next) {
        match fault {
            FaultKind::Delay(delay) => tokio::time::sleep(delay).await,
            FaultKind::Reset => return Err(Reset),
            FaultKind::Throttle => reply = answers::throttled(),
            FaultKind::Fail => reply = answers::unavailable(),
            FaultKind::Expire => reply = answers::expired(),
            FaultKind::Garbage => reply.body = b"\x00\xff<garbage>".to_vec(),
        }
    }
    Ok(response(reply))
}

fn response(reply: wire::Reply) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(reply.body)));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        if let (Ok(name), Ok(value)) = (
            hyper::header::HeaderName::try_from(name),
            hyper::header::HeaderValue::try_from(value),
        ) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
