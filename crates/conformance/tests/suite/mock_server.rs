//! The mock server refuses requests that break the spec, with the status that MX documents, and no correct request.

use std::time::Duration;

use client_core::{ErrorKind, RetryPolicy};
use conformance::SpecServer;
use conformance::contract;
use conformance::mock_server::{Fault, FaultKind, RunningSpecServer};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const WINDOW: &str = "/users/USR-1/members/MBR-1/oauth_window_uri";
const BASIC: &str = "Authorization: Basic aWQ6a2V5";
const VERSION: &str = "Accept-Version: v20250224";
const JSON: &str = "Accept: application/json";
const TOKEN: &str = "MD-SESSION-TOKEN: token";
const VENDOR: &str = "Accept: application/vnd.mx.nexus.v1+json";

/// Sends a request as it is written; returns the status and the body of the response.
async fn send(
    server: &RunningSpecServer,
    first: &str,
    headers: &[&str],
    body: &str,
) -> (u16, Value) {
    let address = server.url().replace("http://", "");
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let mut text = format!("{first} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for header in headers {
        text.push_str(&format!("{header}\r\n"));
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer);
    let status = answer[9..12].parse().unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    (status, serde_json::from_str(body).unwrap_or_default())
}

async fn platform() -> RunningSpecServer {
    SpecServer::of_json(platform_client::OPENAPI)
        .unwrap()
        .start()
        .await
        .unwrap()
}

async fn nexus() -> RunningSpecServer {
    SpecServer::of_json(nexus_client::OPENAPI)
        .unwrap()
        .start()
        .await
        .unwrap()
}

#[tokio::test]
async fn refuses_what_breaks_the_platform_spec() {
    let server = platform().await;
    let get = format!("GET {WINDOW}");
    let good = [BASIC, VERSION, JSON];
    let cases: [(&str, String, &[&str], u16, &str); 17] = [
        (
            "no credentials",
            get.clone(),
            &[VERSION, JSON],
            401,
            "credentials",
        ),
        (
            "another scheme",
            get.clone(),
            &["Authorization: Bearer aWQ6a2V5", VERSION, JSON],
            401,
            "Basic",
        ),
        (
            "an empty key",
            get.clone(),
            &["Authorization: Basic aWQ6", VERSION, JSON],
            401,
            "Basic",
        ),
        (
            "no base64",
            get.clone(),
            &["Authorization: Basic id:key", VERSION, JSON],
            401,
            "Basic",
        ),
        (
            "no version",
            get.clone(),
            &[BASIC, JSON],
            406,
            "Accept-Version",
        ),
        (
            "another version",
            get.clone(),
            &[BASIC, "Accept-Version: v20111101", JSON],
            406,
            "v20250224",
        ),
        (
            "another media type",
            get.clone(),
            &[BASIC, VERSION, "Accept: text/html"],
            406,
            "accept",
        ),
        (
            "not a boolean",
            format!("{get}?skip_aggregation=maybe"),
            &good,
            400,
            "skip_aggregation",
        ),
        (
            "outside the enum",
            format!("{get}?referral_source=FAX"),
            &good,
            400,
            "referral_source",
        ),
        (
            "given twice",
            format!("{get}?referral_source=APP&referral_source=APP"),
            &good,
            400,
            "more than once",
        ),
        (
            "undeclared",
            format!("{get}?color=red"),
            &good,
            400,
            "color",
        ),
        (
            "a trailing slash",
            format!("{get}/"),
            &good,
            404,
            "no such path",
        ),
        (
            "an empty identifier",
            "GET /users//members/MBR-1/oauth_window_uri".to_owned(),
            &good,
            404,
            "no such path",
        ),
        (
            "an unescaped identifier",
            get.replace("USR-1", "USR|1"),
            &good,
            400,
            "percent-encoded",
        ),
        (
            "another path",
            "GET /users/USR-1".to_owned(),
            &good,
            404,
            "no such path",
        ),
        (
            "another method",
            format!("POST {WINDOW}"),
            &good,
            405,
            "method",
        ),
        (
            "another method in lower case",
            format!("get {WINDOW}"),
            &good,
            405,
            "method",
        ),
    ];
    for (name, first, headers, status, message) in cases {
        let (got, body) = send(&server, &first, headers, "").await;
        assert_eq!(got, status, "{name}: {body}");
        let seen = body["error"]["message"].as_str().unwrap_or_default();
        assert!(seen.contains(message), "{name}: {body}");
    }
    let (status, body) = send(&server, &get, &good, "{}").await;
    assert_eq!(
        (status, &body["error"]["message"]),
        (400, &json!("there is a body, but the operation takes none"))
    );
    for first in [
        get.clone(),
        format!("{get}?skip_aggregation=true&referral_source=APP"),
    ] {
        let (status, body) = send(&server, &first, &good, "").await;
        assert_eq!(status, 200, "{body}");
        assert!(body["member"]["guid"].is_string(), "{body}");
    }
}

