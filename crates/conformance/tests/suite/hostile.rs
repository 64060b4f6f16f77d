//! No text of a spec or of a server comes alive in a report, in a terminal, or for GitHub Actions.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;
use std::sync::Arc;

use conformance::report::{Section, github, html, json, junit, terminal};
use conformance::run::target::{Allowed, TargetServer};
use conformance::{cases, contract};
use openapi::safe::is_unseen;
use serde_json::Value;
use synthetic::TEXTS;

use crate::support;

/// The results on a server that answers with hostile texts as well.
async fn section() -> Section {
    let mut api = support::api("platform");
    api.contract = Arc::new(contract::read(synthetic::hostile(&TEXTS)));
    let answer: Value = TEXTS
        .iter()
        .map(|text| ((*text).to_owned(), Value::from(*text)))
        .collect();
    let server = support::always(200, "application/json", &answer.to_string()).await;
    let allowed = Allowed {
        writes: true,
        plain_http: false,
    };
    let target = TargetServer::new(&server.base_url(), allowed).unwrap();
    let cases = cases::all(&api.contract);
    let results = target.run(&api, &cases).await.unwrap();
    Section::new(&api, Some("http://localhost/%0A::error::"), &results)
}

/// What a terminal or the log of GitHub Actions shows is what it is, and no line is a command.
fn is_tame_in_a_log(what: &str, text: &str) {
    let hidden = text.chars().find(|c| is_unseen(*c) && *c != '\n');
    assert_eq!(hidden, None, "{what}");
    let command = |line: &&str| line.trim_start().starts_with("::") || line.contains("##[");
    assert_eq!(text.lines().find(command), None, "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_comes_alive_in_a_report() {
    let section = section().await;
    let failed = section
        .cases
        .iter()
        .filter(|case| !case.failures.is_empty());
    assert!(
        failed.count() > TEXTS.len(),
        "the server's answers are wrong"
    );
    let sections = [section];

    let table = terminal::table(&sections, None);
    is_tame_in_a_log(
        "the table",
        &anstream::adapter::strip_str(&table).to_string(),
    );

    let annotations = github::annotations(&sections);
    for line in annotations.lines() {
        let (head, message) = line
            .strip_prefix("::error ")
            .unwrap()
            .split_once("::")
            .unwrap();
        assert!(!line.contains(is_unseen), "{line:?}");
        assert!(
            !head.contains("file=") && head.starts_with("title="),
            "{head}"
        );
        let message = message.replace("%0A", "\n").replace("%25", "%");
        is_tame_in_a_log("an annotation", &message);
    }

    let summary = github::summary(&sections);
    is_tame_in_a_log("the summary", &summary);
    for mark in [
        "@octocat",
        "<script",
        "<img",
        "<b>",
        "](",
        "${{",
        "| a |",
        "**",
        "```",
        "javascript:",
    ] {
        assert!(!summary.contains(mark), "{mark} in the summary");
    }

    let junit = junit::report(&sections).unwrap();
    let data = junit.replace(['\r', '\n'], "");
    assert_eq!(data.chars().find(|c| is_unseen(*c)), None, "junit.xml");
    for mark in ["<script", "<img", "<b>", "]]>"] {
        assert!(!junit.contains(mark), "{mark} in junit.xml");
    }
    is_tame_in_a_log("junit.xml", &junit);

    let report = json::report(&sections);
    serde_json::from_str::<Value>(&report).unwrap();
    assert_eq!(report.chars().find(|c| is_unseen(*c) && *c != '\n'), None);

    let page = html::page(&sections);
    let (_, data) = page.split_once("type=\"application/json\">").unwrap();
    let (data, _) = data.split_once("</script>").unwrap();
    assert!(!data.contains('<'), "the data stays data");
    let data: Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["apis"][0]["title"], sections[0].title.as_str());
}

#[test]
fn no_text_comes_alive_in_what_the_mock_server_prints() {
    prints_tamely(&TEXTS);
}

/// Alone, each text is at the start of the title.
#[test]
#[ignore = "takes long; `cargo xtask ci` runs it"]
fn no_text_comes_alive_in_what_the_mock_server_prints_thoroughly() {
    for text in TEXTS {
        prints_tamely(&[text]);
    }
}

/// Asserts that what the mock server of a spec with these texts prints is tame.
fn prints_tamely(texts: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("hostile.json");
    std::fs::write(&spec, synthetic::hostile(texts).to_string()).unwrap();
    let mut command = support::program(folder.path());
    command.args(["mock", "--list", "--spec"]).arg(&spec);
    let mut server = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap());
    let mut printed = String::new();
    // Each text has two operations.
    while printed.matches("curl ").count() < 2 * texts.len() {
        assert_ne!(lines.read_line(&mut printed).unwrap(), 0, "{printed}");
    }
    server.kill().unwrap();
    lines.read_to_string(&mut printed).unwrap();
    server.wait().unwrap();
    is_tame_in_a_log("the banner", &printed);
}
