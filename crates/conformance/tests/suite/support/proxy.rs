//! A proxy in front of a server, which damages its responses.

use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A message: its first line, its headers, and its body.
#[derive(Clone, Debug)]
pub struct Message {
    /// The first line.
    pub first: String,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Message {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Sets a header, or removes it.
    pub fn set(&mut self, name: &str, value: Option<&str>) {
        self.headers.retain(|(known, _)| known != name);
        self.headers
            .extend(value.map(|value| (name.to_owned(), value.to_owned())));
    }

    /// Sets the status of a response.
    pub fn status(&mut self, status: u16) {
        self.first = format!("HTTP/1.1 {status} X");
    }

    /// Whether a response is a success.
    pub fn is_success(&self) -> bool {
        self.first.contains(" 200 ")
    }

    fn bytes(&self) -> Vec<u8> {
        let mut head = format!("{}\r\n", self.first);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        [head.as_bytes(), &self.body].concat()
    }

    /// Reads a message; `None` at the end of the connection.
    async fn read(stream: &mut TcpStream) -> Option<Self> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.ok()?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let mut lines = head.trim_end().lines();
        let first = lines.next()?.to_owned();
        let headers = lines.filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        });
        let mut message = Self {
            first,
            headers: headers.collect(),
            body: Vec::new(),
        };
        let length = message.header("content-length").unwrap_or("0");
        message.body = vec![0; length.parse().ok()?];
        stream.read_exact(&mut message.body).await.ok()?;
        Some(message)
    }
}

/// What a proxy does: it may change the request before it is sent on, and makes the bytes that are sent back.
pub struct Damage {
    /// Changes the request.
    pub request: fn(&mut Message),
    /// Changes the response, with its length still to be counted.
    pub response: fn(&mut Message),
    /// Changes the bytes of the response.
    pub bytes: fn(Vec<u8>) -> Vec<u8>,
}

impl Default for Damage {
    /// None.
    fn default() -> Self {
        Self {
            request: |_| {},
            response: |_| {},
            bytes: |bytes| bytes,
        }
    }
}

/// A proxy that listens, until this is dropped.
pub struct Proxy {
    /// Its base URL.
    pub url: String,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Starts a proxy in front of a server.
    pub async fn start(upstream: &str, damage: Damage) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let upstream = upstream.trim_start_matches("http://").to_owned();
        let damage = Arc::new(damage);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, upstream.clone(), Arc::clone(&damage)));
            }
        });
        Self { url, task }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Answers one request, and closes the connection.
async fn serve(mut near: TcpStream, upstream: String, damage: Arc<Damage>) -> Option<()> {
    let mut request = Message::read(&mut near).await?;
    (damage.request)(&mut request);
    let mut far = TcpStream::connect(&upstream).await.ok()?;
    far.write_all(&request.bytes()).await.ok()?;
    let mut response = Message::read(&mut far).await?;
    (damage.response)(&mut response);
    if response.header("transfer-encoding").is_none() {
        let length = response.body.len().to_string();
        response.set("content-length", Some(&length));
    }
    response.set("connection", Some("close"));
    near.write_all(&(damage.bytes)(response.bytes())).await.ok()
}
