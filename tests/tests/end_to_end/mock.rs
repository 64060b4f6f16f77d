//! Tests that a user of the clients writes, with the typed mocks, on real sockets.

use std::time::{Duration, Instant};

use nexus_client::mock::MockServerExt as _;
use platform_client::mock::{MockServer, MockServerExt as _, Under};
use platform_client::{Client, Credentials, ErrorKind, ReferralSource};
use serde_json::json;

fn platform(base_url: &str) -> Client {
    Client::builder()
        .base_url(base_url)
        .credentials(Credentials::new("id", "key"))
        .build()
        .expect("a client")
}

fn nexus(server: &MockServer) -> nexus_client::Client {
    nexus_client::Client::builder()
        .base_url(server.base_url())
        .session_token("token")
        .build()
        .expect("a client")
}

/// What a mismatch comes to: the answer of a server that has no mock for the call.
async fn status_of(mx: &Client, user: &str, member: &str) -> u16 {
    match mx.request_oauth_window_uri(user, member).send().await {
        Ok(window) => window.status().as_u16(),
        Err(error) => error.status().expect("an answer").as_u16(),
    }
}

/// The README's example, and nothing else that it shows.
mod readme {
    use platform_client::mock::{MockServer, MockServerExt as _};
    use platform_client::{Client, Credentials, ReferralSource};
    use serde_json::json;

    #[tokio::test]
    async fn example() -> Result<(), platform_client::Error> {
        let server = MockServer::start();
        let mock = server.request_oauth_window_uri(|when, then| {
            when.user_identifier("USR-1")
                .referral_source(ReferralSource::App);
            let uri = "https://example.com/oauth";
            then.ok(json!({ "member": { "guid": "MBR-1", "oauth_window_uri": uri } }));
        });
        let mx = Client::builder()
            .base_url(server.base_url())
            .credentials(Credentials::new("id", "key"))
            .build()?;
        let window = mx
            .request_oauth_window_uri("USR-1", "MBR-1")
            .referral_source(ReferralSource::App)
            .send()
            .await?;
        mock.assert();
        assert!(window.member.is_some());
        Ok(())
    }
}

#[test]
fn the_readme_shows_what_is_tested() {
    let readme = std::fs::read_to_string(xtask::workspace().join("README.md")).expect("the README");
    let (_, shown) = readme
        .split_once("```rust\nuse platform_client::mock")
        .expect("the example");
    let (shown, _) = shown.split_once("```").expect("the end of the example");
    let tested = include_str!("mock.rs");
    for line in shown.lines().map(str::trim) {
        assert!(tested.contains(line), "not tested: {line}");
    }
}

#[tokio::test]
async fn a_path_value_stands_for_itself() {
    for (value, other) in [
        ("a/b", "a"),
        (".*", "anything"),
        ("x.y", "xzy"),
        ("ü", "u"),
        ("a b", "a+b"),
        ("100%", "100"),
        ("%2F", "/"),
        ("[^/]+", "a"),
        ("(?i)a", "A"),
        ("a\\d^$|{1}#~", "a1"),
    ] {
        let server = MockServer::start();
        server.request_oauth_window_uri(|when, then| {
            when.user_identifier(value);
            then.ok(json!({}));
        });
        let mx = platform(&server.base_url());
        assert_eq!(status_of(&mx, value, ".*/[^/]+ ü").await, 200, "{value}");
        assert_eq!(
            status_of(&mx, other, "MBR-1").await,
            404,
            "{other} for {value}"
        );
        assert_eq!(
            status_of(&mx, "MBR-1", value).await,
            404,
            "{value} elsewhere"
        );
    }
}

#[tokio::test]
async fn a_mock_answers_its_operation_only() {
    let server = MockServer::start();
    // Nexus has a path that the end of Platform's is.
    let mock = server.generate_oauth_window_uri(|_, then| {
        then.ok(json!({}));
    });
    assert_eq!(
        status_of(&platform(&server.base_url()), "USR-1", "MBR-1").await,
        404
    );
    nexus(&server)
        .generate_oauth_window_uri("MBR-1")
        .send()
        .await
        .expect("any member");
    mock.assert_calls(1);
}

