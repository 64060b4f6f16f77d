//! An HTTP server over plain sockets, which does exactly what a test asks for, also what HTTP libraries do not do.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
    time::sleep,
};

/// A request as it came over the wire.
#[derive(Clone, Debug, Default)]
pub struct Received {
    pub method: String,
    /// The request target, undecoded.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    pub fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }
}

/// A part of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Send(Vec<u8>),
    /// Sends byte by byte, with pauses.
    Trickle(Vec<u8>, Duration),
    /// Sends these bytes over and over until the client goes away.
    Forever(Vec<u8>),
    /// Does nothing until the client goes away.
    Stall,
    /// Ends the connection.
    Close,
    /// Ends the connection with a TCP reset.
    Reset,
}

/// What the server does with a connection, before it reads from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Welcome {
    Serve,
    Stall,
    Close,
    Reset,
    /// Sends this without having been asked, and closes.
    Greet(&'static [u8]),
}

type Answers = dyn Fn(usize, &Received) -> Vec<Step> + Send + Sync;
type Welcomes = dyn Fn(usize) -> Welcome + Send + Sync;

/// What went over the server's connections.
#[derive(Default)]
struct Log {
    requests: Mutex<Vec<Received>>,
    sent: AtomicUsize,
    connections: AtomicUsize,
    open: AtomicUsize,
    most: AtomicUsize,
    /// Notified at each [`Step::Stall`].
    stalled: Notify,
}

/// A running server; it ends when it is dropped.
pub struct Server {
    address: SocketAddr,
    log: Arc<Log>,
    task: JoinHandle<()>,
}

impl Server {
    /// A server whose answer depends on the number of the request (from zero) and the request.
    pub async fn start(
        answer: impl Fn(usize, &Received) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        Self::start_with(|_| Welcome::Serve, answer).await
    }

    /// A server that always gives the same answer.
    pub async fn always(answer: Vec<Step>) -> Self {
        Self::start(move |_, _| answer.clone()).await
    }

