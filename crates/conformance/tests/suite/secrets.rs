//! No report contains a secret, whatever a server does with the credentials and URLs that it has.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use client_core::Credentials;
use conformance::api::Api;
use conformance::apis;
use conformance::cases;
use conformance::check::{CaseResult, WarningKind};
use conformance::contract;
use conformance::report::{Section, github, html, json, junit, terminal};
use conformance::run::target::{Allowed, TargetServer};
use conformance::wire::{Reply, Request};
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer as HttpMock};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use regex::{Captures, Regex};
use serde_json::{Value, json};

use crate::support;

const ID: &str = "CLI-4f1d9e0a-canary";
const KEY: &str = "kéy/c4n4ry+2b7e\"%151628\\aed2a6ab";
const TOKEN: &str = "CWforZl1Vn2vC_v6H4rnQRT1DoWpDouJAV-_5TBm+/==";
/// What only holders of the OAuth URL know.
const STATE: &str = "e1c7a90b5d2f48638c1be0f94a7730d5";

/// The response of a hostile server: status, headers and body.
type Answer = (u16, Vec<(&'static str, String)>, String);

type Mode = fn(&Seen) -> Answer;

/// What a server sees of a call.
struct Seen {
    /// The headers, as they were sent.
    headers: Vec<(String, String)>,
    /// The header that holds the credentials.
    credentials: String,
}

impl Seen {
    /// The parts of the credentials: what follows the scheme, and its decoded parts.
    fn parts(&self) -> Vec<String> {
        let (_, held) = self
            .credentials
            .split_once(' ')
            .unwrap_or(("", &self.credentials));
        let mut parts = vec![held.to_owned()];
        if let Some(pair) = STANDARD
            .decode(held)
            .ok()
            .and_then(|pair| String::from_utf8(pair).ok())
        {
            parts.extend(pair.split(':').map(str::to_owned));
            parts.push(pair);
        }
        parts
    }
}

fn oauth_url() -> String {
    format!("https://bank.example/oauth/authorize?client_id=mx&state={STATE}")
}

/// A success with another value as the OAuth URL, and another field.
fn window(url: Value, more: Value) -> String {
    json!({ "member": { "guid": "MBR-1", "oauth_window_uri": url }, "more": more }).to_string()
}

fn percent(text: &str, upper: bool, every: bool) -> String {
    let letter = |byte: u8| match (byte.is_ascii_alphanumeric() && !every, upper) {
        (true, _) => char::from(byte).to_string(),
        (false, true) => format!("%{byte:02X}"),
        (false, false) => format!("%{byte:02x}"),
    };
    text.bytes().map(letter).collect()
}

fn pieces(text: &str, length: usize) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters
        .chunks(length)
        .map(|piece| piece.iter().collect())
        .collect()
}

/// The ways to reveal a secret, by name.
fn modes() -> Vec<(&'static str, Mode)> {
    fn ok(body: String) -> Answer {
        (200, Vec::new(), body)
    }
    vec![
        ("headers in an error", |seen| {
            let headers: Value = seen
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), json!(value)))
                .collect();
            (
                500,
                Vec::new(),
                json!({ "error": { "request": { "headers": headers } } }).to_string(),
            )
        }),
        ("headers as pairs in a list", |seen| {
            ok(window(Value::Null, json!(seen.headers)))
        }),
        ("headers in a text", |seen| {
            let text: Vec<String> = seen
                .headers
                .iter()
                .map(|(name, value)| format!("{name}: {value}\n"))
                .collect();
            (
                400,
                Vec::new(),
                json!({ "message": text.concat() }).to_string(),
            )
        }),
        ("JSON in a text in a text", |seen| {
            let inner =
                json!({ "got": seen.parts(), "oauth_window_uri": [oauth_url()] }).to_string();
            ok(window(json!("x"), json!(json!([inner]).to_string())))
        }),
        ("parts in maps and as names", |seen| {
            let names: Value = seen
                .parts()
                .into_iter()
                .map(|part| (part.clone(), json!({ "was": part })))
                .collect();
            ok(window(Value::Null, names))
        }),
        ("percent-encoded", |seen| {
            let all = seen.parts().into_iter().flat_map(|part| {
                let twice = percent(&percent(&part, true, true), false, false);
                [
                    percent(&part, true, false),
                    percent(&part, false, true),
                    twice,
                ]
            });
            ok(window(Value::Null, all.collect()))
        }),
        ("base64 of all kinds", |seen| {
            let all = seen.parts().into_iter().flat_map(|part| {
                let longer = format!("~{part}???");
                [
                    STANDARD.encode(&part),
                    URL_SAFE.encode(&part),
                    STANDARD_NO_PAD.encode(&part),
                    URL_SAFE_NO_PAD.encode(&part),
                    STANDARD.encode(&longer),
                    URL_SAFE.encode(format!("~{longer}")),
                ]
            });
            ok(window(Value::Null, all.collect()))
        }),
        ("hexadecimal digits", |seen| {
            let hex = |part: String| {
                part.bytes()
                    .map(|byte| format!("{byte:02X}"))
                    .collect::<String>()
            };
            ok(window(
                Value::Null,
                seen.parts().into_iter().map(hex).collect(),
            ))
        }),
        ("escaped for HTML and JSON", |seen| {
            let html = seen.parts().into_iter().map(|part| {
                part.chars()
                    .map(|letter| format!("&#{};", letter as u32))
                    .collect::<String>()
            });
            let json = seen.parts().into_iter().map(|part| {
                part.chars()
                    .map(|letter| format!("\\u{:04x}", letter as u32))
                    .collect::<String>()
            });
            ok(window(Value::Null, html.chain(json).collect()))
        }),
        ("a header in pieces, as a list and as a map", |seen| {
            let list: Vec<String> = pieces(&seen.credentials, 3);
            let map: Value = pieces(&seen.credentials, 4)
                .into_iter()
                .enumerate()
                .map(|(at, piece)| (at.to_string(), json!(piece)))
                .collect();
            ok(window(
                Value::Null,
                json!([list, map, pieces(&seen.credentials, 9)]),
            ))
        }),
        ("a header cut off", |seen| {
            let cut: String = seen
                .credentials
                .chars()
                .take(seen.credentials.chars().count() - 5)
                .collect();
            ok(window(Value::Null, json!(cut)))
        }),
        ("the URL as a list", |_| {
            ok(window(json!([oauth_url()]), Value::Null))
        }),
        ("the URL in a map", |_| {
            ok(window(
                json!({ "href": oauth_url(), "x": [{ "y": oauth_url() }] }),
                Value::Null,
            ))
        }),
        ("the URL as a name", |_| {
            ok(window(json!({ (oauth_url()): 1 }), Value::Null))
        }),
        ("the URL as a text of JSON", |_| {
            ok(window(json!(json!([oauth_url()]).to_string()), Value::Null))
        }),
        ("the URL elsewhere as well", |_| {
            ok(window(
                json!(oauth_url()),
                json!({ "links": [oauth_url(), percent(&oauth_url(), true, true)], (oauth_url()): STATE }),
            ))
        }),
        ("the URL under other names", |_| {
            let url = || json!([oauth_url()]);
            ok(json!({ "oauthWindowUri": url(), "oauth-window-uri": url(), "OAUTH_WINDOW_URI": url(), "access_token": url(),
                "text": format!("go to /done?oauth_window_uri={}", percent(&oauth_url(), true, true)),
                "log": format!("oauth_window_uri => [\"{}\"]", oauth_url()) }).to_string())
        }),
        ("a redirect", |seen| {
            let location = format!(
                "{}&auth={}",
                oauth_url(),
                seen.credentials.replace(' ', "+")
            );
            (
                302,
                vec![
                    ("location", location.clone()),
                    ("refresh", format!("0; url={location}")),
                ],
                json!({ "to": location, "state": STATE }).to_string(),
            )
        }),
        ("headers of answers", |seen| {
            let value: String = seen.credentials.chars().filter(char::is_ascii).collect();
            let names = [
                "x-request-id",
                "set-cookie",
                "authorization",
                "md-session-token",
                "x-debug",
                "www-authenticate",
                "server",
                "allow",
                "retry-after",
            ];
            let headers = names.map(|name| (name, value.clone()));
            (200, headers.to_vec(), window(Value::Null, Value::Null))
        }),
        ("a media type", |_| {
            (200, vec![("content-type", oauth_url())], "{}".to_owned())
        }),
        ("a page", |seen| {
            (
                403,
                vec![("content-type", "text/html".to_owned())],
                format!("<p>{} {}", seen.parts().concat(), oauth_url()),
            )
        }),
        ("numbers and plain values", |seen| {
            ok(window(
                json!(123_456_789_012_u64),
                json!({ "secret_number": 123_456_789_012_u64, "all": seen.parts() }),
            ))
        }),
    ]
}

