//! The HTTP client that this library builds for itself.

use std::{sync::Arc, time::Duration};

use reqwest::redirect;
use zeroize::Zeroizing;

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

/// What the client for a server is built with, in place of a custom one.
pub(crate) struct Setup {
    /// Whether it is for plain http.
    pub(crate) is_plain: bool,
    pub(crate) connect_timeout: Duration,
    pub(crate) root_certificates: Vec<Vec<u8>>,
    pub(crate) identity: Option<Zeroizing<Vec<u8>>>,
    pub(crate) proxy: Option<String>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            is_plain: false,
            connect_timeout: Duration::from_secs(10),
            root_certificates: Vec::new(),
            identity: None,
            proxy: None,
        }
    }
}

impl Setup {
    /// Whether all that a custom client would ignore is as by default.
    pub(crate) fn is_default(&self) -> bool {
        self.root_certificates.is_empty() && self.identity.is_none() && self.proxy.is_none()
    }

    fn apply(&self, builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
        let mut builder = builder;
        if let Some(url) = &self.proxy {
            // The error would quote the URL, which may hold a password.
            let proxy = reqwest::Proxy::all(url)
                .map_err(|_| Error::configuration("the proxy is not a URL"))?;
            builder = builder.proxy(proxy);
        }
        self.apply_tls(builder)
    }

    #[cfg(any(
        feature = "rustls",
        feature = "rustls-no-provider",
        feature = "native-tls"
    ))]
    fn apply_tls(
        &self,
        mut builder: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, Error> {
        for pem in &self.root_certificates {
            let certificates = reqwest::Certificate::from_pem_bundle(pem)
                .ok()
                .filter(|certificates| !certificates.is_empty());
            let certificates = certificates
                .ok_or_else(|| Error::configuration("the root certificate is not PEM"))?;
            builder = builder.tls_certs_merge(certificates);
        }
        if let Some(pem) = &self.identity {
            let invalid = "the identity is not a certificate with its private key, as PEM";
            builder = builder.identity(identity(pem).ok_or_else(|| Error::configuration(invalid))?);
        }
        Ok(builder)
    }

    #[cfg(not(any(
        feature = "rustls",
        feature = "rustls-no-provider",
        feature = "native-tls"
    )))]
    fn apply_tls(&self, builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
        if self.root_certificates.is_empty() && self.identity.is_none() {
            return Ok(builder);
        }
        Err(Error::configuration(
            "certificates need the feature `rustls` or `native-tls`",
        ))
    }
}

#[cfg(any(feature = "rustls", feature = "rustls-no-provider"))]
fn identity(pem: &[u8]) -> Option<reqwest::Identity> {
    reqwest::Identity::from_pem(pem).ok()
}

/// The platform's library takes certificate and key apart.
#[cfg(all(
    feature = "native-tls",
    not(any(feature = "rustls", feature = "rustls-no-provider"))
))]
fn identity(pem: &[u8]) -> Option<reqwest::Identity> {
    // The library wants the key to begin the text, and takes no other form of it.
    const KEY: &[u8] = b"-----BEGIN PRIVATE KEY-----";
    let start = pem.windows(KEY.len()).position(|part| part == KEY)?;
    reqwest::Identity::from_pkcs8_pem(pem, &pem[start..]).ok()
}

/// The client for a server, if there is no custom one.
///
/// `most_idle`: how many connections are kept for later calls.
pub(crate) fn client(setup: &Setup, most_idle: usize) -> Result<reqwest::Client, Error> {
    let builder = if setup.is_plain {
        // A proxy would take what is meant for this machine over the network, unencrypted.
        without_certificates(with_tls(bare_builder())?).no_proxy()
    } else if cfg!(any(
        feature = "rustls",
        feature = "rustls-no-provider",
        feature = "native-tls"
    )) {
        let builder = with_tls(bare_builder())?.https_only(true);
        match setup.proxy {
            // In place of those of the environment, which would come first.
            Some(_) => builder.no_proxy(),
            None => proxy::from_environment(builder)?,
        }
    } else {
        return Err(Error::configuration(
            "https needs the feature `rustls` or `native-tls`, or a custom HTTP client",
        ));
    };
    setup
        .apply(builder)?
        .connect_timeout(setup.connect_timeout)
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
