//! What holds for any text that a caller gives or a server sends. `paths` and `oauth` have such tests of their own.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use client_core::{Argument, Error, ErrorKind, RetryPolicy};
use percent_encoding::percent_decode_str;
use proptest::{prelude::*, test_runner::TestRunner};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use tokio::runtime::Runtime;

use crate::support::*;

/// A server with an answer that can be changed, and the runtime that drives it.
struct Stage {
    runtime: Runtime,
    server: Server,
    answer: Arc<Mutex<Vec<Step>>>,
}

impl Stage {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let answer = Arc::new(Mutex::new(thing()));
        let next = answer.clone();
        let server = Server::start(move |_, _| next.lock().unwrap().clone());
        Self {
            server: runtime.block_on(server),
            runtime,
            answer,
        }
    }

    fn answer(&self, answer: Vec<Step>) {
        *self.answer.lock().unwrap() = answer;
    }
}

fn check<S: Strategy>(values: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    TestRunner::default().run(&values, test).unwrap();
}

fn decoded(text: &str) -> Vec<u8> {
    percent_decode_str(text).collect()
}

#[test]
fn any_value_arrives_in_the_query_as_itself() {
    let stage = Stage::new();
    let client = platform_builder(&stage.server).build().unwrap();
    let text = || prop_oneof![any::<String>(), "[&=+%#?;,/ \\[\\]]{0,12}"];
    let values = (text(), prop::collection::vec("[^,]{0,8}", 0..4), text());
    check(values, |(filter, fields, free)| {
        let call = client.0.call(&GET_THING).path("id", Argument::from("T-1"));
        let call = call.query("filter", Argument::from(&filter));
        let call = call.query("fields[]", Argument::from(&fields));
        stage.runtime.block_on(call.decode::<Thing>()).unwrap();
        let request = stage.server.last_request();
        prop_assert!(request.target.bytes().all(|byte| byte.is_ascii_graphic()));
        let pairs: Vec<_> = request
            .query()
            .split('&')
            .map(|pair| pair.split_once('=').unwrap())
            .collect();
        prop_assert_eq!(pairs[0].0, "filter");
        prop_assert_eq!(decoded(pairs[0].1), filter.as_bytes());
        // An empty list is an empty value.
        prop_assert_eq!(decoded(pairs[1].0), b"fields[]");
        let items: Vec<_> = pairs[1].1.split(',').map(decoded).collect();
        let fields: Vec<_> = fields.iter().map(String::as_bytes).collect();
        prop_assert_eq!(items.concat(), fields.concat());
        prop_assert_eq!(items.len(), fields.len().max(1));

        let call = client.0.request(&PUBLIC, reqwest::Method::GET, "/any");
        let call = call.query(free.clone(), &filter);
        stage.runtime.block_on(call.send()).unwrap();
        let request = stage.server.last_request();
        let (name, value) = request.query().split_once('=').unwrap();
        prop_assert_eq!(decoded(name), free.as_bytes());
        prop_assert_eq!(decoded(value), filter.as_bytes());
        Ok(())
    });
}

/// JSON texts, half of them of the shape of error bodies.
fn json_text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop_oneof![Just(4011), any::<i64>()].prop_map(Value::from),
        prop_oneof![
            "\\PC{0,12}",
            Just("4011".to_owned()),
            Just("expired".to_owned())
        ]
        .prop_map(Value::from),
    ];
    let key = prop_oneof![
        "[a-z]{1,5}",
        prop::sample::select(vec!["error", "errors", "code", "message", "status"])
            .prop_map(str::to_owned),
    ];
    let value = leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key.clone(), inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    });
    value.prop_map(|value| value.to_string())
}

/// Checks that an error shows nothing of a body but a code of a few digits.
fn shows_no_body(error: &Error) -> Result<(), TestCaseError> {
    let shown = error.to_string();
    let rest = shown.split_once("the server refused the call (status ");
    let rest = rest.and_then(|(_, rest)| rest.strip_suffix(')'));
    let rest = rest.ok_or_else(|| TestCaseError::fail(shown.clone()))?;
    let code = rest[3..].strip_prefix(", code ").unwrap_or_default();
    prop_assert!(code.len() <= 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
    prop_assert!(rest.len() == 3 || !code.is_empty(), "{}", shown);
    Ok(())
}

#[test]
fn any_body_of_an_error_is_kept_and_hides_no_status() {
    let stage = Stage::new();
    let never = RetryPolicy::never;
    let platform = platform_builder(&stage.server).retry(never());
    let platform = platform.build().unwrap();
    let nexus = nexus_builder(&stage.server).session_token("token");
    let nexus = nexus.retry(never()).build().unwrap();
    let bodies = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        json_text().prop_map(String::into_bytes),
        // Cut off somewhere.
        (json_text(), 0..50_usize).prop_map(|(text, length)| {
            let bytes = text.into_bytes();
            bytes[..length.min(bytes.len())].to_vec()
        }),
        "<(html|p|error|!--)?[ -~]{0,40}(4011)?</?[a-z]{0,4}>?".prop_map(String::into_bytes),
    ];
    let statuses = prop::sample::select(vec![400, 401, 403, 404, 409, 422, 500, 503]);
    let media_types = prop::sample::select(vec!["application/json", "text/html", "a/b"]);
    check(
        (statuses, media_types, bodies),
        |(status, media_type, body)| {
            stage.answer(response(status, &[("Content-Type", media_type)], &body));
            let calls = [
                platform.0.call(&PUBLIC),
                nexus.0.call(&GET_MEMBER).path("id", Argument::from("M-1")),
            ];
            for call in calls {
                let outcome = stage.runtime.block_on(call.decode::<Thing>());
                let error = outcome.map(drop).unwrap_err();
                prop_assert_eq!(error.kind(), ErrorKind::Status);
                prop_assert_eq!(error.status().unwrap().as_u16(), status);
                prop_assert_eq!(error.body(), Some(&*body));
                shows_no_body(&error)?;
            }
            Ok(())
        },
    );
}

