//! What one call can have of its own, and the ways around the types.

use std::time::Duration;

use client_core::{Argument, ErrorKind, reqwest::Method};
use futures_util::TryStreamExt as _;
use serde_json::{Value, json};

use crate::support::*;

#[tokio::test]
async fn a_call_owns_what_it_needs() {
    let server = Server::always(thing()).await;
    let client = platform_builder(&server).build().unwrap();
    let call = client.0.call(&GET_THING).path("id", Argument::from("T-1"));
    let again = call.clone();
    drop(client);
    let (first, second) = tokio::join!(
        tokio::spawn(call.decode::<Thing>()),
        tokio::spawn(again.send_as::<Value>()),
    );
    assert_eq!(first.unwrap().unwrap().name, "a thing");
    assert_eq!(second.unwrap().unwrap()["name"], "a thing");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn an_argument_that_is_given_again_replaces_the_earlier_one() {
    let server = Server::always(thing()).await;
    let client = platform_builder(&server).build().unwrap();
    let call = client.0.call(&GET_THING).path("id", Argument::from("T-1"));
    let call = call.query("filter", Argument::from(vec!["a", "b"]));
    let call = call.query("fields[]", Argument::from("x"));
    let call = call.header("X-Note", Argument::from("first"));
    let call = call.path("id", Argument::from("T-2"));
    let call = call.query("filter", Argument::from("c"));
    let call = call.header("X-Note", Argument::<&str>::absent());
    call.decode::<Thing>().await.unwrap();
    let request = server.request();
    assert_eq!(request.target, "/things/T-2?fields%5B%5D=x&filter=c");
    assert_eq!(request.header("X-Note"), None);
}

#[tokio::test]
async fn a_timeout_of_the_call_replaces_those_of_the_client() {
    let server = Server::always(vec![Step::Stall]).await;
    let client = platform_builder(&server).build().unwrap();
    let call = client.0.call(&PUBLIC).timeout(Duration::from_millis(50));
    let error = call.decode::<Thing>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);

    // Longer than the client allows: the answer comes after the client's own timeouts.
    let slow = Step::Trickle(
        b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
        Duration::from_millis(5),
    );
    let server = Server::always(vec![slow]).await;
    let short = Duration::from_millis(20);
    let builder = platform_builder(&server).attempt_timeout(short);
    let client = builder.total_timeout(short).build().unwrap();
    let call = || client.0.call(&PUBLIC);
    let error = call().empty().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    call()
        .timeout(Duration::from_secs(60))
        .empty()
        .await
        .unwrap();
}

#[tokio::test]
async fn retries_and_idempotency_are_those_of_the_call() {
    let server = Server::always(json(503, "{}")).await;
    let client = platform_builder(&server).build().unwrap();
    let sent = async |call: client_core::Call| {
        let before = server.requests().len();
        let error = call.empty().await.unwrap_err();
        (server.requests().len() - before, error.is_retryable())
    };
    let create = || client.0.call(&CREATE_THING).json(Argument::from(json!({})));
    assert_eq!(sent(create()).await, (1, false));
    assert_eq!(sent(create().idempotent(true)).await, (3, true));
    assert_eq!(
        sent(create().idempotent(true).retry(quick(5))).await,
        (5, true)
    );
    let public = || client.0.call(&PUBLIC);
    assert_eq!(sent(public().idempotent(false)).await, (1, false));
    assert_eq!(sent(public().retry(quick(1))).await, (1, true));
    assert_eq!(sent(public()).await, (3, true));

    // A broken connection and a timeout are judged by the same rule.
    let server = Server::always(vec![Step::Close]).await;
    let client = platform_builder(&server).build().unwrap();
    let call = client.0.call(&PUBLIC).idempotent(false);
    call.empty().await.unwrap_err();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_header_of_the_call_replaces_that_of_the_client() {
    let server = Server::always(thing()).await;
    let client = platform_builder(&server).build().unwrap();
    let call = || client.0.call(&GET_THING).path("id", Argument::from("T-1"));
    let sent = call().extra_header("X-Trace", "abc");
    let sent = sent
        .extra_header("accept-version", "v2")
        .extra_header("x-trace", "def");
    sent.decode::<Thing>().await.unwrap();
    let request = server.request();
    assert_eq!(request.header("X-Trace"), Some("def"));
    assert_eq!(request.header("Accept-Version"), Some("v2"));
    let sent = request
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("accept-version"));
    assert_eq!(sent.count(), 1);

    for (name, value) in [
        ("Authorization", "Basic canary"),
        ("host", "canary.example.com"),
        ("Content-Length", "3"),
        ("transfer-encoding", "chunked"),
        ("Connection", "close"),
        ("a b", "canary"),
        ("X-Note", "canary\r\nX-More: 1"),
        ("X-Note", "canary ü"),
    ] {
        let error = call().extra_header(name, value).empty().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{name}");
        assert!(
            !format!("{error} {error:?}").contains("canary"),
            "{error:?}"
        );
    }
    assert_eq!(server.requests().len(), 1, "nothing else was sent");
}