#[tokio::test]
async fn a_base_url_may_have_a_path() {
    let server = MockServer::start();
    Under::new(&server, "/v1.0/").request_oauth_window_uri(|when, then| {
        when.member_identifier("MBR-1");
        then.ok(json!({}));
    });
    for (base, status) in [("/v1.0", 200), ("/v1.0/", 200), ("/v1x0", 404), ("", 404)] {
        let mx = platform(&server.url(base));
        assert_eq!(status_of(&mx, "USR-1", "MBR-1").await, status, "{base}");
    }
}

#[tokio::test]
async fn query_arguments_have_the_types_of_the_client() {
    let server = MockServer::start();
    let url = "https://example.com/done?a=b&c=d e+f%20";
    let mock = server.request_oauth_window_uri(|when, then| {
        when.referral_source(ReferralSource::App)
            .skip_aggregation(true)
            .client_redirect_url(url)
            .without("enable_app2app");
        then.ok(json!({ "member": null }));
    });
    let mx = platform(&server.base_url());
    let call = mx
        .request_oauth_window_uri("USR-1", "MBR-1")
        .referral_source(ReferralSource::App)
        .skip_aggregation(true)
        .client_redirect_url(url);
    let window = call.clone().send().await.expect("the call as stated");
    assert!(window.member.is_none());
    for other in [
        call.clone().referral_source(ReferralSource::Browser),
        call.clone().skip_aggregation(false),
        call.clone().client_redirect_url("https://example.com/done"),
        call.enable_app2app(true),
    ] {
        let error = other.send().await.expect_err("another call");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    }
    mock.assert_calls(1);
}

#[tokio::test]
async fn a_vendor_media_type_stays_on_the_wire() {
    let server = MockServer::start();
    server.generate_oauth_window_uri(|when, then| {
        when.member_guid("MBR-1")
            .referral_source(nexus_client::ReferralSource::App)
            .and(|when| when.header("md-session-token", "token"));
        then.ok(json!({ "member": { "guid": "MBR-1", "oauth_window_uri": "" } }));
    });
    let nexus = nexus(&server);
    let call = nexus
        .generate_oauth_window_uri("MBR-1")
        .referral_source(nexus_client::ReferralSource::App);
    let window = call.send().await.expect("a window");
    assert_eq!(
        window.headers()["content-type"],
        "application/vnd.mx.nexus.v1+json"
    );
    let member = window.into_inner().member.expect("a member");
    assert_eq!(member.oauth_window_uri.as_deref(), Some(""));
    // A value of the type does as well as JSON.
    let mut answer = nexus_client::GenerateOauthWindowUriResponse::default();
    answer.member = Some(member);
    server.reset();
    server.generate_oauth_window_uri(|_, then| {
        then.ok(&answer);
    });
    let again = nexus.generate_oauth_window_uri("MBR-2").send().await;
    let again = again.expect("a window").into_inner().member;
    assert_eq!(
        again.and_then(|member| member.guid).as_deref(),
        Some("MBR-1")
    );
}

#[tokio::test]
async fn any_status_with_any_body_is_possible() {
    let server = MockServer::start();
    let answer = |user: &'static str, status: u16| {
        server.request_oauth_window_uri(move |when, then| {
            when.user_identifier(user);
            then.status(status)
                .json(json!({ "error": { "code": "4220", "message": "Member cannot use OAuth" } }));
        });
    };
    answer("USR-1", 400);
    answer("USR-2", 418);
    server.request_oauth_window_uri(|when, then| {
        when.user_identifier("USR-3");
        then.status(503)
            .content("text/html", "<p>Later</p>")
            .and(|then| then.header("x-request-id", "REQ-1"));
    });
    server.request_oauth_window_uri(|when, then| {
        when.user_identifier("USR-4");
        then.status(200).content("application/json", "{\"member\":");
    });
    let mx = platform(&server.base_url());
    let error = |user: &'static str| {
        let call = mx.request_oauth_window_uri(user, "MBR-1");
        async move { call.send().await.expect_err("an error") }
    };
    for (user, status) in [("USR-1", 400), ("USR-2", 418)] {
        let error = error(user).await;
        assert_eq!(error.kind(), ErrorKind::Status);
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(
            (error.code(), error.message()),
            (Some("4220"), Some("Member cannot use OAuth"))
        );
    }
    assert_eq!(error("USR-4").await.kind(), ErrorKind::Decode);
    let error = Client::builder()
        .base_url(server.base_url())
        .credentials(Credentials::new("id", "key"))
        .retry(platform_client::RetryPolicy::never())
        .build()
        .expect("a client")
        .request_oauth_window_uri("USR-3", "MBR-1")
        .send()
        .await
        .expect_err("an error");
    assert_eq!(error.request_id(), Some("REQ-1"));
    assert!(error.is_retryable());

    let server = MockServer::start();
    server.generate_oauth_window_uri(|_, then| {
        then.bad_request()
            .json(json!({ "message": "Member cannot use OAuth" }));
    });
    let error = nexus(&server)
        .generate_oauth_window_uri("MBR-1")
        .send()
        .await
        .expect_err("an error");
    assert_eq!(error.message(), Some("Member cannot use OAuth"));
}