/// A server that responds to each call in the next of these modes.
async fn hostile(api: &'static str, modes: Vec<Mode>) -> HttpMock {
    let server = HttpMock::start_async().await;
    let calls = AtomicUsize::new(0);
    let respond = move |request: &HttpMockRequest| {
        let headers = request.headers_vec().to_vec();
        let wanted = if api == "nexus" {
            "md-session-token"
        } else {
            "authorization"
        };
        let credentials = headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let seen = Seen {
            credentials: credentials
                .map(|(_, value)| value.clone())
                .unwrap_or_default(),
            headers,
        };
        let mode = modes[calls.fetch_add(1, Ordering::Relaxed) % modes.len()];
        let (status, mut headers, body) = mode(&seen);
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            let media_type = if api == "nexus" {
                "application/vnd.mx.nexus.v1+json"
            } else {
                "application/json"
            };
            headers.push(("content-type", media_type.to_owned()));
        }
        let mut response = HttpMockResponse::builder().status(status).body(body);
        for (name, value) in headers {
            response = response.header(name, value);
        }
        response.build()
    };
    server
        .mock_async(|_, then| {
            then.respond_with(respond);
        })
        .await;
    server
}

/// What no report may contain, as letters and digits only: pieces of the credentials and of the OAuth URL, also in
/// base64 and hexadecimal digits.
static CANARY: LazyLock<Regex> = LazyLock::new(|| {
    let pair = format!("{ID}:{KEY}");
    let mut canaries = vec![STATE.to_owned(), "123456789012".to_owned()];
    for secret in [ID, KEY, TOKEN, &pair] {
        let forms = [
            secret.to_owned(),
            STANDARD.encode(secret),
            STANDARD.encode(format!("~{secret}???")),
            STANDARD.encode(format!("~~{secret}???")),
            secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
        ];
        for form in forms {
            let letters = plain(&form);
            // The ends of an encoded text depend on the text around it.
            let letters: Vec<char> = letters.chars().skip(3).collect();
            canaries.extend(
                letters[..letters.len() - 6]
                    .chunks(10)
                    .map(|piece| piece.iter().collect()),
            );
        }
    }
    canaries.retain(|canary| canary.len() >= 8);
    Regex::new(&canaries.join("|")).expect("letters and digits")
});

