//! What makes the mock server pleasant to keep running: preferences, credentials per scheme, CORS, scenarios, the log,
//! and answers to what is no HTTP.

use std::io::Read as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use conformance::mock_server::{RunningSpecServer, Scenario};
use conformance::{SpecServer, contract};
use serde_json::{Value, json};

use crate::support::{
    self,
    raw::{Raw, exchange, send},
};

/// An API with what the seeds do not have: several responses and examples, schemes, bodies, a PDF.
fn document() -> Value {
    let thing = json!({ "type": "object", "required": ["name"], "properties": {
        "name": { "type": "string" }, "count": { "type": "integer" }, "pin": { "type": "string", "format": "password" } } });
    json!({
        "openapi": "3.0.0", "info": { "title": "Things", "version": "1" },
        "components": { "securitySchemes": {
            "basicAuth": { "type": "http", "scheme": "basic" },
            "bearerAuth": { "type": "http", "scheme": "bearer" } } },
        "paths": {
            "/things/{id}": {
                "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
                "get": { "operationId": "readThing",
                    "parameters": [
                        { "name": "full", "in": "query", "schema": { "type": "boolean" } },
                        { "name": "size", "in": "query", "schema": { "type": "integer" } },
                        { "name": "color", "in": "query", "schema": { "type": "string", "enum": ["RED", "BLUE"] } },
                        { "name": "token", "in": "query", "schema": { "type": "integer" } }],
                    "responses": {
                        "200": { "description": "", "content": { "application/json": { "schema": { "type": "object" },
                            "examples": { "one": { "value": { "k": 1 } }, "two": { "value": { "k": 2 } } } } } },
                        "202": { "description": "" },
                        "404": { "description": "", "content": { "application/json": { "example": { "err": "gone" } } } },
                        "5XX": { "description": "" } } },
                "put": { "operationId": "changeThing", "security": [{ "basicAuth": [] }],
                    "requestBody": { "required": true, "content": { "application/json": { "schema": thing } } },
                    "responses": { "204": { "description": "" } } } },
            "/things": { "post": { "operationId": "createThing", "security": [{ "bearerAuth": [] }],
                "responses": { "201": { "description": "", "content": { "application/json": { "schema": thing } } } } } },
            "/paper": { "get": { "operationId": "readPaper", "responses": { "200": { "description": "",
                "content": { "application/pdf": { "schema": { "type": "string", "format": "binary" } } } } } } },
        }
    })
}

fn server() -> SpecServer {
    SpecServer::new(Arc::new(contract::read(document())))
}

async fn started() -> RunningSpecServer {
    server().start().await.unwrap()
}

/// The server's blocking calls run beside the server.
async fn call(url: &str, first: &str, headers: &[&str], body: &str) -> Raw {
    let (url, first, body) = (url.to_owned(), first.to_owned(), body.to_owned());
    let headers: Vec<String> = headers.iter().map(|&header| header.to_owned()).collect();
    let called = tokio::task::spawn_blocking(move || {
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        send(&url, &first, &headers, &body)
    });
    called.await.unwrap()
}

