//! What is written for GitHub Actions: annotations at the failed operations, and a job summary.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use conformance::check::CaseResult;
use conformance::report::{Section, github};

use crate::support;

/// The repository. Annotations name files by their paths in it.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn run(arguments: &[&str], summary: &Path) -> Output {
    let mut command = support::program(&root());
    command.args(["--api", "nexus"]).args(arguments);
    command.env("MX_SESSION_TOKEN", "not-a-token");
    command.env("GITHUB_ACTIONS", "true");
    command.env("GITHUB_STEP_SUMMARY", summary);
    command.output().unwrap()
}

fn errors(text: &str) -> Vec<&str> {
    let lines = text.lines();
    lines
        .filter(|line| line.trim_start().starts_with("::"))
        .collect()
}

#[test]
fn a_run_that_passes_has_a_summary() {
    let folder = tempfile::tempdir().unwrap();
    let summary = folder.path().join("summary.md");
    fs::write(&summary, "before\n").unwrap();
    let output = run(&[], &summary);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        errors(&String::from_utf8(output.stdout).unwrap()),
        Vec::<&str>::new()
    );
    let text = fs::read_to_string(&summary).unwrap();
    assert!(
        text.starts_with("before\n## ✅ Conformance: none of "),
        "{text}"
    );
    assert!(
        text.contains("| Nexus API |") && text.contains("operations 1/1"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_fails_points_at_the_spec() {
    let server = support::bad_server().await;
    let url = server.base_url();
    let folder = tempfile::tempdir().unwrap();
    let summary = folder.path().join("summary.md");
    let output = run(&["--target", &url], &summary);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    let spec = fs::read_to_string(root().join("specs/nexus/openapi.yaml")).unwrap();
    let errors = errors(&text);
    assert!((2..=10).contains(&errors.len()), "{errors:#?}");
    let (last, located) = errors.split_last().unwrap();
    for error in located {
        let rest = error.strip_prefix("::error file=specs/nexus/openapi.yaml,line=");
        let (line, rest) = rest.and_then(|rest| rest.split_once(',')).expect(error);
        let line = spec
            .lines()
            .nth(line.parse::<usize>().unwrap() - 1)
            .unwrap();
        assert_eq!(line.trim(), "get:");
        let (title, message) = rest
            .strip_prefix("title=")
            .unwrap()
            .split_once("::")
            .unwrap();
        assert!(
            title.starts_with("generateOAuthWindowUri%2C request%3A"),
            "{title}"
        );
        assert!(message.contains("`/member` is missing"), "{message}");
        assert!(
            message.contains("%0Acurl -i -H \"MD-SESSION-TOKEN: $MX_SESSION_TOKEN\""),
            "{message}"
        );
    }
    assert!(
        last.contains("more failed cases%3A") || last.contains("more failed cases: "),
        "{last}"
    );

    let summary = fs::read_to_string(&summary).unwrap();
    assert!(summary.starts_with("## ❌ Conformance: "), "{summary}");
    assert!(summary.contains("<details><summary>generateOAuthWindowUri · request&#58; full"));
    assert!(summary.contains("<pre>curl -i"), "{summary}");
    for secret in ["top-secret", "not-a-token"] {
        assert!(
            !text.contains(secret) && !summary.contains(secret),
            "{secret}"
        );
    }

    let mut elsewhere = support::program(folder.path());
    elsewhere.args(["--api", "nexus", "--target", &url]);
    elsewhere.env("MX_SESSION_TOKEN", "not-a-token");
    let text = String::from_utf8(elsewhere.output().unwrap().stdout).unwrap();
    assert!(!text.contains("::error"), "only where GitHub listens");
}

#[test]
fn nothing_breaks_out_of_an_annotation_or_a_summary() {
    let results = (0..2000).map(|number| {
        let mut result = CaseResult::new("operation0", &format!("a,b::c%0A {number}"), "x | <b>");
        result.failures = vec!["100%\r\n::stop-commands::x </pre><img> `|` **".to_owned(); 30];
        result
    });
    let results: Vec<CaseResult> = results.collect();
    let section = Section::new(&support::many(1), None, &results);
    let sections = [section];
    let text = github::annotations(&sections);
    assert_eq!(text.lines().count(), 10);
    let first = text.lines().next().unwrap();
    assert!(
        first.starts_with("::error title=operation0%2C a%2Cb%3A%3Ac%250A 0::100%25"),
        "{first}"
    );
    assert!(
        !text.contains("\n::stop") && text.contains("1991 more failed cases"),
        "{text}"
    );
    let summary = github::summary(&sections);
    assert!(summary.len() < 1024 * 1024, "GitHub takes a mebibyte");
    assert!(
        !summary.contains("<img>") && !summary.contains("</pre><"),
        "{summary}"
    );
    assert!(
        !summary.contains("`|`") && !summary.contains("**"),
        "{summary}"
    );
    assert!(summary.contains("1950 more failed cases"), "{summary}");
}
