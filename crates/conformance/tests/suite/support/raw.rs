//! Requests as they are written, and responses as they come.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// A response.
#[derive(Debug)]
pub struct Raw {
    /// The status; 0 if the connection was closed without a response.
    pub status: u16,
    /// The head.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Raw {
    /// The value of a header; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }
}

/// Sends bytes to a server, and reads the response to the end of the connection.
pub fn exchange(url: &str, bytes: &[u8]) -> Raw {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("a connection");
    let patience = Some(Duration::from_secs(300));
    stream.set_read_timeout(patience).expect("a socket");
    // A server may refuse before it has read everything.
    _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("a response");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    Raw {
        status: head
            .get(9..12)
            .and_then(|code| code.parse().ok())
            .unwrap_or(0),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// Sends a request with these headers.
pub fn send(url: &str, first: &str, headers: &[&str], body: &str) -> Raw {
    let mut text = format!("{first} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    for header in headers {
        text.push_str(&format!("{header}\r\n"));
    }
    if !body.is_empty() {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    text.push_str(&format!("\r\n{body}"));
    exchange(url, text.as_bytes())
}
