//! Files from the network: over https, or http to this machine, with limits on time, size and redirects.

mod body;
mod reach;
mod words;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use reach::{Reach, addresses};
use reqwest::header::{ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use reqwest::header::{LAST_MODIFIED, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};
use rustls_platform_verifier::BuilderVerifierExt as _;
use words::in_words;
use xtask::saying;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// For one file, with all redirects to it.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(60);
const MAX_REDIRECTS: usize = 5;
/// The statuses that name another URL for the same file.
const REDIRECTS: [u16; 5] = [301, 302, 303, 307, 308];

/// A URL without what may be secret in it.
pub fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Neither can fail for a URL that has a host, and others are not fetched.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

/// Whether what comes from there cannot be changed on the way.
pub fn is_safe(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost"
        || host
            .parse()
            .is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    url.scheme() == "https" || url.scheme() == "http" && loopback
}

/// The text at each URL, in order.
///
/// # Errors
/// The first that cannot be fetched whole, as UTF-8, with a 2xx status.
pub fn fetch(urls: &[Url]) -> Result<Vec<String>, String> {
    let mut fetcher = Fetcher::new()?;
    let mut text = |url: &Url| {
        let name = shown(url);
        let answer = saying(&format!("fetching {name}"), || {
            fetcher.get(url, &Version::default())
        });
        match answer {
            Ok(Answer::Page(text, _)) => Ok(text),
            Ok(Answer::Unchanged) => Err(format!("{name}: the server answers 304")),
            Err(problem) => Err(format!("{name}: {}", problem.words)),
        }
    };
    urls.iter().map(&mut text).collect()
}

/// What a server calls the version of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Version {
    etag: Option<String>,
    last_modified: Option<String>,
}

/// What a server has at a URL.
pub enum Answer {
    /// A file, and its version.
    Page(String, Version),
    /// The version that was asked about.
    Unchanged,
}

/// Why a file was not fetched.
pub struct Problem {
    /// In words, without the URL.
    pub words: String,
    /// The server asks to come again, perhaps after so long.
    pub again: Option<Option<Duration>>,
}

impl From<String> for Problem {
    fn from(words: String) -> Self {
        Problem { words, again: None }
    }
}

/// Fetches files, one at a time.
pub struct Fetcher {
    runtime: tokio::runtime::Runtime,
    tls: rustls::ClientConfig,
    /// The clients of the origins that were asked for, and from where those can be reached.
    origins: HashMap<String, (Client, Reach)>,
}

impl Fetcher {
    /// # Errors
    /// The network cannot be used.
    pub fn new() -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|tls| tls.with_platform_verifier())
            .map_err(|error| format!("cannot set up TLS: {error}"))?;
        Ok(Fetcher {
            runtime: runtime.map_err(|error| format!("cannot start the network: {error}"))?,
            tls: tls.with_no_client_auth(),
            origins: HashMap::new(),
        })
    }

    /// The file at a URL, unless it is still the version that is known.
    ///
    /// # Errors
    /// It cannot be fetched whole, as UTF-8, with a 2xx status.
    pub fn get(&mut self, url: &Url, known: &Version) -> Result<Answer, Problem> {
        let Fetcher {
            runtime,
            tls,
            origins,
        } = self;
        runtime.block_on(async {
            let answer = tokio::time::timeout(TOTAL_TIMEOUT, get(tls, origins, url, known));
            let late = |_| format!("not there within {} s", TOTAL_TIMEOUT.as_secs());
            answer.await.map_err(late)?
        })
    }
}

async fn get(
    tls: &rustls::ClientConfig,
    origins: &mut HashMap<String, (Client, Reach)>,
    url: &Url,
    known: &Version,
) -> Result<Answer, Problem> {
    if !is_safe(url) {
        return Err("not https, nor of this machine".to_owned().into());
    }
    let origin = url.origin().ascii_serialization();
    let (mut client, mut reach) = match origins.get(&origin) {
        Some(known) => known.clone(),
        None => {
            let found = addresses(url).await;
            // A proxy may know a name that cannot be resolved here: then it is not one of this network.
            let reach = found.iter().map(|address| Reach::of(address.ip())).max();
            let made = (client(tls, url, &found)?, reach.unwrap_or(Reach::Public));
            origins.insert(origin, made.clone());
            made
        }
    };
    let mut at = url.clone();
    for _ in 0..=MAX_REDIRECTS {
        let response = ask(&client, &at, known).await?;
        let Some(next) = redirect(&at, &response)? else {
            return answer(response).await;
        };
        let found = addresses(&next).await;
        let inside = found.iter().map(|address| Reach::of(address.ip())).min();
        if let Some(inside) = inside
            && inside < reach
        {
            let of = match inside {
                Reach::Loopback => "this machine",
                _ => "a private network",
            };
            return Err(format!("a redirect leads to an address of {of}").into());
        }
        reach = inside.unwrap_or(reach);
        client = self::client(tls, &next, &found)?;
        at = next;
    }
    Err("too many redirects".to_owned().into())
}

/// A client that knows a host by these addresses only: those that were looked at.
fn client(tls: &rustls::ClientConfig, url: &Url, found: &[SocketAddr]) -> Result<Client, String> {
    let host = url.host_str().unwrap_or_default();
    Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .resolve_to_addrs(host, found)
        .redirect(Policy::none())
        .referer(false)
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .connect_timeout(CONNECT_TIMEOUT)
        .user_agent(concat!(
            env!("CARGO_PKG_NAME"),
            "/",
            env!("CARGO_PKG_VERSION")
        ))
        .build()
        .map_err(|error| format!("cannot set up the network: {error}"))
}

async fn ask(client: &Client, url: &Url, known: &Version) -> Result<Response, String> {
    let mut request = client
        .get(url.clone())
        .header(
            "Accept",
            "text/markdown, application/yaml, application/json, */*;q=0.5",
        )
        .header("Accept-Encoding", "gzip");
    if let Some(etag) = &known.etag {
        request = request.header(IF_NONE_MATCH, etag);
    }
    if let Some(date) = &known.last_modified {
        request = request.header(IF_MODIFIED_SINCE, date);
    }
    request.send().await.map_err(in_words)
}

/// Where a response leads to, if it is a redirect.
fn redirect(from: &Url, response: &Response) -> Result<Option<Url>, String> {
    if !REDIRECTS.contains(&response.status().as_u16()) {
        return Ok(None);
    }
    let to = response.headers().get(LOCATION);
    let to = to.and_then(|to| from.join(to.to_str().ok()?).ok());
    let to = to.ok_or("a redirect without a valid URL")?;
    let is_downgrade = from.scheme() == "https" && to.scheme() != "https";
    match is_downgrade || !is_safe(&to) {
        true => Err("a redirect leaves https".to_owned()),
        false => Ok(Some(to)),
    }
}

async fn answer(response: Response) -> Result<Answer, Problem> {
    let status = response.status();
    if status == StatusCode::NOT_MODIFIED {
        return Ok(Answer::Unchanged);
    }
    if !status.is_success() {
        let is_busy = [
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::SERVICE_UNAVAILABLE,
        ];
        let seconds = header(response.headers(), RETRY_AFTER).and_then(|text| text.parse().ok());
        return Err(Problem {
            words: format!("the server answers {status}"),
            again: is_busy
                .contains(&status)
                .then_some(seconds.map(Duration::from_secs)),
        });
    }
    let version = Version {
        etag: header(response.headers(), ETAG),
        last_modified: header(response.headers(), LAST_MODIFIED),
    };
    Ok(Answer::Page(body::text(response).await?, version))
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}