#[tokio::test]
async fn a_header_of_the_call_never_replaces_a_session() {
    let server = Server::always(thing()).await;
    let client = nexus_builder(&server)
        .session_token("token")
        .build()
        .unwrap();
    let call = client.0.call(&GET_MEMBER).path("id", Argument::from("M-1"));
    let call = call.extra_header("md-session-token", "canary");
    let error = call.empty().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("md-session-token"), "{error}");
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn a_hook_adds_headers_to_every_attempt_and_sees_no_credentials() {
    let server = Server::start(|number, _| match number {
        0 => json(503, "{}"),
        _ => thing(),
    });
    let server = server.await;
    let attempts = std::sync::atomic::AtomicUsize::new(0);
    let builder = platform_builder(&server).on_request(move |headers| {
        assert!(!headers.contains_key("authorization"));
        assert!(headers.contains_key("accept"));
        let number = attempts.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        headers.insert("traceparent", format!("00-{number}").parse().unwrap());
    });
    let client = builder.build().unwrap();
    let call = client.0.call(&GET_THING).path("id", Argument::from("T-1"));
    call.decode::<Thing>().await.unwrap();
    let requests = server.requests();
    let sent: Vec<_> = requests
        .iter()
        .map(|request| request.header("traceparent"))
        .collect();
    assert_eq!(sent, [Some("00-0"), Some("00-1")]);
    assert!(
        requests
            .iter()
            .all(|request| request.header("authorization").is_some())
    );
}

/// An answer that the operation does not document.
fn undocumented() -> Vec<Step> {
    let head = "HTTP/1.1 203 Other\r\nContent-Type: text/x-other\r\nX-Request-Id: R-1\r\nContent-Length: 7\r\n\r\n";
    vec![Step::Send(format!("{head}[1, 22]").into())]
}

#[tokio::test]
async fn a_response_can_be_taken_as_it_is() {
    let server = Server::always(undocumented()).await;
    let client = platform_builder(&server).build().unwrap();
    let call = || client.0.call(&PUBLIC);
    call().decode::<Thing>().await.unwrap_err();
    let raw = call().send_raw().await.unwrap();
    assert_eq!((raw.status().as_u16(), raw.body()), (203, None));
    assert_eq!(raw.headers()["x-request-id"], "R-1");
    assert_eq!(raw.bytes().await.unwrap(), "[1, 22]");
    let raw = call().send_raw().await.unwrap();
    let pieces: Vec<_> = raw.into_stream().try_collect().await.unwrap();
    assert_eq!(pieces.concat(), b"[1, 22]");
    let raw = call().send_raw().await.unwrap();
    let decoded = raw.json::<Vec<u8>>().await.unwrap();
    assert_eq!((decoded.status().as_u16(), &*decoded), (203, &vec![1, 22]));
    let typed = call().send_as::<Vec<u8>>().await.unwrap();
    assert_eq!(*typed, [1, 22]);
    let error = call().send_as::<Vec<bool>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("$[0]"), "{error}");
}

#[tokio::test]
async fn a_raw_response_is_bounded_when_it_is_read_whole() {
    let server = Server::always(undocumented()).await;
    let client = platform_builder(&server)
        .max_response_bytes(6)
        .build()
        .unwrap();
    let raw = client.0.call(&PUBLIC).send_raw().await.unwrap();
    let error = raw.bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(error.operation(), Some("public"));
}

#[tokio::test]
async fn refusals_are_errors_of_raw_calls_as_well() {
    let refused = json(404, r#"{"error":{"message":"No such thing"}}"#);
    let server = Server::always(refused).await;
    let client = platform_builder(&server).build().unwrap();
    let error = client.0.call(&PUBLIC).send_raw().await.unwrap_err();
    assert_eq!(error.message(), Some("No such thing"));
    let error = client.0.call(&PUBLIC).send_as::<Value>().await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 404);
}