    /// A server that also decides about each connection (counted from zero) before it reads from it.
    pub async fn start_with(
        welcome: impl Fn(usize) -> Welcome + Send + Sync + 'static,
        answer: impl Fn(usize, &Received) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let log = Arc::<Log>::default();
        let task = tokio::spawn(accept(
            listener,
            Arc::new(welcome),
            Arc::new(answer),
            log.clone(),
        ));
        Self { address, log, task }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Received> {
        self.log.requests.lock().unwrap().clone()
    }

    /// The last request so far.
    pub fn last_request(&self) -> Received {
        let requests = self.log.requests.lock().unwrap();
        requests.last().expect("a request").clone()
    }

    /// How many requests there were so far.
    pub fn count(&self) -> usize {
        self.log.requests.lock().unwrap().len()
    }

    /// How many bytes of endless answers went out.
    pub fn sent_for_ever(&self) -> usize {
        self.log.sent.load(Ordering::SeqCst)
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        self.log.connections.load(Ordering::SeqCst)
    }

    /// How many connections were served at a time, at most.
    pub fn most_connections(&self) -> usize {
        self.log.most.load(Ordering::SeqCst)
    }

    /// Waits until the server has sent what comes before a [`Step::Stall`].
    pub async fn stalled(&self) {
        self.log.stalled.notified().await;
    }

    /// The one request so far.
    pub fn request(&self) -> Received {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:#?}");
        requests.into_iter().next().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(
    listener: TcpListener,
    welcome: Arc<Welcomes>,
    answer: Arc<Answers>,
    log: Arc<Log>,
) {
    // Connections live in this set, so they end with the server.
    let mut connections = tokio::task::JoinSet::new();
    for number in 0.. {
        let Ok((stream, _)) = listener.accept().await else {
            return;
        };
        while connections.try_join_next().is_some() {}
        log.connections.fetch_add(1, Ordering::SeqCst);
        let (answer, log) = (answer.clone(), log.clone());
        match welcome(number) {
            Welcome::Serve => _ = connections.spawn(serve(stream, answer, log)),
            Welcome::Stall => {
                _ = connections.spawn(async move {
                    let _open = stream;
                    std::future::pending::<()>().await;
                })
            }
            Welcome::Greet(text) => {
                let mut stream = stream;
                let greet = async move { stream.write_all(text).await.unwrap_or_default() };
                _ = connections.spawn(greet);
            }
            Welcome::Close => drop(stream),
            Welcome::Reset => stream.set_zero_linger().unwrap(),
        }
    }
}

async fn serve(stream: TcpStream, answer: Arc<Answers>, log: Arc<Log>) {
    stream.set_nodelay(true).unwrap();
    let open = log.open.fetch_add(1, Ordering::SeqCst) + 1;
    log.most.fetch_max(open, Ordering::SeqCst);
    converse(stream, answer, &log).await;
    log.open.fetch_sub(1, Ordering::SeqCst);
}

async fn converse(mut stream: TcpStream, answer: Arc<Answers>, log: &Log) {
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut stream, &mut buffer).await {
        let number = {
            let mut requests = log.requests.lock().unwrap();
            requests.push(request.clone());
            requests.len() - 1
        };
        for step in answer(number, &request) {
            if !perform(&mut stream, step, log).await {
                return;
            }
        }
    }
}

/// Returns whether the connection goes on.
async fn perform(stream: &mut TcpStream, step: Step, log: &Log) -> bool {
    match step {
        Step::Send(bytes) => stream.write_all(&bytes).await.is_ok(),
        Step::Trickle(bytes, pause) => {
            for byte in bytes {
                if stream.write_all(&[byte]).await.is_err() {
                    return false;
                }
                sleep(pause).await;
            }
            true
        }
        Step::Forever(bytes) => {
            while stream.write_all(&bytes).await.is_ok() {
                log.sent.fetch_add(bytes.len(), Ordering::SeqCst);
                tokio::task::yield_now().await;
            }
            false
        }
        Step::Stall => {
            log.stalled.notify_one();
            let mut byte = [0];
            while stream.read(&mut byte).await.is_ok_and(|count| count > 0) {}
            false
        }
        Step::Close => false,
        Step::Reset => {
            stream.set_zero_linger().unwrap();
            false
        }
    }
}

/// Reads one request; `None` when the client has closed the connection.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Received> {
    let head_end = loop {
        if let Some(end) = find(buffer, b"\r\n\r\n") {
            break end + 4;
        }
        more(stream, buffer).await?;
    };
    let head = String::from_utf8_lossy(&buffer[..head_end]).into_owned();
    let mut lines = head.trim_end().split("\r\n");
    let mut start = lines.next()?.split(' ');
    let mut request = Received {
        method: start.next()?.to_owned(),
        target: start.next()?.to_owned(),
        headers: lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect(),
        body: Vec::new(),
    };
    buffer.drain(..head_end);
    if request.header("transfer-encoding").is_some() {
        while find(buffer, b"0\r\n\r\n").is_none() {
            more(stream, buffer).await?;
        }
        request.body = std::mem::take(buffer);
    } else {
        let length = request
            .header("content-length")
            .map_or(0, |length| length.parse().unwrap());
        while buffer.len() < length {
            more(stream, buffer).await?;
        }
        request.body = buffer.drain(..length).collect();
    }
    Some(request)
}

async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    let count = stream.read_buf(buffer).await.ok()?;
    (count > 0).then_some(())
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

/// A whole response.
pub fn response(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<Step> {
    let body = body.as_ref();
    let mut bytes = format!("HTTP/1.1 {status} Whatever\r\n").into_bytes();
    if status != 204 {
        bytes.extend(format!("Content-Length: {}\r\n", body.len()).bytes());
    }
    for (name, value) in headers {
        bytes.extend(format!("{name}: {value}\r\n").bytes());
    }
    bytes.extend(b"\r\n");
    bytes.extend(body);
    vec![Step::Send(bytes)]
}

/// A response with a JSON body.
pub fn json(status: u16, body: &str) -> Vec<Step> {
    response(status, &[("Content-Type", "application/json")], body)
}

/// The usual success.
pub fn thing() -> Vec<Step> {
    json(200, r#"{"name":"a thing"}"#)
}
