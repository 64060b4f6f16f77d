//! The HTTP client that this library builds for itself.

use std::{sync::Arc, time::Duration};

use reqwest::redirect;

use crate::{error::Error, request::base_url::BaseUrl};

/// The HTTP client that this library uses: no redirects, nothing sent twice, nothing decompressed, TLS set up.
///
/// A custom client for [`ClientBuilder::http_client`](crate::ClientBuilder::http_client) should start here, and add
/// what is missing, such as a proxy. With the feature `rustls` the TLS set-up is a
/// finished one, to which reqwest adds no certificates; and `reqwest::Client::builder()` panics unless the process
/// has installed a rustls provider.
///
/// With neither of the features `rustls` and `native-tls` it knows no TLS.
///
/// # Errors
/// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if TLS cannot be set up.
pub fn http_client_builder() -> Result<reqwest::ClientBuilder, Error> {
    with_tls(bare_builder())
}

/// The client for a server, if there is no custom one.
pub(crate) fn client(base: &BaseUrl, connect_timeout: Duration) -> Result<reqwest::Client, Error> {
    let builder = if base.is_plain {
        // A proxy would take what is meant for this machine over the network, unencrypted.
        without_tls(bare_builder())?.no_proxy()
    } else if cfg!(any(feature = "rustls", feature = "native-tls")) {
        with_tls(bare_builder())?.https_only(true)
    } else {
        return Err(Error::configuration(
            "https needs the feature `rustls` or `native-tls`, or a custom HTTP client",
        ));
    };
    builder
        .connect_timeout(connect_timeout)
        .build()
        .map_err(|failure| no_client().with_source(Arc::new(failure.without_url())))
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

/// rustls with ring: the provider that reqwest would choose takes longer to build.
#[cfg(feature = "rustls")]
fn with_tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    use rustls_platform_verifier::BuilderVerifierExt as _;

    let config = rustls_config()?.with_platform_verifier();
    let config = config.map_err(|failure| no_client().with_source(Arc::new(failure)))?;
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}

/// For plain http: trusts no certificate, so it need not read the platform's certificates.
#[cfg(feature = "rustls")]
fn without_tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    let config = rustls_config()?.with_root_certificates(rustls::RootCertStore::empty());
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}

#[cfg(feature = "rustls")]
fn rustls_config()
-> Result<rustls::ConfigBuilder<rustls::ClientConfig, rustls::WantsVerifier>, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|failure| no_client().with_source(Arc::new(failure)))
}

#[cfg(not(feature = "rustls"))]
fn with_tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    Ok(builder)
}

#[cfg(not(feature = "rustls"))]
use with_tls as without_tls;

fn no_client() -> Error {
    Error::configuration("no HTTP client could be set up")
}
