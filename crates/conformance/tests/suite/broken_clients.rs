//! The suite can fail: what it says about clients that are broken on purpose.

use std::sync::Arc;

use client_core::Error;
use client_core::dispatch::{Arguments, Pending, ResponseBody};
use conformance::api::{Api, Caller};
use conformance::cases;
use conformance::run::clients;
use serde_json::{Map, Value};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support;

/// A real client with something done to its calls.
struct Broken {
    client: Box<dyn Caller>,
    arguments: fn(&Arguments) -> Arguments,
    answer: fn(&mut Value),
}

impl Caller for Broken {
    fn call<'a>(&'a self, operation: &str, arguments: &'a Arguments) -> Option<Pending<'a>> {
        let operation = operation.to_owned();
        let arguments = (self.arguments)(arguments);
        Some(Box::pin(async move {
            let call = self
                .client
                .call(&operation, &arguments)
                .expect("a known operation");
            let mut answer = call.await?;
            if let ResponseBody::Json(value) = &mut answer.body {
                (self.answer)(value);
            }
            Ok(answer)
        }))
    }
}

/// The arguments without one of them.
fn without(arguments: &Arguments, dropped: &'static str) -> Arguments {
    let names = [
        "user_identifier",
        "member_identifier",
        "member_guid",
        "client_redirect_url",
        "enable_app2app",
        "referral_source",
        "skip_aggregation",
        "ui_message_webview_url_scheme",
    ];
    let mut kept = Map::new();
    for name in names.into_iter().filter(|name| *name != dropped) {
        if let Some(value) = arguments.optional::<Value>(name).expect("any value") {
            kept.insert(name.to_owned(), value);
        }
    }
    Arguments::new(kept)
}

/// The failures that the suite finds, as `operation, case: failure`.
async fn failures(api: &Api) -> Vec<String> {
    let results = clients::run(api, &cases::all(&api.contract), &|_| true)
        .await
        .expect("the client is built");
    let mut found = Vec::new();
    for result in results {
        for failure in &result.failures {
            found.push(format!("{}, {}: {failure}", result.operation, result.case));
        }
    }
    found
}

fn broken(name: &str, arguments: fn(&Arguments) -> Arguments, answer: fn(&mut Value)) -> Api {
    let mut api = support::api(name);
    let connect = Arc::clone(&api.connect);
    api.connect = Arc::new(move |url: &str| -> Result<Box<dyn Caller>, Error> {
        Ok(Box::new(Broken {
            client: connect(url)?,
            arguments,
            answer,
        }))
    });
    api
}

#[tokio::test]
async fn a_dropped_query_parameter_is_named() {
    for (name, operation) in [
        ("platform", "requestOAuthWindowURI"),
        ("nexus", "generateOAuthWindowUri"),
    ] {
        let api = broken(
            name,
            |arguments| without(arguments, "referral_source"),
            |_| {},
        );
        let cases = [
            "full",
            "referral_source = \"BROWSER\"",
            "referral_source = \"APP\"",
        ];
        let fault = "query parameter `referral_source` was given, but is not sent";
        assert_eq!(
            failures(&api).await,
            cases.map(|case| format!("{operation}, request: {case}: {fault}")),
        );
    }
}

#[tokio::test]
async fn a_renamed_response_field_is_named() {
    let rename = |value: &mut Value| {
        if let Some(member) = value.get_mut("member").and_then(Value::as_object_mut)
            && let Some(guid) = member.remove("guid")
        {
            member.insert("id".to_owned(), guid);
        }
    };
    for (name, example) in [
        ("platform", "response 200: from schema"),
        ("nexus", "response 200: example"),
    ] {
        let api = broken(name, |arguments| without(arguments, ""), rename);
        let found = failures(&api).await;
        let wanted = format!("{example}: response field `/member/guid` is lost");
        assert!(
            found.iter().any(|fault| fault.ends_with(&wanted)),
            "{found:#?}"
        );
        assert!(
            found
                .iter()
                .all(|fault| fault.contains("response 200") || fault.contains("undocumented")),
            "{found:#?}"
        );
    }
}