#[tokio::test]
async fn refuses_what_breaks_the_nexus_spec() {
    let server = nexus().await;
    let get = "GET /members/MBR-1/oauth_window_uri";
    for (headers, status) in [
        (vec![TOKEN, VENDOR], 200),
        (
            vec![
                TOKEN,
                "Accept: text/html, application/vnd.mx.nexus.v1+json;q=0.5",
            ],
            200,
        ),
        (vec![TOKEN], 200),
        (vec![VENDOR], 401),
        (vec!["MD-SESSION-TOKEN: ", VENDOR], 401),
        (vec![BASIC, VENDOR], 401),
        (vec![TOKEN, "Accept: application/vnd.mx.nexus.v2+json"], 406),
        (vec![TOKEN, "Accept: application/json"], 406),
    ] {
        let (got, body) = send(&server, get, &headers, "").await;
        assert_eq!(got, status, "{headers:?}: {body}");
    }
}

#[tokio::test]
async fn accepts_only_the_given_credentials() {
    let good = "Authorization: Basic anVkZ2U6a2V5";
    let server = SpecServer::of_json(platform_client::OPENAPI)
        .unwrap()
        .credentials("judge:key");
    assert!(!format!("{server:?}").contains("judge:key"));
    let server = server.start().await.unwrap();
    let get = format!("GET {WINDOW}");
    for (headers, status) in [
        (&[good, VERSION, JSON][..], 200),
        (&[BASIC, VERSION, JSON][..], 401),
        (&[BASIC, JSON][..], 401),
        (&[good, JSON][..], 406),
    ] {
        let (got, body) = send(&server, &get, headers, "").await;
        assert_eq!(got, status, "{headers:?}: {body}");
    }
    let server = SpecServer::of_json(nexus_client::OPENAPI)
        .unwrap()
        .credentials("token");
    let server = server.start().await.unwrap();
    for (token, status) in [(TOKEN, 200), ("MD-SESSION-TOKEN: another", 401)] {
        let get = "GET /members/MBR-1/oauth_window_uri";
        let (got, body) = send(&server, get, &[token], "").await;
        assert_eq!(got, status, "{token}: {body}");
    }
}