#[test]
#[should_panic(
    expected = "`requestOAuthWindowURI` does not answer 200 with this: the response does not decode at $.member"
)]
fn an_answer_of_another_type_is_refused() {
    MockServer::start().request_oauth_window_uri(|_, then| {
        then.ok(json!({ "member": "MBR-1" }));
    });
}

#[test]
#[should_panic(expected = "there is no $.member.uri in the response's type")]
fn an_answer_with_a_field_that_the_type_has_not_is_refused() {
    MockServer::start().request_oauth_window_uri(|_, then| {
        then.ok(json!({ "member": { "guid": "MBR-1", "uri": "https://example.com" } }));
    });
}

#[test]
#[should_panic(expected = "`referral_source` of `requestOAuthWindowURI` does not convert")]
fn an_argument_that_the_client_does_not_take_is_refused() {
    MockServer::start().request_oauth_window_uri(|when, _| {
        when.referral_source("PHONE");
    });
}

#[test]
#[should_panic(expected = "no call goes without it")]
fn a_call_without_what_every_call_has_is_refused() {
    MockServer::start().request_oauth_window_uri(|when, _| {
        when.without("user_identifier");
    });
}

#[tokio::test]
async fn a_mock_answers_a_sequence_whose_last_response_is_repeated() {
    let server = MockServer::start();
    let window = |guid: &str| json!({ "member": { "guid": guid } });
    let mock = server.request_oauth_window_uri(|when, then| {
        when.user_identifier("USR-1");
        then.ok(window("MBR-1"))
            .then()
            .status(400)
            .json(json!({ "error": { "message": "Not now" } }))
            .then()
            .ok(window("MBR-2"));
    });
    let mx = platform(&server.base_url());
    let mut found = Vec::new();
    for _ in 0..4 {
        found.push(
            match mx.request_oauth_window_uri("USR-1", "MBR-1").send().await {
                Ok(window) => window
                    .member
                    .as_ref()
                    .and_then(|member| member.guid.clone()),
                Err(error) => error.message().map(str::to_owned),
            },
        );
    }
    let wanted = ["MBR-1", "Not now", "MBR-2", "MBR-2"].map(|text| Some(text.to_owned()));
    assert_eq!(found, wanted);
    mock.assert_calls(4);
}

/// The flow of a member's aggregation: it is busy, the rate of calls is limited, it ends late.
#[tokio::test]
async fn each_response_of_a_sequence_has_headers_and_a_delay_of_its_own() {
    let server = MockServer::start();
    let late = Duration::from_millis(120);
    let mock = server.request_oauth_window_uri(|_, then| {
        then.ok(json!({ "member": { "guid": "MBR-1" } }))
            .delay(late)
            .then()
            .status(429)
            .header("Retry-After", "0")
            .then()
            .ok(json!({ "member": { "guid": "MBR-2" } }))
            .delay(late);
    });
    let mx = platform(&server.base_url());
    let mut times = Vec::new();
    // The client waits as `Retry-After` says, and calls again.
    for wanted in ["MBR-1", "MBR-2"] {
        let start = Instant::now();
        let window = mx.request_oauth_window_uri("USR-1", "MBR-1").send().await;
        let window = window.expect("a success");
        let guid = window.member.as_ref().and_then(|it| it.guid.as_deref());
        assert_eq!(guid, Some(wanted));
        times.push(start.elapsed());
    }
    assert!(times.iter().all(|time| *time >= late), "{times:?}");
    mock.assert_calls(3);
}

#[test]
#[should_panic(expected = "does not answer 200 with this: there is no $.guid")]
fn each_response_of_a_sequence_is_typed() {
    let server = MockServer::start();
    server.request_oauth_window_uri(|_, then| {
        then.ok(json!({ "member": {} }))
            .then()
            .ok(json!({ "guid": "MBR-1" }));
    });
}