#[tokio::test]
async fn a_caller_chooses_among_the_documented_responses() {
    let server = started().await;
    for (prefer, status, body) in [
        ("code=202", 202, ""),
        ("code=404", 404, r#"{"err":"gone"}"#),
        ("example=two", 200, r#"{"k":2}"#),
        ("code=200, example=\"two\"", 200, r#"{"k":2}"#),
        ("code=200;example=one", 200, r#"{"k":1}"#),
        ("code=503", 503, ""),
    ] {
        let header = format!("Prefer: {prefer}");
        let seen = call(&server.url(), "GET /things/1", &[&header], "").await;
        assert_eq!(
            (seen.status, seen.body.as_str()),
            (status, body),
            "{prefer}"
        );
        assert!(seen.header("preference-applied").contains('='), "{seen:?}");
    }
    for (prefer, wanted) in [
        (
            "code=201",
            "documents no response 201: it documents 200, 202, 404, 5XX",
        ),
        ("code=many", "`Prefer: code=many` is not a status"),
        ("code=99", "is not a status"),
        (
            "example=three",
            "documents no example `three`: it documents one, two",
        ),
        (
            "code=404, example=one",
            "documents no example `one`: it documents example",
        ),
        (
            "dynamic=true",
            "`Prefer: dynamic=true` is not known: send `code=STATUS`, `example=NAME`",
        ),
        ("respond-async", "is not known"),
    ] {
        let header = format!("Prefer: {prefer}");
        let seen = call(&server.url(), "GET /things/1", &[&header], "").await;
        assert_eq!(seen.status, 400, "{prefer}");
        assert!(seen.body.contains(wanted), "{prefer}: {}", seen.body);
    }
    let both = ["Prefer: code=404", "Prefer: example=example"];
    assert_eq!(
        call(&server.url(), "GET /things/1", &both, "").await.status,
        404
    );
}

#[tokio::test]
async fn credentials_are_given_by_scheme() {
    let named = server()
        .credentials("basicAuth=id:ke=y")
        .credentials("bearerAuth=tok");
    let named = named.start().await.unwrap();
    let basic = "Authorization: Basic aWQ6a2U9eQ==";
    let (json, body) = ("Content-Type: application/json", r#"{"name":"a"}"#);
    for (first, headers, body, status) in [
        ("PUT /things/1", &[basic, json][..], body, 204),
        (
            "PUT /things/1",
            &["Authorization: Basic aWQ6a2V5", json],
            body,
            401,
        ),
        ("POST /things", &["Authorization: Bearer tok"], "", 201),
        ("POST /things", &["Authorization: Bearer other"], "", 401),
        ("GET /things/1", &[], "", 200),
    ] {
        let seen = call(&named.url(), first, headers, body).await;
        assert_eq!(seen.status, status, "{first} {headers:?}: {}", seen.body);
    }
    let one = server()
        .credentials("bearerAuth=tok")
        .start()
        .await
        .unwrap();
    let any = ["Authorization: Basic aWQ6a2V5", json];
    let other = call(&one.url(), "PUT /things/1", &any, body).await;
    assert_eq!(other.status, 204, "any of the right form");
    let padded = server().credentials("dG9rZW4=").start().await.unwrap();
    let bearer = ["Authorization: Bearer dG9rZW4="];
    let seen = call(&padded.url(), "POST /things", &bearer, "").await;
    assert_eq!(seen.status, 201);
    for (given, wanted) in [
        (
            &["basicAut=id:key"][..],
            "its schemes are basicAuth, bearerAuth",
        ),
        (&["id:key", "token"], "SCHEME=CREDENTIALS"),
        (&[""], "SCHEME=CREDENTIALS"),
    ] {
        let wrong = given
            .iter()
            .fold(server(), |server, one| server.credentials(*one));
        let error = wrong.start().await.unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}");
        assert!(!error.contains("id:key"), "{error}");
    }
}

#[tokio::test]
async fn pages_of_other_origins_may_call() {
    let server = started().await;
    let origin = "Origin: https://app.example";
    let preflight = [
        origin,
        "Access-Control-Request-Method: PUT",
        "Access-Control-Request-Headers: authorization,accept-version",
    ];
    let seen = call(&server.url(), "OPTIONS /things/1", &preflight, "").await;
    assert_eq!((seen.status, seen.body.as_str()), (204, ""));
    assert_eq!(
        seen.header("access-control-allow-origin"),
        "https://app.example"
    );
    assert_eq!(seen.header("access-control-allow-methods"), "PUT");
    assert_eq!(
        seen.header("access-control-allow-headers"),
        "authorization,accept-version"
    );
    // Refusals can be read as well.
    for (first, status) in [
        ("GET /things/1", 200),
        ("GET /nothing", 404),
        ("POST /things", 401),
    ] {
        let seen = call(&server.url(), first, &[origin], "").await;
        assert_eq!(seen.status, status);
        assert_eq!(
            seen.header("access-control-allow-origin"),
            "https://app.example"
        );
        let exposed = seen.header("access-control-expose-headers");
        assert_eq!(
            exposed.contains("www-authenticate"),
            status == 401,
            "{seen:?}"
        );
    }
    let plain = call(&server.url(), "GET /things/1", &[], "").await;
    assert_eq!(plain.header("access-control-allow-origin"), "");
    let closed = without_pages().await;
    for (first, headers, status) in [
        ("OPTIONS /things/1", &preflight[..], 405),
        ("GET /things/1", &[origin][..], 200),
    ] {
        let seen = call(&closed.url(), first, headers, "").await;
        assert_eq!(seen.status, status);
        assert_eq!(seen.header("access-control-allow-origin"), "");
    }
}

async fn without_pages() -> RunningSpecServer {
    server().allow_pages(false).start().await.unwrap()
}

#[tokio::test]
async fn a_refusal_shows_the_value_and_what_to_send() {
    let server = started().await;
    let long = "x".repeat(5000);
    for (query, wanted) in [
        (
            "full=True",
            "query parameter `full`: `True` is not a boolean: send `true`",
        ),
        ("full=0", "`0` is not a boolean: send `false`"),
        ("size=1.5", "`1.5` is not a whole number"),
        ("color=GREEN", "`GREEN` is not allowed: send `RED`, `BLUE`"),
        ("color=a%1b%5b2Jb", r"`a\\u{1b}[2Jb` is not allowed"),
        (&format!("size={long}"), "x…` is not a whole number"),
    ] {
        let seen = call(&server.url(), &format!("GET /things/1?{query}"), &[], "").await;
        assert_eq!(seen.status, 400, "{query}");
        assert!(seen.body.contains(wanted), "{query}: {}", seen.body);
        assert!(seen.body.len() < 1000, "{}", seen.body.len());
    }
    let many: Vec<String> = (0..3000).map(|number| format!("p{number}=1")).collect();
    let seen = call(
        &server.url(),
        &format!("GET /things/1?{}", many.join("&")),
        &[],
        "",
    )
    .await;
    assert!(
        seen.body.len() < 4000 && seen.body.contains("and 2980 more"),
        "{}",
        seen.body
    );

    let headers = [
        "Authorization: Basic aWQ6a2V5",
        "Content-Type: application/json",
    ];
    for (body, wanted) in [
        (
            r#"{"name":"a","count":"12x"}"#,
            "the body at `/count`: `12x` is not a whole number",
        ),
        (
            r#"{"name":["x"]}"#,
            r#"the body at `/name`: `[\"x\"]` is not a text"#,
        ),
        (
            r#"{"name":"a",}"#,
            "the body is not JSON: line 1, column 13",
        ),
        (r#"{"name":"a","pin":123456}"#, "the body at `/pin`"),
    ] {
        let seen = call(&server.url(), "PUT /things/1", &headers, body).await;
        assert_eq!(seen.status, 400, "{body}");
        assert!(seen.body.contains(wanted), "{body}: {}", seen.body);
        assert!(
            !seen.body.contains("123456"),
            "a secret is not shown: {}",
            seen.body
        );
    }
    let seen = call(&server.url(), "GET /things/1?token=SECRET-7", &[], "").await;
    assert!(
        !seen.body.contains("SECRET-7") && seen.status == 400,
        "{}",
        seen.body
    );
}

#[tokio::test]
async fn what_is_no_http_has_an_answer() {
    let server = server()
        .time_limit(Duration::from_millis(300))
        .start()
        .await
        .unwrap();
    let long = |length: usize| "a".repeat(length);
    let cases: [(&str, Vec<u8>, u16); 12] = [
        ("no HTTP", b"hello\r\n\r\n".to_vec(), 400),
        (
            "no method",
            b"G@T / HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(),
            400,
        ),
        ("no header", b"GET / HTTP/1.1\r\nHost\r\n\r\n".to_vec(), 400),
        ("no host", b"GET / HTTP/1.1\r\n\r\n".to_vec(), 400),
        (
            "two hosts",
            b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n".to_vec(),
            400,
        ),
        (
            "TLS",
            [b"\x16\x03\x01\x00\xa5\x01".as_slice(), &[7; 160]].concat(),
            400,
        ),
        (
            "a length that is none",
            b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n".to_vec(),
            400,
        ),
        (
            "no chunk",
            b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_vec(),
            400,
        ),
        (
            "a long URL",
            format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", long(70_000)).into_bytes(),
            414,
        ),
        (
            "a large header",
            format!(
                "GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n",
                long(1_000_000)
            )
            .into_bytes(),
            431,
        ),
        ("half a head", b"GET / HTTP/1.1\r\nHo".to_vec(), 408),
        (
            "half a body",
            b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf".to_vec(),
            408,
        ),
    ];
    let calls = cases.map(|(name, bytes, status)| {
        let url = server.url();
        let called = tokio::task::spawn_blocking(move || exchange(&url, &bytes));
        (name, called, status)
    });
    for (name, called, status) in calls {
        let seen = called.await.unwrap();
        assert_eq!(seen.status, status, "{name}: {seen:?}");
        assert_eq!(seen.header("connection"), "close", "{name}");
    }
    // A connection without a request is closed without an answer.
    let url = server.url();
    let idle = tokio::task::spawn_blocking(move || exchange(&url, b""))
        .await
        .unwrap();
    assert_eq!(idle.head, "");
}

#[tokio::test]
async fn a_pdf_opens() {
    let server = started().await;
    let seen = call(&server.url(), "GET /paper", &[], "").await;
    assert_eq!(seen.header("content-type"), "application/pdf");
    let document = seen.body;
    assert!(document.starts_with("%PDF-1.") && document.ends_with("%%EOF\n"));
    let number = |text: &str| text.trim().parse::<usize>().unwrap();
    let (_, start) = document.rsplit_once("startxref\n").unwrap();
    let table = &document[number(start.trim_end_matches("%%EOF\n"))..];
    let entries = table.strip_prefix("xref\n0 6\n").expect("a table of six");
    for (index, entry) in entries.lines().enumerate().skip(1).take(5) {
        let offset = number(&entry[..10]);
        let object = format!("{index} 0 obj\n");
        assert!(document[offset..].starts_with(&object), "{entry}");
    }
    if Path::new("/usr/bin/pdftotext").exists() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("paper.pdf");
        std::fs::write(&file, &document).unwrap();
        let read = std::process::Command::new("pdftotext")
            .arg(&file)
            .arg("-")
            .output();
        let read = String::from_utf8(read.unwrap().stdout).unwrap();
        assert!(read.contains("A sample document"), "{read}");
    }
}

fn scenario(text: Value) -> Result<Scenario, String> {
    serde_json::from_value(text).map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_scenario_is_played() {
    let played = json!({ "operations": {
        "readThing": [
            { "body": { "state": "NEW" }, "times": 2 },
            { "status": 503 },
            { "body": { "state": "WAITS" } },
            { "after": "changeThing", "example": "two", "headers": { "X-Step": "4" } },
            { "status": 404, "body": { "gone": true }, "delay": "1ms" },
        ],
        "createThing": [{ "status": 429, "headers": { "Retry-After": "1" } }, {}],
    } });
    let server = server()
        .scenario(scenario(played).unwrap())
        .start()
        .await
        .unwrap();
    let url = server.url();
    let read = async || {
        let seen = call(&url, "GET /things/1", &[], "").await;
        (
            seen.status,
            seen.body.clone(),
            seen.header("x-step").to_owned(),
        )
    };
    let states = |state: &str| (200, format!(r#"{{"state":"{state}"}}"#), String::new());
    assert_eq!(read().await, states("NEW"));
    // What is refused does not count.
    let wrong = call(&url, "GET /things/1?full=maybe", &[], "").await;
    assert_eq!(wrong.status, 400);
    assert_eq!(read().await, states("NEW"));
    assert_eq!(read().await.0, 503);
    for _ in 0..3 {
        assert_eq!(read().await, states("WAITS"));
    }
    let headers = [
        "Authorization: Basic aWQ6a2V5",
        "Content-Type: application/json",
    ];
    let changed = call(&url, "PUT /things/1", &headers, r#"{"name":"a"}"#).await;
    assert_eq!(changed.status, 204);
    assert_eq!(read().await, (200, r#"{"k":2}"#.to_owned(), "4".to_owned()));
    for _ in 0..2 {
        assert_eq!(
            read().await,
            (404, r#"{"gone":true}"#.to_owned(), String::new())
        );
    }
    let bearer = ["Authorization: Bearer a"];
    let first = call(&url, "POST /things", &bearer, "").await;
    assert_eq!((first.status, first.header("retry-after")), (429, "1"));
    assert_eq!(call(&url, "POST /things", &bearer, "").await.status, 201);
}

#[tokio::test]
async fn a_wrong_scenario_is_refused() {
    for (text, wanted) in [
        (
            json!({ "operations": { "readThings": [{}] } }),
            "`readThings`, which is no operation",
        ),
        (
            json!({ "operations": { "readThing": [] } }),
            "no answer of `readThing`",
        ),
        (
            json!({ "operations": { "readThing": [{ "status": 201 }] } }),
            "documents no response 201",
        ),
        (
            json!({ "operations": { "readThing": [{ "example": "x" }] } }),
            "no example `x`",
        ),
        (
            json!({ "operations": { "readThing": [{ "after": "x" }] } }),
            "`x`, which is no operation",
        ),
        (
            json!({ "operations": { "createThing": [{ "body": { "name": 1 } }] } }),
            "answer 1 of `createThing`: the body breaks the spec at `/name`",
        ),
    ] {
        let server = server().scenario(scenario(text).unwrap());
        let error = server.start().await.unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}");
    }
    for (text, wanted) in [
        (
            json!({ "operations": { "readThing": [{ "delay": "soon" }] } }),
            "write `500ms` or `2s`",
        ),
        (
            json!({ "operations": { "readThing": [{ "code": 200 }] } }),
            "unknown field `code`",
        ),
    ] {
        let error = scenario(text).unwrap_err();
        assert!(error.contains(wanted), "{error}");
    }
}

/// Starts the program with a spec, calls it, stops it; returns what it printed on stdout and stderr.
fn program(folder: &Path, arguments: &[&str], calls: impl FnOnce(&str)) -> (String, String) {
    std::fs::write(folder.join("spec.json"), document().to_string()).unwrap();
    let (out, log) = (folder.join("out"), folder.join("log"));
    let create = |path| Stdio::from(std::fs::File::create(path).unwrap());
    let mut child = support::program(folder)
        .args(["mock", "--spec", "spec.json"])
        .args(arguments)
        .stdout(create(&out))
        .stderr(create(&log))
        .spawn()
        .unwrap();
    let read = |path: &Path| {
        let mut text = String::new();
        let mut file = std::fs::File::open(path).unwrap();
        file.read_to_string(&mut text).unwrap();
        text
    };
    let url = loop {
        let text = read(&out);
        if let Some((_, rest)) = text.split_once(" listens on ") {
            break rest.lines().next().unwrap().to_owned();
        }
        assert!(child.try_wait().unwrap().is_none(), "{}", read(&log));
        std::thread::yield_now();
    };
    calls(&url);
    let pid = child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-INT", &pid])
        .status();
    assert!(sent.unwrap().success());
    assert_eq!(support::wait(child).code(), Some(0));
    (read(&out), read(&log))
}

#[cfg(unix)]
#[test]
fn requests_are_logged() {
    let calls = |url: &str| {
        send(
            url,
            "GET /things/1?token=7&full=Maybe",
            &["Cookie: SECRET-7"],
            "",
        );
        send(
            url,
            "GET /paper?api_key=SECRET-7",
            &["Authorization: Bearer SECRET-7"],
            "",
        );
        let body = r#"{"name":"a","pin":"SECRET-7","count":"SECRET-7"}"#;
        let headers = [
            "Authorization: Basic aWQ6U0VDUkVULTc=",
            "Content-Type: application/json",
        ];
        send(url, "PUT /things/1", &headers, body);
        send(url, "GET /paper", &[], "");
        send(url, "POST /things", &[], "");
        exchange(url, b"no HTTP\r\n\r\n");
    };
    let folder = tempfile::tempdir().unwrap();
    let (out, log) = program(folder.path(), &[], calls);
    assert_eq!(out.lines().count(), 3, "a short banner: {out}");
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 6, "{log}");
    assert!(
        lines[0].starts_with("GET /things/1 400: query parameter `full`"),
        "{log}"
    );
    assert!(
        lines[1].starts_with("GET /paper 400: query parameter `api_key` is not declared"),
        "{log}"
    );
    assert!(
        lines[2].starts_with("PUT /things/1 400: the body at `/count`"),
        "{log}"
    );
    assert_eq!(lines[3], "GET /paper 200");
    assert!(
        lines[4].starts_with("POST /things 401: the credentials are not"),
        "{log}"
    );
    assert!(lines[5].starts_with("- - 400: "), "{log}");

    let (_, json_log) = program(folder.path(), &["--log", "json"], calls);
    let entries: Vec<Value> = json_log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(entries.len(), 6);
    assert_eq!(entries[3]["method"], "GET");
    assert_eq!(
        (&entries[3]["path"], &entries[3]["status"]),
        (&json!("/paper"), &json!(200))
    );
    assert!(entries[3]["reason"].is_null() && entries[4]["reason"].is_string());
    assert!(entries[0]["time"].as_str().unwrap().ends_with('Z') && entries[0]["ms"].is_number());

    let (listed, quiet) = program(
        folder.path(),
        &["--quiet", "--list", "--host", "localhost"],
        calls,
    );
    assert_eq!(quiet, "");
    assert_eq!(listed.matches("curl ").count(), 4, "{listed}");
    for text in [log, json_log, quiet, out, listed] {
        for secret in ["SECRET-7", "U0VDUkVULTc"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn what_the_program_cannot_serve_is_said() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("spec.json"), document().to_string()).unwrap();
    std::fs::write(
        folder.path().join("play.yaml"),
        "operations:\n  readThing:\n    - status: 201\n",
    )
    .unwrap();
    let stale = "overlay: 1.0.0\ninfo: {title: x, version: '1'}\nactions:\n  - target: $.paths.nothing\n    update: {x: 1}\n";
    std::fs::write(folder.path().join("stale.yaml"), stale).unwrap();
    for (arguments, wanted) in [
        (&["--host", "192.0.2.1"][..], "cannot listen on 192.0.2.1"),
        (
            &["--credentials", "nobody=x"],
            "its schemes are basicAuth, bearerAuth",
        ),
        (&["--scenario", "play.yaml"], "documents no response 201"),
        (&["--scenario", "none.yaml"], "none.yaml"),
        (&["--overlay", "stale.yaml"], "selects nothing"),
        (&["--quiet", "--log", "json"], "cannot be used with"),
    ] {
        let mut command = support::program(folder.path());
        let output = command
            .args(["mock", "--spec", "spec.json"])
            .args(arguments)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let seen = String::from_utf8(output.stderr).unwrap();
        assert!(seen.contains(wanted), "{arguments:?}: {seen}");
    }
}

#[tokio::test]
async fn an_overlay_is_applied() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/platform");
    let server = SpecServer::of_files(&root.join("openapi.yaml"), &root.join("overlay.yaml"));
    let server = server.unwrap().start().await.unwrap();
    let get = "GET /users/USR-1/members/MBR-1/oauth_window_uri?referral_source=FAX";
    let headers = ["Authorization: Basic aWQ6a2V5", "Accept-Version: v20250224"];
    let seen = call(&server.url(), get, &headers, "").await;
    assert_eq!(seen.status, 400);
    assert!(
        seen.body
            .contains("`FAX` is not allowed: send `BROWSER`, `APP`"),
        "{}",
        seen.body
    );
}