#[tokio::test]
async fn requires_the_credentials_of_every_kind_of_scheme() {
    let document = |security: Value| {
        json!({
            "openapi": "3.0.3", "info": { "title": "Schemes", "version": "1" },
            "paths": { "/a": { "get": { "operationId": "a", "security": security,
                "responses": { "204": { "description": "" } } } } },
            "components": { "securitySchemes": {
                "basic": { "type": "http", "scheme": "basic" },
                "login": { "type": "oauth2", "flows": {} },
                "connect": { "type": "openIdConnect", "openIdConnectUrl": "https://example.com" },
                "header": { "type": "apiKey", "in": "header", "name": "X-Key" },
                "query": { "type": "apiKey", "in": "query", "name": "key" },
                "cookie": { "type": "apiKey", "in": "cookie", "name": "sid" },
                "mutual": { "type": "mutualTLS" },
            } },
        })
    };
    let bearer = "Authorization: Bearer token";
    let key = "X-Key: token";
    let cookie = "Cookie: a=b; sid=token";
    let cases: [(Value, &str, &[&str], u16); 24] = [
        (json!([{ "login": [] }]), "/a", &[], 401),
        (json!([{ "login": [] }]), "/a", &[BASIC], 401),
        (json!([{ "login": [] }]), "/a", &[bearer], 204),
        (json!([{ "connect": ["read"] }]), "/a", &[], 401),
        (json!([{ "connect": ["read"] }]), "/a", &[bearer], 204),
        (json!([{ "query": [] }]), "/a", &[], 401),
        (json!([{ "query": [] }]), "/a?key=", &[], 401),
        (json!([{ "query": [] }]), "/a?key=token", &[], 204),
        (json!([{ "query": [] }]), "/a?key=token&other=1", &[], 400),
        (json!([{ "cookie": [] }]), "/a", &["Cookie: a=b"], 401),
        (json!([{ "cookie": [] }]), "/a", &[cookie], 204),
        // Several at once.
        (json!([{ "basic": [], "header": [] }]), "/a", &[BASIC], 401),
        (json!([{ "basic": [], "header": [] }]), "/a", &[key], 401),
        (
            json!([{ "basic": [], "header": [] }]),
            "/a",
            &[BASIC, key],
            204,
        ),
        // One of several.
        (json!([{ "basic": [] }, { "header": [] }]), "/a", &[], 401),
        (
            json!([{ "basic": [] }, { "header": [] }]),
            "/a",
            &[bearer],
            401,
        ),
        (
            json!([{ "basic": [] }, { "header": [] }]),
            "/a",
            &[BASIC],
            204,
        ),
        (
            json!([{ "basic": [] }, { "header": [] }]),
            "/a",
            &[key],
            204,
        ),
        // None, or those that a mock server cannot see.
        (json!([{ "basic": [] }, {}]), "/a", &[], 204),
        (json!([]), "/a", &[], 204),
        (json!([{ "mutual": [] }]), "/a", &[], 204),
        (json!([{ "mutual": [], "basic": [] }]), "/a", &[], 401),
        (json!([{ "mutual": [], "basic": [] }]), "/a", &[BASIC], 204),
        (json!([{ "unknown": [] }]), "/a", &[], 204),
    ];
    for (security, target, headers, wanted) in cases {
        let contract = contract::read(document(security.clone()));
        let server = SpecServer::new(Arc::new(contract)).start().await.unwrap();
        let (status, body) = send(&server, &format!("GET {target}"), headers, "").await;
        assert_eq!(status, wanted, "{security}, {target}, {headers:?}: {body}");
    }
    let server = SpecServer::new(Arc::new(contract::read(document(json!([{ "login": [] }])))));
    let server = server.credentials("right").start().await.unwrap();
    for (token, wanted) in [("right", 204), ("wrong", 401)] {
        let header = format!("Authorization: Bearer {token}");
        assert_eq!(
            send(&server, "GET /a", &[&header], "").await.0,
            wanted,
            "{token}"
        );
    }
}

#[tokio::test]
async fn serves_a_spec_as_it_is_in_a_file() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let server = SpecServer::of_file(&file.join("../../specs/platform/openapi.yaml")).unwrap();
    let server = server.start().await.unwrap();
    // The overlay makes an enum of this parameter, which is any string in the spec itself.
    let get = format!("GET {WINDOW}?referral_source=FAX");
    let (status, body) = send(&server, &get, &[BASIC, VERSION, JSON], "").await;
    assert_eq!(status, 200, "{body}");
    assert!(SpecServer::of_file(&file.join("no-such-file.yaml")).is_err());
}

