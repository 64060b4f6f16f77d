//! Files from the network: over https, or http to this machine, with limits on time and size.

use std::time::Duration;

use reqwest::Url;
use reqwest::redirect::{Attempt, Policy};
use rustls_platform_verifier::BuilderVerifierExt as _;
use xtask::saying;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const TOTAL_TIMEOUT: Duration = Duration::from_secs(60);
/// The full Platform spec has 0.3 MB.
const MAX_BYTES: usize = 16 * 1024 * 1024;
const MAX_REDIRECTS: usize = 5;

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
    url.scheme() == "https" || loopback
}

/// The text at each URL, in order.
///
/// # Errors
/// The first that cannot be fetched whole, as UTF-8, with a 2xx status.
pub fn fetch(urls: &[Url]) -> Result<Vec<String>, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| format!("cannot start the network: {error}"))?;
    let client = client()?;
    urls.iter()
        .map(|url| {
            let name = shown(url);
            let text = saying(&format!("fetching {name}"), || {
                runtime.block_on(text(&client, url.clone()))
            });
            text.map_err(|problem| format!("{name}: {problem}"))
        })
        .collect()
}

fn client() -> Result<reqwest::Client, String> {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|tls| tls.with_platform_verifier())
        .map_err(|error| format!("cannot set up TLS: {error}"))?;
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls.with_no_client_auth())
        .redirect(Policy::custom(redirect))
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TOTAL_TIMEOUT)
        .user_agent(concat!(
            env!("CARGO_PKG_NAME"),
            "/",
            env!("CARGO_PKG_VERSION")
        ))
        .build()
        .map_err(|error| format!("cannot set up the network: {error}"))
}

fn redirect(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    if attempt.previous().len() > MAX_REDIRECTS {
        return attempt.error("too many redirects");
    }
    if !is_safe(attempt.url()) && attempt.previous().iter().any(is_safe) {
        return attempt.error("a redirect leaves https");
    }
    attempt.follow()
}

async fn text(client: &reqwest::Client, url: Url) -> Result<String, String> {
    let request = client.get(url).header(
        "Accept",
        "text/markdown, application/yaml, application/json, */*;q=0.5",
    );
    let mut response = request.send().await.map_err(in_words)?;
    if !response.status().is_success() {
        return Err(format!("the server answers {}", response.status()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(in_words)? {
        if body.len() + chunk.len() > MAX_BYTES {
            return Err(format!(
                "larger than {MAX_BYTES} bytes, which is too large for a spec"
            ));
        }
        body.extend_from_slice(&chunk);
    }
    String::from_utf8(body).map_err(|_| "not UTF-8 text".to_owned())
}

/// An error with its causes, without the URL.
fn in_words(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    words
}