#[tokio::test]
async fn a_request_that_the_spec_does_not_know_goes_as_any_other() {
    let server = Server::start(|number, _| match number {
        0 => json(503, "{}"),
        _ => undocumented(),
    });
    let server = server.await;
    let client = platform_builder(&server).build().unwrap();
    let request = client
        .0
        .request(&GET_THING, Method::PUT, "/new/{guid}/parts/{part}");
    let request = request.path("guid", "T/../1").path("part", 7);
    let request = request
        .query("page", 2)
        .query("tags", ["a", "b&c"])
        .query("none", None::<u8>);
    let request = request.json(json!({"name": "x"})).header("X-Trace", "abc");
    assert_eq!(*request.send_as::<Vec<u8>>().await.unwrap(), [1, 22]);

    let requests = server.requests();
    assert_eq!(requests.len(), 2, "a PUT is idempotent");
    let request = &requests[1];
    assert_eq!(request.method, "PUT");
    assert_eq!(
        request.target,
        "/new/T%2F..%2F1/parts/7?page=2&tags=a&tags=b%26c"
    );
    assert_eq!(request.header("Authorization"), Some("Basic aWQ6a2V5"));
    assert_eq!(request.header("Accept-Version"), Some("v1"));
    assert_eq!(request.header("X-Trace"), Some("abc"));
    assert_eq!(request.body, br#"{"name":"x"}"#);
}

#[tokio::test]
async fn requests_that_the_spec_does_not_know_are_retried_as_their_method_allows() {
    for (method, sent) in [
        (Method::GET, 3),
        (Method::DELETE, 3),
        (Method::POST, 1),
        (Method::PATCH, 1),
    ] {
        let server = Server::always(json(503, "{}")).await;
        let client = platform_builder(&server).build().unwrap();
        let error = client
            .0
            .request(&PUBLIC, method.clone(), "/new")
            .send()
            .await
            .unwrap_err();
        assert_eq!(
            (error.operation(), error.status().unwrap().as_u16()),
            (Some("public"), 503)
        );
        assert_eq!(server.requests().len(), sent, "{method}");
    }
    let server = Server::always(json(503, "{}")).await;
    let client = platform_builder(&server).build().unwrap();
    let request = client
        .0
        .request(&PUBLIC, Method::POST, "/new")
        .idempotent(true);
    request.send_raw().await.unwrap_err();
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_request_reaches_only_the_path_that_was_written() {
    let server = Server::always(thing()).await;
    let client = platform_builder(&server).build().unwrap();
    let start = |path: &'static str| client.0.request(&PUBLIC, Method::GET, path);
    for request in [
        start("things"),
        start("https://example.com/things"),
        start("/things?canary=1"),
        start("/things/../secret"),
        start("/things/{id}"),
        start("/things/{id}").path("id", ".."),
        start("/things/{id}").path("id", ""),
        start("/things/{id}")
            .path("id", "T-1")
            .path("guid", "canary"),
        start("/things")
            .query("object", f64::NAN)
            .query("bad", std::collections::BTreeMap::from([((1, 2), 3)])),
    ] {
        let error = request.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert!(
            !format!("{error} {error:?}").contains("canary"),
            "{error:?}"
        );
    }
    assert_eq!(server.requests().len(), 0);
    // A path that looks like a host stays a path.
    start("//example.com/things").send().await.unwrap();
    assert_eq!(server.request().target, "//example.com/things");
}

#[tokio::test]
async fn a_proxy_takes_the_calls_and_plain_http_must_be_allowed() {
    let proxy = Server::always(thing()).await;
    let builder = || {
        client_core::ClientBuilder::<Platform>::new()
            .base_url("http://mx.example.com/v1")
            .credentials(client_core::Credentials::new("id", "key"))
            .application("shop/1.0")
    };
    let error = builder().build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let client = builder().allow_plain_http().proxy(proxy.url());
    let client = client.build().unwrap();
    client.0.call(&PUBLIC).decode::<Thing>().await.unwrap();
    let request = proxy.request();
    assert_eq!(request.target, "http://mx.example.com/v1/public");
    assert_eq!(
        request.header("User-Agent"),
        Some("shop/1.0 platform-test/1.2.3")
    );
    let wrong = builder().allow_plain_http().proxy("http://user:canary@");
    let error = wrong.build().unwrap_err();
    assert!(
        !format!("{error} {error:?}").contains("canary"),
        "{error:?}"
    );
}