#[tokio::test]
async fn never_refuses_a_correct_call() {
    let server = platform().await;
    let client = platform_client::Client::builder()
        .base_url(server.url())
        .credentials(platform_client::Credentials::new("anybody", "any key"))
        .build()
        .unwrap();
    for identifier in ["USR-1", "a/b", "..%2e", "Zoë \u{1f680}", "a b+c?d#e"] {
        let window = client
            .request_oauth_window_uri(identifier, "MBR-1")
            .skip_aggregation(true)
            .client_redirect_url("https://example.com/?a=b&c=d")
            .referral_source(platform_client::ReferralSource::App)
            .send()
            .await
            .unwrap();
        assert!(
            window
                .member
                .as_ref()
                .is_some_and(|member| member.guid.is_some())
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn static_paths_win_and_bodies_are_judged() {
    let document = json!({
        "openapi": "3.0.0", "info": { "title": "Categories", "version": "1" },
        "paths": {
            "/categories/{guid}": { "get": { "operationId": "one",
                "parameters": [{ "name": "guid", "in": "path", "required": true, "schema": { "type": "string" } }],
                "responses": { "200": { "description": "", "content": { "application/json": { "example": "one" } } } } } },
            "/categories/default": { "get": { "operationId": "default",
                "responses": { "200": { "description": "", "content": { "application/json": { "example": "default" } } } } } },
            "/categories": { "post": { "operationId": "create",
                "requestBody": { "required": true, "content": { "application/json": { "schema": {
                    "type": "object", "required": ["name"], "properties": {
                        "name": { "type": "string" }, "parent": { "type": "string", "nullable": true } } } } } },
                "responses": { "201": { "description": "" } } } }
        }
    });
    let server = SpecServer::new(Arc::new(contract::read(document)))
        .start()
        .await
        .unwrap();
    assert_eq!(
        send(&server, "GET /categories/default", &[], "").await,
        (200, json!("default"))
    );
    assert_eq!(
        send(&server, "GET /categories/CAT-1", &[], "").await,
        (200, json!("one"))
    );
    let json_body = ["Content-Type: application/json; charset=utf-8"];
    for (body, headers, status) in [
        (r#"{"name":"a","parent":null}"#, &json_body[..], 201),
        (r#"{"name":1}"#, &json_body[..], 400),
        (r#"{"parent":"b"}"#, &json_body[..], 400),
        (r#"{"name""#, &json_body[..], 400),
        ("", &json_body[..], 400),
        (r#"{"name":"a"}"#, &["Content-Type: text/plain"][..], 400),
    ] {
        let (got, seen) = send(&server, "POST /categories", headers, body).await;
        assert_eq!(got, status, "{body}: {seen}");
    }
}

#[tokio::test]
async fn whole_numbers_may_be_of_any_size() {
    let document = json!({
        "openapi": "3.0.0", "info": { "title": "Pages", "version": "1" },
        "paths": { "/pages": { "get": { "operationId": "pages",
            "parameters": [{ "name": "page", "in": "query", "schema": { "type": "integer" } }],
            "responses": { "204": { "description": "" } } } } }
    });
    let server = SpecServer::new(Arc::new(contract::read(document)));
    let server = server.start().await.unwrap();
    for (page, wanted) in [
        ("1", 204),
        ("-3", 204),
        ("744967416327794482741248", 204),
        ("-", 400),
        ("", 400),
        ("1.5", 400),
        ("1e3", 400),
        ("one", 400),
    ] {
        let (status, seen) = send(&server, &format!("GET /pages?page={page}"), &[], "").await;
        assert_eq!(status, wanted, "{page}: {seen}");
    }
}

#[tokio::test]
async fn a_share_of_the_calls_has_a_fault() {
    let kinds = [
        (FaultKind::Throttle, ErrorKind::Status),
        (FaultKind::Fail, ErrorKind::Status),
        (FaultKind::Reset, ErrorKind::Transport),
        (FaultKind::Garbage, ErrorKind::Decode),
        (
            FaultKind::Delay(Duration::from_secs(3600)),
            ErrorKind::Timeout,
        ),
    ];
    for (fault, kind) in kinds {
        let server = SpecServer::of_json(nexus_client::OPENAPI).unwrap();
        let server = server.fault(Fault::new(fault, 0.5)).start().await.unwrap();
        let client = |timeout| {
            nexus_client::Client::builder()
                .base_url(server.url())
                .session_token("token")
                .retry(RetryPolicy::never())
                .attempt_timeout(timeout)
                .build()
                .unwrap()
        };
        let patient = client(Duration::from_secs(600));
        // Only a call that is delayed waits until this has passed.
        let impatient = client(Duration::from_millis(100));
        for call in 0..4 {
            let is_faulty = call % 2 == 1;
            let client = match is_faulty && kind == ErrorKind::Timeout {
                true => &impatient,
                false => &patient,
            };
            let result = client.generate_oauth_window_uri("MBR-1").send().await;
            let error = result
                .err()
                .map(|error| (error.kind(), error.retry_after().is_some()));
            let wanted = is_faulty.then_some((kind, fault == FaultKind::Throttle));
            assert_eq!(error, wanted, "{fault:?}, call {call}");
        }
    }
}

#[test]
fn faults_are_read_from_text() {
    for (text, is_fault) in [
        ("reset", true),
        ("throttle=0.25", true),
        ("delay:500=1", true),
        ("delay:soon", false),
        ("fail=2", false),
        ("fail:5", false),
        ("hiccup", false),
    ] {
        assert_eq!(text.parse::<Fault>().is_ok(), is_fault, "{text}");
    }
}