#[test]
fn any_retry_after_is_a_wait_that_can_be_waited() {
    let stage = Stage::new();
    let patience = Duration::from_millis(20);
    let client = platform_builder(&stage.server)
        .retry(quick(2).without_budget())
        .total_timeout(patience)
        .build()
        .unwrap();
    let values = prop_oneof![
        "[ -~]{0,40}",
        "[0-9]{1,25}",
        "-?[0-9]{1,3}(\\.[0-9])?",
        "(Mon|Sun|Xyz), [0-9]{1,2} (Jan|Nov|Xyz) [0-9]{4,6} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT",
    ];
    check(values, |value| {
        stage.answer(response(429, &[("Retry-After", &value)], "{}"));
        let call = client.0.call(&PUBLIC).decode::<Thing>();
        let call = stage
            .runtime
            .block_on(async { tokio::time::timeout(Duration::from_secs(60), call).await });
        let error = call.expect("it ends").map(drop).unwrap_err();
        if let Some(wait) = error.retry_after() {
            prop_assert!(wait <= Duration::from_secs(24 * 60 * 60), "{:?}", wait);
            prop_assert!(Instant::now().checked_add(wait).is_some());
        }
        Ok(())
    });
}

/// As the generated types are read and written.
#[derive(Debug, PartialEq)]
struct Read {
    id: i64,
    name: Option<String>,
    kind: Option<Option<bool>>,
    tags: Option<Vec<String>>,
    inner: Option<Box<Read>>,
    rest: Map<String, Value>,
}

client_core::object! {
    Read { id: required, name, kind: nullable = "type", tags = "the tags", inner } rest rest
}

/// As serde reads and writes the same.
#[derive(Debug, Deserialize, Serialize)]
struct Derived {
    id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(
        default,
        rename = "type",
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    kind: Option<Option<bool>>,
    #[serde(rename = "the tags", skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inner: Option<Box<Derived>>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<bool>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl From<Derived> for Read {
    fn from(it: Derived) -> Self {
        let Derived {
            id,
            name,
            kind,
            tags,
            inner,
            rest,
        } = it;
        let inner = inner.map(|inner| Box::new((*inner).into()));
        Self {
            id,
            name,
            kind,
            tags,
            inner,
            rest,
        }
    }
}

/// Objects with these fields, in any order, also twice, of right and wrong types.
fn objects() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        "\"[a-z]{0,3}\"",
        Just("[]".to_owned()),
        Just(r#"["a","b"]"#.to_owned()),
        Just("1.5".to_owned()),
    ];
    let field = |value: BoxedStrategy<String>| {
        prop_oneof![
            4 => any::<i32>().prop_map(|id| format!("\"id\":{id}")),
            2 => "\"name\":\"[a-z]{0,3}\"",
            1 => Just(r#""type":true"#.to_owned()),
            1 => Just(r#""the tags":["a"]"#.to_owned()),
            4 => ("(id|name|type|the tags|inner|other|x)", value)
                .prop_map(|(key, value)| format!("\"{key}\":{value}")),
        ]
    };
    leaf.prop_recursive(3, 16, 5, move |inner| {
        prop::collection::vec(field(inner.boxed()), 1..6)
            .prop_map(|fields| format!("{{{}}}", fields.join(",")))
    })
}

#[test]
fn any_object_is_read_and_written_as_serde_does() {
    let texts = (
        objects(),
        prop_oneof![4 => Just(usize::MAX), 1 => 0..60_usize],
    );
    check(texts, |(text, length)| {
        let text = text.get(..length).unwrap_or(&text);
        let read = serde_json::from_str::<Read>(text);
        let derived = serde_json::from_str::<Derived>(text);
        prop_assert_eq!(
            read.is_ok(),
            derived.is_ok(),
            "{}: {:?} {:?}",
            text,
            read,
            derived
        );
        if let (Ok(read), Ok(derived)) = (read, derived) {
            let written = [
                serde_json::to_string(&read).unwrap(),
                serde_json::to_string(&derived).unwrap(),
            ];
            prop_assert_eq!(&written[0], &written[1], "{}", text);
            prop_assert_eq!(read, Read::from(derived), "{}", text);
        }
        Ok(())
    });
}

#[test]
fn any_body_of_a_success_is_read_or_refused_without_showing_it() {
    #[derive(Deserialize)]
    #[allow(dead_code, reason = "it is decoded only")]
    struct Entry {
        name: Option<String>,
        sizes: Option<Vec<u32>>,
    }
    let stage = Stage::new();
    let client = platform_builder(&stage.server).build().unwrap();
    let bodies = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..100),
        json_text().prop_map(String::into_bytes),
        r#"\{"(name|sizes)":("canary"|\[1,"canary"\]|canary|9{30}|\[)\}?"#
            .prop_map(String::into_bytes),
    ];
    check(bodies, |body| {
        stage.answer(response(
            200,
            &[("Content-Type", "application/json")],
            &body,
        ));
        let call = client.0.call(&PUBLIC).send_as::<Entry>();
        let outcome = stage.runtime.block_on(call).map(|_| ());
        prop_assert_eq!(
            outcome.is_ok(),
            serde_json::from_slice::<Entry>(&body).is_ok()
        );
        if let Err(error) = outcome {
            prop_assert_eq!(error.kind(), ErrorKind::Decode);
            prop_assert_eq!(error.body(), Some(&*body));
            let shown = format!("{error}{error:?}");
            prop_assert!(!shown.contains("canary"), "{}", shown);
        }
        Ok(())
    });
}
