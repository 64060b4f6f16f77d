//! The same two calls, through the clients and by hand.

use std::hint::black_box;

use client_core::Credentials;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, USER_AGENT};

const REDIRECT: &str = "https://example.com/done?state=1";

/// One way to make a call. Each fails loudly, so that no error is measured.
pub trait Contender {
    /// Makes the call.
    fn call(&self) -> impl Future<Output = ()>;
}

/// The Platform client.
pub struct PlatformClient(platform_client::Client);

impl PlatformClient {
    pub fn new(url: &str) -> Self {
        let builder = platform_client::Client::builder().base_url(url);
        let builder = builder.credentials(Credentials::new("client", "key"));
        Self(builder.build().expect("a client"))
    }
}

impl Contender for PlatformClient {
    async fn call(&self) {
        let call = self.0.request_oauth_window_uri("USR-1", "MBR-1");
        let call = call
            .referral_source(platform_client::ReferralSource::App)
            .client_redirect_url(REDIRECT);
        black_box(call.send().await.expect("a success").into_inner());
    }
}

/// The Nexus client.
pub struct NexusClient(nexus_client::Client);

impl NexusClient {
    pub fn new(url: &str) -> Self {
        let builder = nexus_client::Client::builder().base_url(url);
        Self(builder.session_token("token").build().expect("a client"))
    }
}

impl Contender for NexusClient {
    async fn call(&self) {
        let call = self.0.generate_oauth_window_uri("MBR-1");
        let call = call
            .referral_source(nexus_client::ReferralSource::App)
            .client_redirect_url(REDIRECT);
        black_box(call.send().await.expect("a success").into_inner());
    }
}

/// The Platform call, written by hand.
pub struct PlatformByHand(ByHand);

impl PlatformByHand {
    pub fn new(url: &str) -> Self {
        Self(ByHand::new(url))
    }
}

impl Contender for PlatformByHand {
    async fn call(&self) {
        let ByHand { http, url } = &self.0;
        let request = http
            .get(format!(
                "{url}/users/{}/members/{}/oauth_window_uri",
                "USR-1", "MBR-1"
            ))
            .basic_auth("client", Some("key"))
            .header(ACCEPT, "application/json")
            .header("Accept-Version", "v20250224");
        let request = request.query(&[
            ("referral_source", "APP"),
            ("client_redirect_url", REDIRECT),
        ]);
        let response = request
            .send()
            .await
            .and_then(reqwest::Response::error_for_status);
        let answer = response
            .expect("a success")
            .json::<platform_client::OAuthWindowResponseBody>()
            .await;
        black_box(answer.expect("a success"));
    }
}

/// The Nexus call, written by hand.
pub struct NexusByHand(ByHand);

impl NexusByHand {
    pub fn new(url: &str) -> Self {
        Self(ByHand::new(url))
    }
}

impl Contender for NexusByHand {
    async fn call(&self) {
        let ByHand { http, url } = &self.0;
        let request = http
            .get(format!("{url}/members/{}/oauth_window_uri", "MBR-1"))
            .header("MD-SESSION-TOKEN", "token")
            .header(ACCEPT, "application/vnd.mx.nexus.v1+json");
        let request = request.query(&[
            ("referral_source", "APP"),
            ("client_redirect_url", REDIRECT),
        ]);
        let response = request
            .send()
            .await
            .and_then(reqwest::Response::error_for_status);
        let answer = response
            .expect("a success")
            .json::<nexus_client::GenerateOauthWindowUriResponse>()
            .await;
        black_box(answer.expect("a success"));
    }
}

/// What a careful programmer sets up once: the same timeouts, and no redirects.
struct ByHand {
    http: reqwest::Client,
    url: String,
}

impl ByHand {
    fn new(url: &str) -> Self {
        let headers =
            HeaderMap::from_iter([(USER_AGENT, HeaderValue::from_static("by-hand/0.1.0"))]);
        let http = client_core::http_client_builder()
            .expect("TLS")
            .no_proxy()
            .default_headers(headers)
            .timeout(std::time::Duration::from_secs(30))
            .build();
        Self {
            http: http.expect("a client"),
            url: url.to_owned(),
        }
    }
}
