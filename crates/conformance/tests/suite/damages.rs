//! A server that follows the spec, behind a proxy that damages its responses: every damage is found, and what is
//! harmless is no failure.

use std::io::Write as _;

use client_core::Credentials;
use conformance::report::Section;
use conformance::run::target::{Allowed, TargetServer};
use conformance::{SpecServer, apis, cases};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{
    self,
    proxy::{Damage, Message, Proxy},
};

/// A change of the successes of the server.
fn in_success(response: fn(&mut Message)) -> Damage {
    Damage {
        response,
        ..Damage::default()
    }
}

/// A change of the requests, by which the server does not see what is wrong with them.
fn in_request(request: fn(&mut Message)) -> Damage {
    Damage {
        request,
        ..Damage::default()
    }
}

fn in_bytes(bytes: fn(Vec<u8>) -> Vec<u8>) -> Damage {
    Damage {
        bytes,
        ..Damage::default()
    }
}

/// Changes the JSON of a success.
fn json_of(response: &mut Message, change: impl FnOnce(&mut Value)) {
    if response.is_success() {
        let mut value = serde_json::from_slice(&response.body).expect("JSON");
        change(&mut value);
        response.body = value.to_string().into_bytes();
    }
}

/// Changes the text of a success.
fn text_of(response: &mut Message, change: impl FnOnce(String) -> Vec<u8>) {
    if response.is_success() {
        let text = String::from_utf8(std::mem::take(&mut response.body)).expect("text");
        response.body = change(text);
    }
}

fn media_type(response: &mut Message, media_type: Option<&str>) {
    if response.is_success() {
        response.set("content-type", media_type);
    }
}

fn member(response: &mut Message, change: impl FnOnce(&mut Value)) {
    json_of(response, |value| change(&mut value["member"]));
}

fn gzip(response: &mut Message) {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&response.body).expect("memory");
    response.body = encoder.finish().expect("memory");
    response.set("content-encoding", Some("gzip"));
}

const GOOD: &str = "Basic anVkZ2U6a2V5";

