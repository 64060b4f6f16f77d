//! A service that sends users to the login of their bank, and takes them back.
//!
//! `MX_CLIENT_ID=… MX_API_KEY=… cargo run -p oauth-axum`, then open
//! `http://127.0.0.1:8080/connect/USR-…/MBR-…` in a browser.

mod failure;

use std::{error::Error, sync::Arc};

use axum::{
    Router,
    extract::{Path, State},
    http::{
        Uri,
        header::{CACHE_CONTROL, REFERRER_POLICY},
    },
    response::{IntoResponse, Redirect},
    routing::get,
};
use platform_client::oauth::{OAuthRedirect, Status};
use platform_client::{Client, Credentials, Environment, ReferralSource};
use tokio::net::TcpListener;

use failure::Failure;

/// What every request needs: one client for all of them.
#[derive(Clone)]
struct Service {
    mx: Client,
    /// The page to which MX sends the user back.
    callback: Arc<str>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:8080").await?;
    let own_url = format!("http://{}", listener.local_addr()?);
    let mx = Client::builder()
        .environment(Environment::Integration)
        .credentials(Credentials::from_env()?)
        .application("oauth-axum/0.1")
        .build()?;
    axum::serve(listener, service(mx, &own_url)).await?;
    Ok(())
}

fn service(mx: Client, own_url: &str) -> Router {
    let callback = format!("{own_url}/connected").into();
    Router::new()
        .route("/connect/{user}/{member}", get(connect))
        .route("/connected", get(connected))
        .with_state(Service { mx, callback })
}

/// Sends the browser to the login. A real service takes the user from its own session, not from the path.
async fn connect(
    State(service): State<Service>,
    Path((user, member)): Path<(String, String)>,
) -> Result<impl IntoResponse, Failure> {
    let window = service
        .mx
        .request_oauth_window_uri(user, member)
        .referral_source(ReferralSource::App)
        .client_redirect_url(&*service.callback)
        .send()
        .await?
        .into_inner();
    let uri = window.member.and_then(|member| member.oauth_window_uri);
    // It may be null or empty, where the member needs no login or the institution has none.
    let uri = uri.filter(|uri| !uri.is_empty()).ok_or(Failure::NoLogin)?;
    // Whoever has the URL can log in as the user, once: it is neither stored nor passed on.
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    Ok((headers, Redirect::to(&uri)))
}

/// Takes the browser back. Anyone can open this page with any query: read the member to know what happened.
async fn connected(uri: Uri) -> Result<&'static str, Failure> {
    let end = OAuthRedirect::parse(&uri.to_string())?;
    match end.status() {
        Status::Success => Ok("Your bank is connected."),
        _ => Err(Failure::NotConnected(end.reason().cloned())),
    }
}

#[cfg(test)]
mod tests {
    use platform_client::mock::{MockServer, MockServerExt as _};
    use platform_client::reqwest::{Response, header};
    use platform_client::{RetryPolicy, http_client_builder};
    use serde_json::{Value, json};

    use super::*;

    /// The service, in front of a mock of MX.
    struct Test {
        mx: MockServer,
        url: String,
    }

    impl Test {
        async fn start() -> Self {
            let mx = MockServer::start_async().await;
            let client = Client::builder()
                .base_url(mx.base_url())
                .credentials(Credentials::new("id", "key"))
                .retry(RetryPolicy::never())
                .build()
                .unwrap();
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            let service = service(client, &url);
            tokio::spawn(async { axum::serve(listener, service).await.unwrap() });
            Self { mx, url }
        }

        /// What a browser gets, which does not follow redirects here.
        async fn get(&self, path: &str) -> Response {
            let browser = http_client_builder().unwrap().no_proxy().build().unwrap();
            let request = browser.get(format!("{}{path}", self.url));
            request.send().await.unwrap()
        }

        /// The answer of MX to the request of the login.
        fn answers(&self, body: Value) {
            let callback = format!("{}/connected", self.url);
            self.mx.request_oauth_window_uri(|when, then| {
                when.user_identifier("USR-1")
                    .member_identifier("MBR-1")
                    .referral_source(ReferralSource::App)
                    .client_redirect_url(callback);
                then.ok(body);
            });
        }
    }

    #[tokio::test]
    async fn the_user_is_sent_to_the_login() {
        let test = Test::start().await;
        let login = "https://bank.example/login?state=secret";
        test.answers(json!({ "member": { "guid": "MBR-1", "oauth_window_uri": login } }));
        let response = test.get("/connect/USR-1/MBR-1").await;
        assert_eq!(response.status(), 303);
        let headers = response.headers();
        assert_eq!(headers[header::LOCATION], login);
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
    }

    #[tokio::test]
    async fn a_member_without_a_login_is_not_sent_anywhere() {
        for uri in [json!(null), json!("")] {
            let test = Test::start().await;
            test.answers(json!({ "member": { "guid": "MBR-1", "oauth_window_uri": uri } }));
            let response = test.get("/connect/USR-1/MBR-1").await;
            assert_eq!(response.status(), 409);
        }
    }

    #[tokio::test]
    async fn each_kind_of_error_has_an_answer() {
        for (status, retry_after, expected) in [
            (404, None, 404),
            (400, None, 400),
            (401, None, 500),
            (403, None, 500),
            (429, Some("7"), 503),
            (503, None, 503),
            (200, None, 502),
        ] {
            let test = Test::start().await;
            test.mx.request_oauth_window_uri(|_, then| {
                then.status(status)
                    .content("application/json", "canary")
                    .and(|then| match retry_after {
                        Some(seconds) => then.header("Retry-After", seconds),
                        None => then,
                    });
            });
            let response = test.get("/connect/USR-1/MBR-1").await;
            assert_eq!(response.status(), expected, "{status}");
            let wait = response.headers().get(header::RETRY_AFTER);
            assert_eq!(wait.map(|wait| wait.to_str().unwrap()), retry_after);
            assert!(!response.text().await.unwrap().contains("canary"));
        }
    }

    #[tokio::test]
    async fn the_user_comes_back() {
        let test = Test::start().await;
        for (query, status, text) in [
            ("status=success&member_guid=MBR-1", 200, "connected"),
            ("status=error&error_reason=DENIED", 409, "refused"),
            ("status=error&error_reason=canary", 409, "not connected"),
            ("", 400, "not understood"),
        ] {
            let response = test.get(&format!("/connected?{query}")).await;
            assert_eq!(response.status(), status, "{query}");
            let shown = response.text().await.unwrap();
            assert!(shown.contains(text) && !shown.contains("canary"), "{shown}");
        }
    }
}
