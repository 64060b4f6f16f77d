//! Sends requests to a server as they are, and reads its responses.

use std::io::Read as _;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use client_core::reqwest::{self, Method, Url};

use crate::wire::{Reply, Request};

/// How much of a response is read, in bytes.
const LARGEST_RESPONSE: usize = 8 * 1024 * 1024;

/// Headers that belong to the connection that a request was captured on.
const OF_CONNECTION: [&str; 4] = ["host", "connection", "content-length", "transfer-encoding"];

/// Why a request has no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoReply {
    /// Nothing listens at the server's address.
    NotConnected(String),
    /// The server did not respond, or with something else than HTTP.
    Broken(String),
}

/// A way to a server.
#[derive(Clone, Debug)]
pub struct Exchange {
    url: Url,
    timeout: Duration,
    http: reqwest::Client,
}

impl Exchange {
    /// A way to the server at a base URL: https, or http on this machine, or any http if `plain_http` is set. A
    /// response may take as long as `timeout`, to its end.
    ///
    /// # Errors
    ///
    /// The URL is not allowed, or contains credentials or a query; or no HTTP client can be built.
    pub fn new(url: &str, plain_http: bool, timeout: Duration) -> Result<Self, String> {
        let url = Url::parse(url.trim_end_matches('/'))
            .map_err(|_| "the target is not a URL: give one like https://host/path".to_owned())?;
        match url.scheme() {
            "https" if cfg!(feature = "tls") => {}
            "https" => {
                let message = "an https target needs TLS, and this program is built without it: build it with \
                               `--features tls`";
                return Err(message.to_owned());
            }
            "http" if plain_http || is_loopback(&url) => {}
            "http" => {
                let message = "the target is plain http on another machine, where others can read the credentials \
                               on their way: use https, or allow it with --allow-plain-http";
                return Err(message.to_owned());
            }
            _ => return Err("the target's URL is not http or https".to_owned()),
        }
        // Reports show the URL.
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
            let message = "the target's URL contains credentials or a query: give credentials in the environment";
            return Err(message.to_owned());
        }
        // Not reqwest's own builder, which panics where another crate has turned on TLS without a provider.
        let http = client_core::http_client_builder().map_err(|error| error.to_string())?;
        // Plain http needs no certificates: reading those of the system takes milliseconds.
        #[cfg(feature = "tls")]
        let http = match url.scheme() {
            "https" => http,
            _ => http.tls_certs_only([]),
        };
        let http = http
            .no_proxy()
            // A server may close a connection that is kept at any time: a request on it could break off through no fault.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|_| "the HTTP client cannot be built".to_owned())?;
        Ok(Self { url, timeout, http })
    }

    /// Sets how long a response may take, to its end.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sends a request and reads the response.
    ///
    /// # Errors
    ///
    /// The request cannot be sent, or the response is not complete.
    pub async fn send(&self, request: &Request) -> Result<Reply, NoReply> {
        let broken = |reason: &str| NoReply::Broken(reason.to_owned());
        let base = self.url.as_str().trim_end_matches('/');
        let url = Url::parse(&format!("{base}{}", request.target))
            .map_err(|_| broken("the request's target does not make a URL"))?;
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| broken("the request's method is not one of HTTP"))?;
        let mut message = self
            .http
            .request(method, url)
            .timeout(self.timeout)
            .body(request.body.clone());
        for (name, value) in &request.headers {
            if !OF_CONNECTION.contains(&name.as_str()) {
                message = message.header(name, value);
            }
        }
        let mut response = message.send().await.map_err(|error| reason(&error))?;
        let headers = response.headers().iter().map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        });
        let mut reply = Reply {
            status: response.status().as_u16(),
            headers: headers.collect(),
            body: Vec::new(),
        };
        while let Some(chunk) = response.chunk().await.map_err(|error| reason(&error))? {
            reply.body.extend_from_slice(&chunk);
            if reply.body.len() > LARGEST_RESPONSE {
                return Err(too_large());
            }
        }
        inflate(&mut reply)?;
        Ok(reply)
    }
}

fn too_large() -> NoReply {
    NoReply::Broken(format!(
        "the response is larger than {LARGEST_RESPONSE} bytes"
    ))
}

/// Decodes a body that is encoded, though the request asks for none. The header stays, so that it can be reported.
fn inflate(reply: &mut Reply) -> Result<(), NoReply> {
    let encodings: Vec<String> = reply
        .header("content-encoding")
        .flat_map(|list| list.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    for encoding in encodings.iter().rev() {
        let encoded = std::mem::take(&mut reply.body);
        let encoded = encoded.as_slice();
        let most = LARGEST_RESPONSE as u64 + 1;
        let body = &mut reply.body;
        let read = match encoding.as_str() {
            "gzip" | "x-gzip" => flate2::read::MultiGzDecoder::new(encoded)
                .take(most)
                .read_to_end(body),
            "deflate" => flate2::read::ZlibDecoder::new(encoded)
                .take(most)
                .read_to_end(body),
            "identity" | "" => {
                body.extend_from_slice(encoded);
                Ok(0)
            }
            _ => {
                let reason = format!(
                    "the response has the content encoding `{encoding}`, which was not asked for"
                );
                return Err(NoReply::Broken(reason));
            }
        };
        if read.is_err() {
            let reason = format!("the response is not encoded with `{encoding}`, as it says");
            return Err(NoReply::Broken(reason));
        }
        if reply.body.len() > LARGEST_RESPONSE {
            return Err(too_large());
        }
    }
    Ok(())
}

/// How long a response asks to wait, in seconds or until a date.
pub fn retry_after(reply: &Reply) -> Option<Duration> {
    let value = reply.header("retry-after").next()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

/// Whether a URL leads to this machine, by the rule of the clients.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Why a response is missing; without the URL, whose query may be private.
fn reason(error: &reqwest::Error) -> NoReply {
    match () {
        () if error.is_timeout() => NoReply::Broken("no whole response in time".to_owned()),
        () if error.is_connect() => NoReply::NotConnected("no connection to the target".to_owned()),
        () => NoReply::Broken("the target's response broke off, or is not HTTP".to_owned()),
    }
}