fn damages() -> Vec<(&'static str, Damage)> {
    vec![
        (
            "201 instead of 200",
            in_success(|it| {
                if it.is_success() {
                    it.status(201)
                }
            }),
        ),
        (
            "206 instead of 200",
            in_success(|it| {
                if it.is_success() {
                    it.status(206)
                }
            }),
        ),
        (
            "204 instead of 200",
            in_success(|it| {
                if it.is_success() {
                    it.status(204);
                    it.body.clear()
                }
            }),
        ),
        (
            "an error of the server",
            in_success(|it| {
                if it.is_success() {
                    it.status(500)
                }
            }),
        ),
        ("a service that is down", in_success(|it| it.status(503))),
        ("nothing is found", in_success(|it| it.status(404))),
        ("nobody is let in", in_success(|it| it.status(401))),
        ("every call is a conflict", in_success(|it| it.status(409))),
        ("a redirect", in_success(|it| it.status(302))),
        (
            "a page",
            in_success(|it| text_of(it, |_| b"<html>later</html>".to_vec())),
        ),
        (
            "HTML by its media type",
            in_success(|it| media_type(it, Some("text/html"))),
        ),
        (
            "another media type of JSON",
            in_success(|it| media_type(it, Some("application/hal+json"))),
        ),
        ("no media type", in_success(|it| media_type(it, None))),
        (
            "a media type that is none",
            in_success(|it| media_type(it, Some("json"))),
        ),
        ("no body", in_success(|it| text_of(it, |_| Vec::new()))),
        (
            "half of the JSON",
            in_success(|it| text_of(it, |text| text[..text.len() / 2].into())),
        ),
        (
            "text after the JSON",
            in_success(|it| text_of(it, |text| (text + "x").into())),
        ),
        (
            "a comma too many",
            in_success(|it| text_of(it, |text| text.replace("}}", ",}}").into())),
        ),
        (
            "a field twice",
            in_success(|it| text_of(it, |text| text.replacen('{', "{\"member\":{},", 1).into())),
        ),
        (
            "a deep field twice",
            in_success(|it| {
                text_of(it, |text| {
                    text.replace("}}", ",\"guid\":\"MBR-2\"}}").into()
                })
            }),
        ),
        (
            "bytes that are not UTF-8",
            in_success(|it| {
                text_of(it, |text| {
                    let mut bytes = text.into_bytes();
                    bytes[20] = 0xff;
                    bytes
                })
            }),
        ),
        (
            "a byte order mark",
            in_success(|it| text_of(it, |text| format!("\u{feff}{text}").into())),
        ),
        (
            "half a character",
            in_success(|it| member(it, |it| it["guid"] = json!("HERE")))
                .replaced("HERE", r"\ud83d"),
        ),
        (
            "a charset that it is not in",
            in_success(|it| media_type(it, Some("application/json; charset=utf-16"))),
        ),
        ("null", in_success(|it| json_of(it, |it| *it = Value::Null))),
        (
            "a list around it",
            in_success(|it| json_of(it, |it| *it = json!([it.take()]))),
        ),
        (
            "JSON in a text",
            in_success(|it| json_of(it, |it| *it = json!(it.to_string()))),
        ),
        (
            "no wrapper",
            in_success(|it| json_of(it, |it| *it = it["member"].take())),
        ),
        (
            "another wrapper",
            in_success(|it| json_of(it, |it| *it = json!({ "data": it["member"].take() }))),
        ),
        (
            "an error with 200",
            in_success(|it| json_of(it, |it| *it = json!({ "error": { "message": "no" } }))),
        ),
        (
            "a list in the wrapper",
            in_success(|it| member(it, |it| *it = json!([it.take()]))),
        ),
        (
            "nothing in the wrapper",
            in_success(|it| member(it, |it| *it = json!({}))),
        ),
        (
            "names in another case",
            in_success(|it| {
                member(it, |it| {
                    *it = json!({ "Guid": it["guid"], "OauthWindowUri": "" })
                })
            }),
        ),
        (
            "a number for a text",
            in_success(|it| member(it, |it| it["guid"] = json!(12))),
        ),
        (
            "a boolean for a text",
            in_success(|it| member(it, |it| it["oauth_window_uri"] = json!(true))),
        ),
        (
            "an object for a text",
            in_success(|it| member(it, |it| it["guid"] = json!({ "value": "MBR-1" }))),
        ),
        (
            "a response cut off",
            in_bytes(|bytes| bytes[..bytes.len() - 5].to_vec()),
        ),
        ("no HTTP", in_bytes(|_| b"hello\r\n\r\n".to_vec())),
        (
            "a response that is not gzip",
            in_success(|it| it.set("content-encoding", Some("gzip"))),
        ),
        (
            "an encoding that few know",
            in_success(|it| it.set("content-encoding", Some("br"))),
        ),
        (
            "no credentials are needed",
            in_request(|it| {
                if it.header("authorization").is_none() {
                    it.set("authorization", Some(GOOD));
                }
            }),
        ),
        (
            "any scheme is taken",
            in_request(|it| {
                if it
                    .header("authorization")
                    .is_some_and(|it| it.starts_with("Bearer"))
                {
                    it.set("authorization", Some(GOOD));
                }
            }),
        ),
        (
            "no version is needed",
            in_request(|it| {
                if it.header("accept-version").is_none() {
                    it.set("accept-version", Some("v20250224"));
                }
            }),
        ),
        (
            "any method is taken",
            in_request(|it| it.first = it.first.replace("POST ", "GET ")),
        ),
        (
            "any type is taken",
            in_request(|it| it.first = it.first.replace("skip_aggregation=conformance", "")),
        ),
        (
            "refusals are errors of the server",
            in_success(|it| {
                if !it.is_success() {
                    it.status(500)
                }
            }),
        ),
    ]
}

