//! The HTTP client that this library builds for itself.

use std::{sync::Arc, time::Duration};

use reqwest::redirect;

use crate::{base_url::BaseUrl, error::Error};

/// A client that follows no redirects, sends nothing twice, and decompresses nothing.
pub(crate) fn client(
    base: &BaseUrl,
    connect_timeout: Duration,
    read_timeout: Duration,
) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .connect_timeout(connect_timeout)
        .read_timeout(read_timeout);
    if base.is_plain {
        // A proxy would take what is meant for this machine over the network, unencrypted.
        builder = builder.no_proxy();
    } else {
        builder = builder.https_only(true);
    }
    tls(builder)?
        .build()
        .map_err(|failure| no_client().with_source(Arc::new(failure.without_url())))
}

/// rustls with ring: the provider that reqwest would choose takes longer to build and needs more tools.
#[cfg(feature = "rustls")]
fn tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    use rustls_platform_verifier::BuilderVerifierExt as _;

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_platform_verifier())
        .map_err(|failure| no_client().with_source(Arc::new(failure)))?;
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}

#[cfg(not(feature = "rustls"))]
fn tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    Ok(builder)
}

fn no_client() -> Error {
    Error::configuration("no HTTP client could be set up")
}
