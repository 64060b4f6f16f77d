//! Whom the client talks to over TLS, with the library that it was built with.

use std::{
    error::Error as _,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use client_core::{ClientBuilder, ErrorKind, RetryPolicy};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivatePkcs8KeyDer},
        server::WebPkiClientVerifier,
    },
};

use crate::support::*;

const THING: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"name\":\"ok\"}";

/// A server with a certificate of its own making, which always gives the same answer.
struct TlsServer {
    url: String,
    certificate: CertificateDer<'static>,
    pem: String,
    requests: Arc<AtomicUsize>,
}

impl TlsServer {
    async fn start(answer: &'static str) -> Self {
        Self::start_for(answer, None).await
    }

    /// A server that serves only who shows this certificate.
    async fn start_for(answer: &'static str, client: Option<CertificateDer<'static>>) -> Self {
        let identity = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = identity.cert.der().clone();
        let key = PrivatePkcs8KeyDer::from(identity.signing_key.serialize_der());
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .unwrap();
        let config = match client {
            None => config.with_no_client_auth(),
            Some(client) => {
                let mut roots = RootCertStore::empty();
                roots.add(client).unwrap();
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                config.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let config = config
            .with_single_cert(vec![certificate.clone()], key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!(
            "https://localhost:{}",
            listener.local_addr().unwrap().port()
        );
        let requests = Arc::<AtomicUsize>::default();
        let count = requests.clone();
        tokio::spawn(async move {
            loop {
                let (connection, _) = listener.accept().await.unwrap();
                let Ok(mut connection) = acceptor.accept(connection).await else {
                    continue;
                };
                let mut head = [0; 4096];
                if connection
                    .read(&mut head)
                    .await
                    .is_ok_and(|count| count > 0)
                {
                    count.fetch_add(1, Ordering::SeqCst);
                }
                _ = connection.write_all(answer.as_bytes()).await;
            }
        });
        Self {
            url,
            certificate,
            pem: pem("CERTIFICATE", identity.cert.der()),
            requests,
        }
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}

#[tokio::test]
async fn a_root_certificate_of_ones_own_is_trusted() {
    let server = TlsServer::start(THING).await;
    let builder = || ClientBuilder::<Platform>::new().base_url(&server.url);
    let client = builder().root_certificate(&server.pem).build().unwrap();
    client.0.call(&PUBLIC).decode::<Thing>().await.unwrap();
    assert_eq!(server.requests.load(Ordering::SeqCst), 1);
    for wrong in [
        builder().root_certificate("canary"),
        builder().identity("canary"),
        builder()
            .root_certificate(&server.pem)
            .http_client(trusting(&server.certificate).build().unwrap()),
    ] {
        let error = wrong.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(
            !format!("{error} {error:?}").contains("canary"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn an_identity_is_shown_to_the_server_that_asks() {
    let identity = rcgen::generate_simple_self_signed(["client".to_owned()]).unwrap();
    let asked = Some(identity.cert.der().clone());
    let server = TlsServer::start_for(THING, asked).await;
    let builder = || {
        let builder = ClientBuilder::<Platform>::new().base_url(&server.url);
        builder.root_certificate(&server.pem).retry(quick(1))
    };
    let client = builder().build().unwrap();
    client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
    let key = pem("PRIVATE KEY", &identity.signing_key.serialize_der());
    let pem = pem("CERTIFICATE", identity.cert.der()) + &key;
    let client = builder().identity(pem).build().unwrap();
    client.0.call(&PUBLIC).decode::<Thing>().await.unwrap();
    assert_eq!(server.requests.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_gets_no_request() {
    let server = TlsServer::start(THING).await;
    let client = ClientBuilder::<Platform>::new().base_url(&server.url);
    let attempts = Arc::<AtomicUsize>::default();
    let count = attempts.clone();
    let client = client
        .retry(quick(3))
        .on_attempt(move |_| _ = count.fetch_add(1, Ordering::SeqCst))
        .build()
        .unwrap();
    let error = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
    assert!(!error.is_retryable());
    assert_eq!(attempts.load(Ordering::SeqCst), 1);
    assert_eq!(server.requests.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_custom_client_has_its_own_trust() {
    let server = TlsServer::start(THING).await;
    let client = ClientBuilder::<Platform>::new().base_url(&server.url);
    let client = client
        .http_client(trusting(&server.certificate).build().unwrap())
        .build()
        .unwrap();
    client.0.call(&PUBLIC).decode::<Thing>().await.unwrap();
    assert_eq!(server.requests.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn nothing_is_sent_to_a_server_that_cannot_prove_itself() {
    // It speaks plain http where https is expected: the greeting of TLS is all it gets.
    let server = Server::start_with(
        |_| Welcome::Greet(b"HTTP/1.1 200 OK\r\n\r\n"),
        |_, _| thing(),
    )
    .await;
    let url = server.url().replace("http://", "https://");
    let client = platform_builder(&server).base_url(url).build().unwrap();
    let error = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn a_handshake_is_waited_for_as_long_as_a_connection() {
    let server = Server::start_with(|_| Welcome::Stall, |_, _| thing()).await;
    let url = server.url().replace("http://", "https://");
    let client = platform_builder(&server).base_url(url);
    let hour = Duration::from_secs(3600);
    let client = client.attempt_timeout(hour).total_timeout(hour);
    let client = client.connect_timeout(Duration::from_millis(100));
    let client = client.retry(RetryPolicy::never()).build().unwrap();
    let call = client.0.call(&PUBLIC).decode::<Thing>();
    let ended = tokio::time::timeout(Duration::from_secs(60), call).await;
    let error = ended.expect("the call ends").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
}

#[tokio::test]
async fn a_redirect_that_a_client_refuses_to_follow_is_not_shown() {
    for answer in [
        "HTTP/1.1 302 Found\r\nLocation: http://localhost:1/CANARY?CANARY\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: ftp://localhost/CANARY?CANARY\r\nContent-Length: 0\r\n\r\n",
    ] {
        let server = TlsServer::start(answer).await;
        let follows = trusting(&server.certificate)
            .redirect(reqwest::redirect::Policy::limited(3))
            .https_only(true);
        let client = ClientBuilder::<Platform>::new().base_url(&server.url);
        let client = client
            .http_client(follows.build().unwrap())
            .build()
            .unwrap();
        let error = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect, "{error:?}");
        assert_eq!(server.requests.load(Ordering::SeqCst), 1);
        let mut shown = format!("{error:?} {error}");
        let mut source = error.source();
        while let Some(cause) = source {
            shown += &format!("{cause:?} {cause}");
            source = cause.source();
        }
        assert!(!shown.contains("CANARY"), "{shown}");
    }
}

fn trusting(certificate: &CertificateDer<'static>) -> reqwest::ClientBuilder {
    let certificate = reqwest::Certificate::from_der(certificate).unwrap();
    let builder = client_core::http_client_builder().unwrap();
    builder.tls_certs_only([certificate])
}
