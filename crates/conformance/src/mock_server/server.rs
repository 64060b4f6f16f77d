//! A mock server made from a contract.
//!
//! It uses hyper. httpmock, which serves the suite's captures, cannot listen on a chosen port and respond from code at
//! the same time, cannot reset a connection, and keeps and compares every request, which is too slow for load tests.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use openapi::Document;
use openapi::infer::infer_schemas;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::contract::{self, Contract};
use crate::mock_server::answers::Answers;
use crate::mock_server::connection::{self, Served};
use crate::mock_server::credentials::Accepted;
use crate::mock_server::fault::Fault;
use crate::mock_server::log::{Log, LogFormat};
use crate::mock_server::scenario::{Play, Scenario};

/// How long a request may take to arrive, and a connection may wait for the next, if nothing else is set.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// A mock server made from a spec, before it is started.
#[derive(Clone)]
pub struct SpecServer {
    contract: Arc<Contract>,
    host: String,
    port: u16,
    faults: Vec<Fault>,
    credentials: Vec<String>,
    scenario: Option<Scenario>,
    allows_pages: bool,
    time_limit: Duration,
    log: LogFormat,
}

impl SpecServer {
    /// A server of a contract.
    pub fn new(contract: Arc<Contract>) -> Self {
        Self {
            contract,
            host: "127.0.0.1".to_owned(),
            port: 0,
            faults: Vec::new(),
            credentials: Vec::new(),
            scenario: None,
            allows_pages: true,
            time_limit: TIME_LIMIT,
            log: LogFormat::Off,
        }
    }

    /// A server of the spec in a file, as it is: no overlay is applied.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is neither YAML nor JSON, or is not OpenAPI 3.0 or 3.1.
    pub fn of_file(spec: &Path) -> Result<Self, String> {
        let document = Document::read(spec).map_err(|error| error.to_string())?;
        Self::of(&document)
    }

    /// A server of the spec in a file, with the corrections of an overlay in another.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or the overlay is wrong or has a correction that changes nothing.
    pub fn of_files(spec: &Path, overlay: &Path) -> Result<Self, String> {
        let read = |path: &Path| Document::read(path).map_err(|error| error.to_string());
        let (mut document, overlay) = (read(spec)?, read(overlay)?);
        let shown = |findings: &[openapi::Diagnostic]| openapi::render(findings, &overlay, false);
        let applied = openapi::overlay::apply(&mut document, &overlay);
        let applied = applied.map_err(|findings| shown(&findings))?;
        let stale = openapi::overlay::stale(&applied);
        match stale.is_empty() {
            true => {
                // As it is done for the clients, after the overlay.
                infer_schemas(document.value_mut());
                Self::of(&document)
            }
            false => Err(shown(&stale)),
        }
    }

    /// A server of a spec that is JSON, as the clients have it: `SpecServer::of_json(platform_client::OPENAPI)`.
    ///
    /// # Errors
    ///
    /// The spec is not JSON.
    pub fn of_json(spec: &str) -> Result<Self, String> {
        Ok(Self::new(Arc::new(contract::read_json(spec)?)))
    }

    fn of(document: &Document) -> Result<Self, String> {
        openapi::Version::of(document.value())
            .map_err(|finding| openapi::render(&[finding], document, false))?;
        let contract = contract::read(document.value().clone());
        Ok(Self::new(Arc::new(contract)))
    }

    /// Sets the address or name to listen on; `127.0.0.1` if none is set, which other machines cannot reach.
    #[must_use]
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = host.into();
        self
    }

    /// Sets the port to listen on; any free one if none is set.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Adds credentials that are accepted, of every scheme or of one: a token, or `ID:KEY`, or either after the name of a
    /// security scheme and `=`. Where none are set, any of the right form are accepted.
    #[must_use]
    pub fn credentials(mut self, credentials: impl Into<String>) -> Self {
        self.credentials.push(credentials.into());
        self
    }

    /// Sets the answers that operations give one after the other.
    #[must_use]
    pub fn scenario(mut self, scenario: Scenario) -> Self {
        self.scenario = Some(scenario);
        self
    }

    /// Sets whether pages of other origins may call the server (CORS), as they may if nothing is set.
    #[must_use]
    pub fn allow_pages(mut self, allow: bool) -> Self {
        self.allows_pages = allow;
        self
    }

    /// Sets how long a request may take to arrive, and a connection may wait for the next.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Sets how requests are logged, on stderr; not at all if nothing is set.
    #[must_use]
    pub fn log(mut self, format: LogFormat) -> Self {
        self.log = format;
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

    /// Starts to listen.
    ///
    /// # Errors
    ///
    /// The address cannot be listened on, two paths of the contract match the same requests, or the credentials or the
    /// scenario name something that the contract does not have.
    pub async fn start(self) -> io::Result<RunningSpecServer> {
        let refused = |reason: String| io::Error::new(io::ErrorKind::InvalidInput, reason);
        let accepted = Accepted::new(&self.credentials, &self.contract).map_err(refused)?;
        let scenario = self.scenario.as_ref();
        let play = scenario.map(|scenario| Play::new(scenario, &self.contract));
        let play = play.transpose().map_err(refused)?;
        let answers = Answers::new(self.contract, accepted, play).map_err(refused)?;
        let listener = TcpListener::bind((self.host.as_str(), self.port)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = watch::channel(());
        let served = Arc::new(Served {
            answers,
            faults: self.faults,
            allows_pages: self.allows_pages,
            time_limit: self.time_limit,
            log: Log::new(self.log),
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
            .field("host", &self.host)
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

async fn accept(listener: TcpListener, served: Arc<Served>, mut stopped: watch::Receiver<()>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let served = Arc::clone(&served);
                    connections.spawn(connection::serve(stream, served, stopped.clone()));
                }
                // As a rule there are too many open files, and some are closed when connections end.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            _ = connections.join_next(), if !connections.is_empty() => {}
            _ = stopped.changed() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}