/// The letters and digits of a text, its escapes decoded.
fn plain(text: &str) -> String {
    static ESCAPE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"&#(?<decimal>\d+);|\\u(?<hex>[0-9a-f]{4})").expect("it is a constant")
    });
    let letter = |found: &Captures<'_>| {
        let number = match (found.name("decimal"), found.name("hex")) {
            (Some(decimal), _) => decimal.as_str().parse().ok(),
            (_, hex) => hex.and_then(|hex| u32::from_str_radix(hex.as_str(), 16).ok()),
        };
        String::from(number.and_then(char::from_u32).unwrap_or(' '))
    };
    let mut text = text.to_owned();
    loop {
        let decoded = percent_decode_str(&text).decode_utf8_lossy();
        let decoded = ESCAPE.replace_all(&decoded, letter);
        let decoded = decoded.replace("~1", "/").replace("~0", "~");
        if decoded == text {
            break;
        }
        text = decoded;
    }
    let letters = text.chars().filter(|letter| letter.is_alphanumeric());
    letters.collect::<String>().to_lowercase()
}

fn assert_clean(name: &str, text: &str) {
    let letters = plain(text);
    if let Some(canary) = CANARY.find(&letters) {
        let from = canary.start().saturating_sub(60);
        let around = letters.get(from..).unwrap_or_default();
        panic!(
            "{name} holds `{}`: {}",
            canary.as_str(),
            around.chars().take(200).collect::<String>()
        );
    }
}

