//! The HTTP client that this library builds for itself.

use std::{sync::Arc, time::Duration};

use reqwest::redirect;

use super::proxy;
use crate::error::Error;

/// The HTTP client that this library uses: no redirects, nothing sent twice, nothing decompressed, TLS set up.
///
/// A custom client for [`ClientBuilder::http_client`](crate::ClientBuilder::http_client) should start here, and add
/// what is missing, such as certificates. The proxies are those of the environment (`HTTPS_PROXY`, `HTTP_PROXY`,
/// `ALL_PROXY`, `NO_PROXY`, also in lower case); what is meant for this machine goes through none of them.
///
/// TLS is that of the features: `rustls` with the provider that the process has installed, or else aws-lc;
/// `rustls-no-provider` with the provider that the process has installed; `native-tls`. Without any of them it has the
/// TLS that another crate has switched on in reqwest, if any.
///
/// # Errors
/// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if an environment variable does not name a proxy, or
/// no rustls provider is installed where the feature `rustls-no-provider` needs one.
pub fn http_client_builder() -> Result<reqwest::ClientBuilder, Error> {
    proxy::from_environment(with_tls(bare_builder())?)
}

/// The client for a server, if there is no custom one.
///
/// `most_idle`: how many connections are kept for later calls.
pub(crate) fn client(
    is_plain: bool,
    connect_timeout: Duration,
    most_idle: usize,
) -> Result<reqwest::Client, Error> {
    let builder = if is_plain {
        // A proxy would take what is meant for this machine over the network, unencrypted.
        without_certificates(with_tls(bare_builder())?).no_proxy()
    } else if cfg!(any(
        feature = "rustls",
        feature = "rustls-no-provider",
        feature = "native-tls"
    )) {
        http_client_builder()?.https_only(true)
    } else {
        return Err(Error::configuration(
            "https needs the feature `rustls` or `native-tls`, or a custom HTTP client",
        ));
    };
    builder
        .connect_timeout(connect_timeout)
        .pool_max_idle_per_host(most_idle)
        .build()
        .map_err(|failure| {
            Error::configuration(
                "no HTTP client could be set up; are the system's CA certificates installed?",
            )
            .with_source(Arc::new(failure.without_url()))
        })
}

fn bare_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
}

/// Another crate may have switched on another TLS library in reqwest, so ours is named.
fn with_tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    #[cfg(any(feature = "rustls", feature = "rustls-no-provider"))]
    let builder = builder.tls_backend_rustls();
    #[cfg(all(
        feature = "native-tls",
        not(any(feature = "rustls", feature = "rustls-no-provider"))
    ))]
    let builder = builder.tls_backend_native();
    // Reqwest would panic.
    #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        return Err(Error::configuration(
            "no rustls provider is installed: call `rustls::crypto::CryptoProvider::install_default` first, or use the \
             feature `rustls`",
        ));
    }
    Ok(builder)
}

/// For plain http, which needs none: reading those of the system takes milliseconds.
fn without_certificates(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    #[cfg(any(
        feature = "rustls",
        feature = "rustls-no-provider",
        feature = "native-tls"
    ))]
    let builder = builder.tls_certs_only([]);
    builder
}
