//! Which cases are run, and which results are known: patterns, `--fail-fast`, `--rerun-failed`, `--strict`, `--allow`
//! and `conformance.toml`.

use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use crate::support::{self, always};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = support::program(folder);
    command.envs([("MX_CLIENT_ID", "id"), ("MX_API_KEY", "key")]);
    command.env("MX_SESSION_TOKEN", "a-token");
    command.args(arguments).args(["--report", "out"]);
    command.output().unwrap()
}

/// The operations and names of the cases of the last run, by API.
fn cases(folder: &Path) -> Vec<(String, String, String)> {
    let text = std::fs::read_to_string(folder.join("out/report.json")).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap();
    let apis = report["apis"].as_array().unwrap().iter();
    let cases = apis.flat_map(|api| {
        let cases = api["cases"].as_array().unwrap().iter();
        cases.map(move |case| {
            let text = |key: &str| case[key].as_str().unwrap().to_owned();
            let api = api["api"].as_str().unwrap().to_owned();
            (api, text("case"), text("verdict"))
        })
    });
    cases.collect()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn patterns_choose_operations_and_cases() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    type Chosen = fn(&str, &str) -> bool;
    let choices: [(&[&str], Chosen); 8] = [
        (&["--operation", "request*"], |api, _| api == "platform"),
        (&["--operation", "generateOAuthWindowUr?"], |api, _| {
            api == "nexus"
        }),
        (&["--tag", "members"], |api, _| api == "nexus"),
        (&["--path", "/users/{user_identifier}/*"], |api, _| {
            api == "platform"
        }),
        (&["--case", "request: *"], |_, case| {
            case.starts_with("request: ")
        }),
        (
            &["--exclude", "widgets", "--exclude", "*error*"],
            |api, case| api == "nexus" && !case.contains("error"),
        ),
        (
            &["--exclude", "/members/*", "--case", "*: full"],
            |api, case| api == "platform" && case == "request: full",
        ),
        (
            &[
                "--operation",
                "request*",
                "--operation",
                "generate*",
                "--case",
                "*minimal",
            ],
            |_, case| case == "request: minimal",
        ),
    ];
    assert_eq!(run(here, &[]).status.code(), Some(0));
    let all = cases(here);
    for (arguments, chosen) in choices {
        let output = run(here, arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
        let mut wanted = all.clone();
        wanted.retain(|(api, case, _)| chosen(api, case));
        assert!(
            !wanted.is_empty() && wanted.len() < all.len(),
            "{arguments:?}"
        );
        assert_eq!(cases(here), wanted, "{arguments:?}");
    }
    for (arguments, wanted) in [
        (
            &["--operation", "requestOauth"][..],
            "no operation is left by the patterns `requestOauth`",
        ),
        (&["--case", "requests: *"], "no case is left"),
        (&["--rerun-failed"], "no run has failed here"),
    ] {
        let output = run(here, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(err(&output).contains(wanted), "{}", err(&output));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_gets_what_is_chosen() {
    let server = conformance::SpecServer::of_json(platform_client::OPENAPI).unwrap();
    let server = server.start().await.unwrap();
    let url = server.url();
    let folder = tempfile::tempdir().unwrap();
    let chosen = ["--api", "platform", "--target", &url, "--case", "probe: *"];
    let output = run(folder.path(), &chosen);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let cases = cases(folder.path());
    assert!(cases.len() >= 9, "{cases:?}");
    assert!(
        cases.iter().all(|(_, case, _)| case.starts_with("probe: ")),
        "{cases:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_stops_at_the_first_failure_and_is_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let json = "application/json";
    let bad = always(200, json, r#"{"member":{"guid":7,"oauth_window_uri":""}}"#).await;
    let url = bad.base_url();
    let target = [
        "--api",
        "platform",
        "--target",
        &url,
        "--case",
        "request: *",
    ];
    let whole = run(here, &target);
    assert_eq!(whole.status.code(), Some(1));
    let failed = cases(here);
    let fast = run(here, &[&target[..], &["--fail-fast"]].concat());
    assert_eq!(fast.status.code(), Some(1));
    assert!(
        err(&fast).contains("stopped at the first failure"),
        "{}",
        err(&fast)
    );
    let stopped = cases(here);
    // Four requests are under way at a time.
    assert!(
        (1..=4).contains(&stopped.len()) && stopped.len() < failed.len(),
        "{stopped:?}"
    );

    // Only what failed before is sent.
    let again = run(here, &[&target[..4], &["--rerun-failed"]].concat());
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(cases(here), stopped);
    let good = always(
        200,
        json,
        r#"{"member":{"guid":"7","oauth_window_uri":""}}"#,
    )
    .await;
    let url = good.base_url();
    let target = ["--api", "platform", "--target", &url, "--rerun-failed"];
    assert_eq!(run(here, &target).status.code(), Some(0));
    let names = |cases: &[(String, String, String)]| -> Vec<String> {
        cases.iter().map(|(_, case, _)| case.clone()).collect()
    };
    assert_eq!(names(&cases(here)), names(&stopped));
    let nothing = run(here, &target);
    assert_eq!(nothing.status.code(), Some(0));
    assert!(
        err(&nothing).contains("no case is left that failed"),
        "{}",
        err(&nothing)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seed_is_kept_for_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let bad = always(200, "application/json", "[]").await;
    let url = bad.base_url();
    let target = ["--api", "platform", "--target", &url];
    let seeded = [&target[..], &["--seed", "7", "--case", "*seed 7*"]].concat();
    assert_eq!(run(here, &seeded).status.code(), Some(1));
    let failed = cases(here);
    assert_eq!(failed.len(), 5, "{failed:?}");
    let again = run(here, &[&target[..], &["--rerun-failed"]].concat());
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(cases(here), failed);
}

#[tokio::test(flavor = "multi_thread")]
async fn warnings_are_counted_allowed_or_failures() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let server = conformance::SpecServer::of_json(platform_client::OPENAPI).unwrap();
    let server = server.start().await.unwrap();
    let url = server.url();
    // One warning: any credentials are accepted.
    let target = ["--api", "platform", "--target", &url, "--case", "probe: *"];
    let with = |more: &[&str]| run(here, &[&target[..], more].concat()).status.code();
    let verdicts = || {
        let mut verdicts: Vec<String> = cases(here).into_iter().map(|case| case.2).collect();
        verdicts.retain(|verdict| verdict != "pass");
        verdicts
    };
    assert_eq!(
        (with(&[]), verdicts()),
        (Some(0), vec!["warning".to_owned()])
    );
    assert_eq!(
        (with(&["--strict"]), verdicts()),
        (Some(1), vec!["fail".to_owned()])
    );
    let allowed = ["--strict", "--allow", "any-credentials"];
    assert_eq!((with(&allowed), verdicts()), (Some(0), Vec::new()));
    assert_eq!(with(&["--strict", "--allow", "accept"]), Some(1));
    let unknown = run(here, &["--allow", "nothing"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        err(&unknown).contains("the kinds are absent-field, accept,"),
        "{}",
        err(&unknown)
    );

    let list = |text: &str| std::fs::write(here.join("conformance.toml"), text).unwrap();
    let entry = |operation: &str, case: &str| {
        format!(
            "[[allow]]\nkind = \"any-credentials\"\napi = \"plat*\"\noperation = \"{operation}\"\ncase = \"{case}\"\nreason = \"a mock server\"\n"
        )
    };
    for (operation, case, code) in [
        ("request*", "probe: wrong *", 0),
        ("request*", "probe: no *", 1),
        ("list*", "*", 1),
    ] {
        list(&entry(operation, case));
        assert_eq!(with(&["--strict"]), Some(code), "{operation} {case}");
    }
    list("[[allow]]\nkind = \"any-credentials\"\nreason = \"short\"\n");
    assert_eq!(with(&["--strict"]), Some(0));
    for wrong in [
        "[[allow]]\nkind = \"nothing\"\nreason = \"x\"\n",
        "[[allow]]\nkind = \"accept\"\nreason = \" \"\n",
        "[[allow]]\nkind = \"accept\"\n",
    ] {
        list(wrong);
        assert_eq!(with(&[]), Some(2), "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_entry_covers_many_failures() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let bad = always(200, "application/json", "[]").await;
    let url = bad.base_url();
    let target = [
        "--api",
        "platform",
        "--target",
        &url,
        "--case",
        "request: *",
    ];
    assert_eq!(run(here, &target).status.code(), Some(1));
    let entry = "[[expected_failure]]\napi = \"*\"\noperation = \"request*\"\ncase = \"request: *\"\nreason = \"a list\"\n";
    std::fs::write(here.join("conformance.toml"), entry).unwrap();
    assert_eq!(run(here, &target).status.code(), Some(0));
    assert!(
        cases(here)
            .iter()
            .all(|(.., verdict)| verdict == "expected_failure")
    );
    // On the clients none of them fails any more, and the entry names every API.
    assert_eq!(run(here, &["--api", "platform"]).status.code(), Some(0));
    let named = entry.replace("api = \"*\"", "api = \"platform\"");
    std::fs::write(here.join("conformance.toml"), named).unwrap();
    assert_eq!(run(here, &["--api", "platform"]).status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_need_not_be_judged_if_a_pattern_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let server = always(404, "text/html", "no").await;
    let url = server.base_url();
    let target = ["--api", "nexus", "--target", &url];
    assert_eq!(run(here, &target).status.code(), Some(2));
    let allowed = [&target[..], &["--allow", "not-judged"]].concat();
    assert_eq!(run(here, &allowed).status.code(), Some(0));
    let entry =
        "[[allow]]\nkind = \"not-judged\"\noperation = \"generate*\"\nreason = \"not there yet\"\n";
    std::fs::write(here.join("conformance.toml"), entry).unwrap();
    let output = run(here, &target);
    assert_eq!(output.status.code(), Some(0));
    let table = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(table.contains("0 of 1 operation judged"), "{table}");
    assert!(table.contains("which is allowed"), "{table}");
    let report = std::fs::read_to_string(here.join("out/report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["passed"], true);
    assert_eq!(
        report["apis"][0]["judged"]["missed"],
        json!(["generateOAuthWindowUri"])
    );
}