/// Everything that is written about results.
fn written(api: &Api, url: &str, results: &[CaseResult]) -> String {
    let sections = [Section::new(api, Some(url), results)];
    [
        terminal::table(&sections, None),
        json::report(&sections),
        html::page(&sections),
        junit::report(&sections).unwrap(),
        github::annotations(&sections),
        github::summary(&sections),
        format!("{:?}", sections[0].cases),
    ]
    .join("\n")
}

fn api(name: &str) -> Api {
    match name {
        "platform" => apis::with_keys(support::api(name), Credentials::new(ID, KEY)),
        _ => apis::with_session(support::api(name), TOKEN.into()),
    }
}

#[tokio::test]
async fn no_report_holds_what_a_server_gives_away() {
    // In each mode one of the APIs, and the requests from which all others are made.
    let of_mode = |index| &APIS[index % 2..=index % 2];
    give_away(of_mode, |case| {
        ["request: minimal", "request: full"].contains(&case)
    })
    .await;
}

#[tokio::test]
#[ignore = "takes long; `cargo xtask ci` runs it"]
async fn no_report_holds_what_a_server_gives_away_thoroughly() {
    give_away(|_| &APIS, |_| true).await;
}

const APIS: [&str; 2] = ["platform", "nexus"];

/// Runs the suite in each mode, with the APIs that are chosen by the mode's index and the cases that are chosen by name.
async fn give_away(apis: fn(usize) -> &'static [&'static str], is_chosen: fn(&str) -> bool) {
    for (index, (mode, answer)) in modes().into_iter().enumerate() {
        for name in apis(index) {
            let server = hostile(name, vec![answer]).await;
            let api = api(name);
            let target = TargetServer::new(&server.base_url(), Allowed::default()).unwrap();
            let mut cases = cases::all(&api.contract);
            cases.retain(|case| is_chosen(&case.name));
            let results = target.run(&api, &cases).await.unwrap();
            let raw: String = results
                .iter()
                .map(|result| {
                    let reply = &result.reply;
                    format!(
                        "{:?} {}",
                        reply.headers,
                        String::from_utf8_lossy(&reply.body)
                    )
                })
                .collect();
            let raw = plain(&raw);
            assert!(
                CANARY.is_match(&raw) || raw.contains("u00") || mode.contains("pieces"),
                "{name}, {mode}: the server gives nothing away"
            );
            assert_clean(
                &format!("{name}, {mode}"),
                &written(&api, &server.base_url(), &results),
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_the_program_writes_holds_a_secret() {
    for name in ["platform", "nexus"] {
        let modes = modes().into_iter().map(|(_, answer)| answer).collect();
        let server = hostile(name, modes).await;
        let folder = tempfile::tempdir().unwrap();
        let mut command: Command = support::program(folder.path());
        command.args([
            "--api",
            name,
            "--target",
            &server.base_url(),
            "--report",
            "out",
        ]);
        command.args(["--seed", "1"]);
        command.envs([
            ("MX_CLIENT_ID", ID),
            ("MX_API_KEY", KEY),
            ("MX_SESSION_TOKEN", TOKEN),
        ]);
        command.env("GITHUB_ACTIONS", "true");
        command.env("GITHUB_STEP_SUMMARY", folder.path().join("summary.md"));
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert_clean("stdout", &String::from_utf8(output.stdout).unwrap());
        assert_clean("stderr", &String::from_utf8(output.stderr).unwrap());
        for file in [
            "summary.md",
            "out/report.json",
            "out/report.html",
            "out/junit.xml",
        ] {
            assert_clean(file, &fs::read_to_string(folder.path().join(file)).unwrap());
        }
    }
}

#[tokio::test]
async fn what_is_no_secret_is_shown() {
    let api = api("platform");
    let mut result = exchange(
        &api,
        json!({ "member": {
        "guid": "MBR-1", "oauth_window_uri": null, "name": "Zoë", "is_token_valid": null,
        "links": ["https://example.com/members?page=2&key=x"], "text": "say: {\"a\": [1, 2]}", "nested": "{\"a\": \"b\"}",
    } }),
    );
    result.failures = vec!["the body at `/member/guid`: it is not of type \"integer\"".to_owned()];
    let section = Section::new(&api, None, &[result]);
    let case = &section.cases[0];
    let response = case.response.as_ref().unwrap();
    assert!(!response.contains("[masked]"), "{response}");
    assert!(
        response.contains("\"oauth_window_uri\": null")
            && response.contains("https://example.com/members?page=2&key=x"),
        "{response}"
    );
    assert_eq!(
        case.failures,
        ["the body at `/member/guid`: it is not of type \"integer\""]
    );
    let curl = case.curl.as_ref().unwrap();
    assert!(
        !curl.contains("[masked]") && curl.contains("/users/USR-1/"),
        "{curl}"
    );
    let request = case.request.as_ref().unwrap();
    assert_eq!(
        request.matches("[masked]").count(),
        1,
        "only the credentials: {request}"
    );
}

#[test]
fn a_list_of_secrets_shows_the_names_of_the_spec() {
    let api = api("platform");
    let list =
        json!([{ "guid": "01-canary-9", "canary-name-7": true, "oauth_window_uri": 8154711 }]);
    let body = json!({ "account_numbers": list, "note": "canary-name-7, guid, true" });
    let section = Section::new(&api, None, &[exchange(&api, body)]);
    let response = section.cases[0].response.as_ref().unwrap();
    for shown in ["\"guid\": \"[masked]\"", "\"[masked]\": true", "guid, true"] {
        assert!(response.contains(shown), "{shown}: {response}");
    }
    for secret in ["01-canary-9", "8154711", "canary-name-7"] {
        assert!(!response.contains(secret), "{secret}: {response}");
    }
}

/// A spec marks a field by a reference, and takes a key in the query.
#[test]
fn what_a_spec_marks_is_masked_wherever_it_is() {
    let schema = json!({ "type": "object", "properties": {
        "pin": { "$ref": "#/components/schemas/Hidden" }, "note": { "allOf": [{ "$ref": "#/components/schemas/Hidden" }] },
        "name": { "type": "string" } } });
    let mut api = api("platform");
    api.contract = Arc::new(contract::read(json!({
        "info": { "title": "T" },
        "security": [{ "key": [] }],
        "paths": { "/a": { "post": { "operationId": "a",
            "requestBody": { "content": { "application/json": { "schema": schema } } }, "responses": {} } } },
        "components": {
            "schemas": { "Hidden": { "type": "string", "format": "password" } },
            "securitySchemes": { "key": { "type": "apiKey", "in": "query", "name": "k" } },
        },
    })));
    let mut result = CaseResult::new("a", "request: full", "something");
    let body = json!({ "pin": "08154711", "note": ["08164711"], "name": "Zoë" });
    result.request = Some(Request {
        method: "POST".to_owned(),
        target: "/a?x=1&k=c4n4ry%2F%2bkey&y=2".to_owned(),
        headers: Vec::new(),
        body: body.to_string().into_bytes(),
    });
    result.reply = Reply::json(
        400,
        "application/json",
        &json!({ "got": "c4n4ry/+key", "pin": 8154711 }),
    );
    let shown = written(&api, "http://127.0.0.1:1", &[result]);
    for secret in ["08154711", "08164711", "c4n4ry", "8154711"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    assert!(
        shown.contains("Zoë") && shown.contains("x=1&k=") && shown.contains("y=2"),
        "{shown}"
    );
}

#[test]
fn pieces_that_only_show_together_are_masked() {
    let api = api("platform");
    let named: Value = pieces(KEY, 4)
        .into_iter()
        .enumerate()
        .map(|(at, piece)| (format!("part {at}"), json!(piece)))
        .collect();
    for (body, count) in [
        (
            json!({ "list": pieces(KEY, 2), "guid": "MBR-1" }),
            pieces(KEY, 2).len(),
        ),
        (
            json!({ "map": named, "guid": "MBR-1" }),
            pieces(KEY, 4).len(),
        ),
    ] {
        let section = Section::new(&api, None, &[exchange(&api, body)]);
        let response = section.cases[0].response.as_ref().unwrap();
        // The pieces at its ends may have no letter or digit.
        let masked = response.matches("\"[masked]\"").count();
        assert!((count - 1..=count).contains(&masked), "{response}");
        assert!(response.contains("MBR-1"), "{response}");
    }
}

/// A call with the credentials, answered with a body.
fn exchange(api: &Api, body: Value) -> CaseResult {
    let operation = &api.contract.operations[0];
    let mut result = CaseResult::new(&operation.id, "request: full", "something");
    let pair = STANDARD.encode(format!("{ID}:{KEY}"));
    result.request = Some(Request {
        method: "GET".to_owned(),
        target: "/users/USR-1/members/MBR-1/oauth_window_uri?skip_aggregation=true".to_owned(),
        headers: vec![
            ("authorization".to_owned(), format!("Basic {pair}")),
            ("accept".to_owned(), "application/json".to_owned()),
        ],
        body: Vec::new(),
    });
    result.reply = Reply::json(200, "application/json", &body);
    result
}

/// How a text may be escaped on its way into an answer.
#[derive(Clone, Copy, Debug)]
enum Escape {
    UpperPercent,
    LowerPercent,
    EveryPercent,
    Json,
    Pointer,
    Base64,
    UrlBase64,
    Hex,
}

impl Escape {
    fn of(self, text: &str) -> String {
        match self {
            Self::UpperPercent => percent(text, true, false),
            Self::LowerPercent => percent(text, false, false),
            Self::EveryPercent => percent(text, true, true),
            Self::Json => json!(text).to_string(),
            Self::Pointer => text.replace('~', "~0").replace('/', "~1"),
            Self::Base64 => STANDARD.encode(text),
            Self::UrlBase64 => URL_SAFE_NO_PAD.encode(text),
            Self::Hex => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

fn escapes() -> impl Strategy<Value = Vec<Escape>> {
    use Escape::{Base64, EveryPercent, Hex, Json, LowerPercent, Pointer, UpperPercent, UrlBase64};
    let inner = prop::sample::select(vec![None, Some(Base64), Some(UrlBase64), Some(Hex)]);
    let outer = prop::sample::select(vec![
        UpperPercent,
        LowerPercent,
        EveryPercent,
        Json,
        Pointer,
    ]);
    (inner, prop::collection::vec(outer, 0..3))
        .prop_map(|(inner, outer)| inner.into_iter().chain(outer).collect())
}

proptest! {
    #[test]
    fn no_spelling_of_a_secret_is_shown(
        key in "[ -~éß]{0,8}[a-zA-Z0-9]{9}[ -~]{0,20}",
        before in "[a-z .:/\"]{0,6}",
        after in "[a-z .:/\"]{0,6}",
        escapes in escapes(),
        as_name: bool,
    ) {
        let api = api("platform");
        let text = format!("{before}{key}{after}");
        let text = escapes.iter().fold(text, |text, escape| escape.of(&text));
        let body = if as_name { json!({ (text.clone()): 1 }) } else { json!([text.clone()]) };
        let mut result = exchange(&api, body);
        let pair = STANDARD.encode(format!("id:{key}"));
        result.request.as_mut().unwrap().headers[0].1 = format!("Basic {pair}");
        let message = format!("a new field `/{}`", Escape::Pointer.of(&text));
        result.warnings = vec![WarningKind::UnknownField.warning(message)];
        let shown = written(&api, "http://127.0.0.1:1", &[result]);
        // What is sure to be whole in the middle of any group of base64's.
        let core = escapes.first().map_or(key.clone(), |escape| match escape {
            Escape::Base64 | Escape::UrlBase64 | Escape::Hex => escape.of(&format!("{before}{key}{after}")),
            _ => key.clone(),
        });
        let core = plain(&core);
        let middle: String = core.chars().skip((core.chars().count() / 2).saturating_sub(4)).take(8).collect();
        prop_assert!(!plain(&shown).contains(&middle), "{middle} in {text}");
    }
}