fn harmless() -> Vec<(&'static str, Damage)> {
    vec![
        ("nothing", Damage::default()),
        (
            "a new field",
            in_success(|it| member(it, |it| it["color"] = json!("red"))),
        ),
        (
            "a field less",
            in_success(|it| member(it, |it| _ = it.as_object_mut().unwrap().remove("guid"))),
        ),
        (
            "another order",
            in_success(|it| {
                member(it, |it| {
                    let fields = it.as_object().unwrap().clone().into_iter();
                    *it = fields.rev().collect();
                })
            }),
        ),
        (
            "white space",
            in_success(|it| {
                text_of(it, |text| {
                    text.replace(':', " :\n\t")
                        .replace(" :\n\t//", "://")
                        .into()
                })
            }),
        ),
        (
            "escapes",
            in_success(|it| text_of(it, |text| text.replace("guid", "g\\u0075id").into())),
        ),
        (
            "a charset, and another case",
            in_success(|it| media_type(it, Some("Application/JSON;charset=\"UTF-8\""))),
        ),
        (
            "more headers",
            in_success(|it| {
                it.set("x-request-id", Some("REQ-1"));
                it.set("vary", Some("accept"));
            }),
        ),
        (
            "gzip",
            in_success(|it| {
                if it.is_success() {
                    gzip(it)
                }
            }),
        ),
        (
            "chunks",
            in_success(|it| {
                let chunk = format!("{:x}\r\n", it.body.len());
                it.body = [chunk.as_bytes(), &it.body, b"\r\n0\r\n\r\n"].concat();
                it.set("content-length", None);
                it.set("transfer-encoding", Some("chunked"));
            }),
        ),
        (
            "any media type may be asked for",
            in_request(|it| it.set("accept", None)),
        ),
        (
            "any version is taken",
            in_request(|it| {
                if it.header("accept-version").is_some() {
                    it.set("accept-version", Some("v20250224"));
                }
            }),
        ),
        (
            "a text where prose says a boolean",
            in_request(|it| {
                it.first = it.first.replace("enable_app2app=conformance", "");
            }),
        ),
    ]
}

impl Damage {
    /// The same, with a text replaced in the bytes.
    fn replaced(mut self, from: &'static str, to: &'static str) -> Self {
        assert_eq!((from, to), ("HERE", r"\ud83d"), "there is one such damage");
        // The length changes, so the connection's end says where the body ends.
        self.bytes = |bytes| {
            let text = String::from_utf8(bytes).expect("text");
            let text = text.replace("content-length", "x-length");
            text.replace("HERE", r"\ud83d").into_bytes()
        };
        self
    }
}

/// The results on a server behind a proxy.
async fn judge(upstream: &str, damage: Damage) -> Section {
    let proxy = Proxy::start(upstream, damage).await;
    let api = support::api("platform");
    let api = apis::with_keys(api, Credentials::new("judge", "key"));
    let target = TargetServer::new(&proxy.url, Allowed::default()).unwrap();
    let patterns = ["request: full", "request: minimal", "probe: *"];
    let selection = cases::Selection {
        cases: patterns.map(|pattern| pattern.parse().unwrap()).to_vec(),
        ..cases::Selection::default()
    };
    let target = target.selection(selection);
    let results = target.run(&api, &cases::all(&api.contract)).await.unwrap();
    Section::new(&api, Some(&proxy.url), &results)
}

/// The results of each change, in the order of the changes.
async fn judge_all(changes: Vec<(&'static str, Damage)>) -> Vec<(&'static str, Section)> {
    let server = SpecServer::of_json(platform_client::OPENAPI).unwrap();
    let server = server.credentials("judge:key").start().await.unwrap();
    let upstream = server.url();
    let runs = changes.into_iter().map(|(name, damage)| {
        let upstream = upstream.clone();
        async move { (name, judge(&upstream, damage).await) }
    });
    join_all(runs).await
}

#[tokio::test]
async fn every_damage_is_found() {
    let damages = damages();
    assert!(damages.len() >= 38);
    for (name, section) in judge_all(damages).await {
        assert!(!section.passed(), "{name} is not found");
        let mut failed = section
            .cases
            .iter()
            .filter(|case| !case.failures.is_empty());
        let is_named = failed.any(|case| case.operation == "requestOAuthWindowURI");
        assert!(is_named || section.not_judged().is_some(), "{name}");
    }
}

#[tokio::test]
async fn what_is_harmless_is_no_failure() {
    let harmless = harmless();
    assert!(harmless.len() >= 9);
    for (name, section) in judge_all(harmless).await {
        let failures = section.cases.iter().flat_map(|case| &case.failures);
        let failures: Vec<&String> = failures.collect();
        assert!(section.passed(), "{name}: {failures:#?}");
    }
}
