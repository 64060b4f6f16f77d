//! Whom the client talks to over TLS, with the library that it was built with.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use client_core::{ClientBuilder, ErrorKind};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivatePkcs8KeyDer},
    },
};

use crate::support::*;

/// A server with a certificate of its own making.
struct TlsServer {
    url: String,
    certificate: CertificateDer<'static>,
    requests: Arc<AtomicUsize>,
}

impl TlsServer {
    async fn start() -> Self {
        let identity = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = identity.cert.der().clone();
        let key = PrivatePkcs8KeyDer::from(identity.signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
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
                let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"name\":\"ok\"}\n";
                _ = connection.write_all(answer.as_bytes()).await;
            }
        });
        Self {
            url,
            certificate,
            requests,
        }
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_gets_no_request() {
    let server = TlsServer::start().await;
    let client = ClientBuilder::<Platform>::new().base_url(&server.url);
    let client = client
        .retry(client_core::RetryPolicy::never())
        .build()
        .unwrap();
    let error = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
    assert_eq!(server.requests.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_client_that_was_brought_trusts_whom_it_was_told_to() {
    let server = TlsServer::start().await;
    let client = ClientBuilder::<Platform>::new().base_url(&server.url);
    let client = client
        .http_client(trusting(&server.certificate))
        .build()
        .unwrap();
    client.0.call(&PUBLIC).decode::<Thing>().await.unwrap();
    assert_eq!(server.requests.load(Ordering::SeqCst), 1);
}

#[cfg(feature = "rustls")]
fn trusting(certificate: &CertificateDer<'static>) -> reqwest::Client {
    use tokio_rustls::rustls::{ClientConfig, RootCertStore};

    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let builder = client_core::http_client_builder().unwrap();
    builder.tls_backend_preconfigured(config).build().unwrap()
}

#[cfg(not(feature = "rustls"))]
fn trusting(certificate: &CertificateDer<'static>) -> reqwest::Client {
    let certificate = reqwest::Certificate::from_der(certificate).unwrap();
    let builder = client_core::http_client_builder().unwrap();
    builder.tls_certs_merge([certificate]).build().unwrap()
}