#[tokio::test]
async fn a_wrong_header_is_named() {
    let api = behind_a_proxy(
        "platform",
        "accept-version: v20250224",
        "accept-version: v20111101",
    );
    every_request_shows(
        &api,
        &["header `Accept-Version` is `v20111101`, not `v20250224`"],
    )
    .await;
    let api = behind_a_proxy(
        "nexus",
        "accept: application/vnd.mx.nexus.v1+json",
        "accept: application/vnd.mx.nexus.v2+json",
    );
    every_request_shows(
        &api,
        &[
            "header `accept` does not take `application/vnd.mx.nexus.v1+json`",
            "header `accept` is `application/vnd.mx.nexus.v2+json`, not `application/vnd.mx.nexus.v1+json`",
        ],
    )
    .await;
    let api = behind_a_proxy("nexus", "md-session-token:", "md-session-taken:");
    every_request_shows(
        &api,
        &[
            "the credentials are not a token in `MD-SESSION-TOKEN`",
            "header `md-session-taken` is not declared",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_stray_and_a_missing_header_are_named() {
    let api = behind_a_proxy(
        "platform",
        "user-agent: platform-client",
        "api-version: 20250224000000",
    );
    let wanted = [
        "header `user-agent` is missing",
        "header `api-version` is not declared",
    ];
    every_request_shows(&api, &wanted).await;
    let api = behind_a_proxy(
        "nexus",
        "accept-encoding: identity",
        "accept-encoding: gzip, br",
    );
    let wanted = ["header `accept-encoding` is `gzip, br`, not `identity`"];
    every_request_shows(&api, &wanted).await;
}

/// Asserts that each request that is sent has these failures, and no case has others.
async fn every_request_shows(api: &Api, wanted: &[&str]) {
    let cases = cases::all(&api.contract);
    for result in clients::run(api, &cases, &|_| true)
        .await
        .expect("the client is built")
    {
        let is_sent = result.case.starts_with("request") && result.request.is_some();
        let wanted = if is_sent { wanted } else { &[] };
        assert_eq!(result.failures, wanted, "{}", result.case);
    }
}

#[tokio::test]
async fn an_error_with_another_status_is_named() {
    let api = behind_a_proxy("nexus", "HTTP/1.1 403", "HTTP/1.1 401");
    assert_eq!(
        failures(&api).await,
        ["generateOAuthWindowUri, response error 403: the error does not have the status 403"],
    );
}

#[tokio::test]
async fn a_success_that_must_fail_is_named() {
    let api = behind_a_proxy("nexus", "HTTP/1.1 404", "HTTP/1.1 200");
    assert_eq!(
        failures(&api).await,
        ["generateOAuthWindowUri, response error 404: \
             the call succeeded; it must fail with `Status`"],
    );
}

/// The client of an API, behind a proxy that replaces a text by one of the same length.
fn behind_a_proxy(name: &str, from: &'static str, to: &'static str) -> Api {
    assert_eq!(from.len(), to.len(), "the messages must keep their lengths");
    let mut api = support::api(name);
    let connect = Arc::clone(&api.connect);
    api.connect = Arc::new(move |url: &str| {
        let rest = url.strip_prefix("http://").expect("a plain URL");
        let (upstream, lane) = rest.split_once('/').expect("a lane");
        let upstream = upstream.to_owned();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let own = listener.local_addr().expect("an address");
        listener.set_nonblocking(true).expect("a socket");
        tokio::spawn(async move {
            let listener = TcpListener::from_std(listener).expect("a listener");
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(&upstream)
                    .await
                    .expect("the capture server");
                // Requests are small; none waits for the acknowledgement of the one before.
                near.set_nodelay(true).expect("a socket");
                far.set_nodelay(true).expect("a socket");
                let ((near_in, near_out), (far_in, far_out)) =
                    (near.into_split(), far.into_split());
                tokio::spawn(pass(near_in, far_out, from, to));
                tokio::spawn(pass(far_in, near_out, from, to));
            }
        });
        connect(&format!("http://{own}/{lane}"))
    });
    api
}

/// Copies what arrives with the text replaced, however it is cut into pieces on the way.
async fn pass(
    mut source: tokio::net::tcp::OwnedReadHalf,
    mut sink: tokio::net::tcp::OwnedWriteHalf,
    from: &str,
    to: &str,
) {
    let mut pending = Vec::new();
    while let Ok(1..) = source.read_buf(&mut pending).await {
        while let Some(at) = find(&pending, from.as_bytes()) {
            pending[at..at + to.len()].copy_from_slice(to.as_bytes());
        }
        // The end may be the start of the text, whose rest is still to come. No message ends so.
        let kept = (1..from.len()).rev();
        let kept = kept
            .filter(|length| pending.ends_with(&from.as_bytes()[..*length]))
            .max();
        let rest = pending.split_off(pending.len() - kept.unwrap_or(0));
        if sink.write_all(&pending).await.is_err() {
            break;
        }
        pending = rest;
    }
}

fn find(bytes: &[u8], text: &[u8]) -> Option<usize> {
    bytes.windows(text.len()).position(|part| part == text)
}
