//! How much memory a response and a user may need. Each case is measured in a process of its own, which runs the ignored
//! test `child`.

#![cfg(target_os = "linux")]

use std::{fs, process::Command};

use client_core::{ClientBuilder, Error, ErrorKind};
use serde::Deserialize;
use serde_json::Value;

use crate::support::*;

const MIB: usize = 1024 * 1024;

/// As large as the largest types of the full API: more than a kilobyte.
#[derive(Deserialize)]
#[allow(dead_code, reason = "it is decoded and measured")]
struct Large {
    #[serde(default)]
    guid: Option<String>,
    #[serde(skip)]
    numbers: Numbers,
    #[serde(default)]
    nested: Option<Box<Large>>,
    #[serde(default)]
    children: Vec<Large>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "it is decoded and measured")]
struct Page {
    items: Vec<Large>,
}

/// Makes the type large; arrays of this length have no `Deserialize`.
struct Numbers(#[allow(dead_code, reason = "it takes room")] [u64; 128]);

impl Default for Numbers {
    fn default() -> Self {
        Self([0; 128])
    }
}

/// A figure of this process, in bytes.
fn memory(name: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    let kibibytes: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kibibytes * 1024
}

/// A list of so many of these, in an object.
fn page(item: &str, count: usize) -> String {
    format!(r#"{{"items":[{}]}}"#, vec![item; count].join(","))
}

#[tokio::test]
#[ignore = "run by the other tests, in a process of its own"]
async fn child() {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let item = variable("TEST_ITEM");
    if item.is_empty() {
        return users();
    }
    let body = page(&item, variable("TEST_COUNT").parse().unwrap());
    let server = Server::always(json(200, &body)).await;
    let mut builder = ClientBuilder::<Platform>::new().base_url(server.url());
    if let Ok(limit) = variable("TEST_LIMIT").parse() {
        builder = builder.max_decoding_bytes(limit);
    }
    let client = builder.build().unwrap();
    // What reading the body takes is not the question.
    client.0.call(&PUBLIC).buffered().await.unwrap();
    let before = memory("VmHWM");
    let call = client.0.call(&PUBLIC);
    let outcome: Result<(), Error> = match &*variable("TEST_TYPE") {
        "value" => call.send_as::<Value>().await.map(drop),
        _ => call.send_as::<Page>().await.map(drop),
    };
    let needed = memory("VmHWM") - before;
    let outcome = match outcome {
        Ok(()) => "ok".to_owned(),
        Err(error) => {
            assert!(error.body().unwrap().len() <= 64 << 10);
            format!("{:?} {error}", error.kind())
        }
    };
    println!("={} {needed} {outcome}", body.len());
}

fn users() {
    let builder = ClientBuilder::<Nexus>::new().base_url("http://127.0.0.1:1");
    let client = builder.session_token("first").build().unwrap().0;
    let before = memory("VmRSS");
    let users: Vec<_> = (0..10_000)
        .map(|user| {
            client
                .for_session(format!("a-token-of-the-usual-length-{user}"))
                .unwrap()
        })
        .collect();
    let needed = memory("VmRSS") - before;
    println!("={} {needed} ok", users.len());
}

/// The size of the body, the memory that was needed, and the outcome.
fn measured(variables: &[(&str, &str)]) -> (usize, usize, String) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "memory::child", "--ignored", "--nocapture"])
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = shown.lines().find_map(|line| line.split_once('='));
    let (_, line) = line.unwrap_or_else(|| panic!("{output:?}"));
    let mut parts = line.splitn(3, ' ');
    let mut number = || parts.next().unwrap().parse().unwrap();
    (number(), number(), parts.next().unwrap().to_owned())
}

#[test]
fn decoding_needs_memory_in_proportion_to_the_body() {
    for (of, item, count) in [
        ("page", "{}", 250_000),
        ("page", r#"{"children":[{}]}"#, 60_000),
        ("page", r#"{"nested":{"nested":{}}}"#, 50_000),
        ("value", "{}", 700_000),
        ("value", "[0]", 500_000),
        ("value", r#"{"a":1}"#, 150_000),
        ("value", r#"{"a":{"a":{}}}"#, 80_000),
    ] {
        let count = count.to_string();
        let (body, needed, outcome) = measured(&[
            ("TEST_TYPE", of),
            ("TEST_ITEM", item),
            ("TEST_COUNT", &count),
        ]);
        let limit = (30 * body).max(64 * MIB);
        assert!(
            needed <= limit,
            "{item}: {needed} for {body} bytes, {outcome}"
        );
        if of == "page" {
            assert!(outcome.starts_with("TooLarge "), "{item}: {outcome}");
            assert!(
                outcome.contains(&format!("more than {limit} bytes")),
                "{outcome}"
            );
            assert!(
                outcome.contains("`ClientBuilder::max_decoding_bytes`"),
                "{outcome}"
            );
        }
    }
}

#[test]
fn the_limit_can_be_raised() {
    let page = [("TEST_ITEM", "{}"), ("TEST_COUNT", "60000")];
    let (_, _, outcome) = measured(&page);
    assert!(outcome.starts_with("TooLarge "), "{outcome}");
    let [item, count] = page;
    let limit = (200 * MIB).to_string();
    let (_, _, outcome) = measured(&[item, count, ("TEST_LIMIT", &limit)]);
    assert_eq!(outcome, "ok");
}

#[tokio::test]
async fn a_page_of_a_thousand_items_always_decodes() {
    let full = format!(
        r#"{{"guid":"{}","children":[{{}},{{}}],"nested":{{}}}}"#,
        "x".repeat(40)
    );
    for item in ["{}", r#"{"guid":"x"}"#, &full] {
        let server = Server::always(json(200, &page(item, 1000))).await;
        let client = platform_builder(&server).build().unwrap();
        let page = client.0.call(&PUBLIC).send_as::<Page>().await.unwrap();
        assert_eq!(page.items.len(), 1000);
    }
}

#[tokio::test]
async fn what_fails_in_a_large_body_is_named_by_its_path() {
    let body = page("{}", 5000).replace("{}]}", r#"{"children":[{"guid":7}]}]}"#);
    let server = Server::always(json(200, &body)).await;
    let client = platform_builder(&server).build().unwrap();
    let error = client
        .0
        .call(&PUBLIC)
        .send_as::<Page>()
        .await
        .map(drop)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let wanted = "at $.items[4999].children[0].guid: expected a string";
    assert!(error.to_string().contains(wanted), "{error}");
}

#[test]
fn ten_thousand_users_cost_the_memory_of_their_tokens() {
    let (users, needed, _) = measured(&[("TEST_ITEM", "")]);
    assert!(needed < 512 * users, "{needed} bytes for {users} users");
}
