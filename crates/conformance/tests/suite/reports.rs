//! Reports, expected failures and shards, and the program that writes them.

use std::path::Path;
use std::process::Output;

use conformance::api::Api;
use conformance::apis;
use conformance::cases::shard::Shard;
use conformance::check::known::{Extent, Known};
use conformance::check::{CaseResult, Verdict, WarningKind};
use conformance::report::{self, Section};
use conformance::run::clients;
use conformance::run::target::{Allowed, TargetServer};
use conformance::{SpecServer, cases};
use serde_json::Value;

use crate::support;

/// The Nexus API, and the results on its client: good ones, or those on a server that drops the wrapper of its
/// responses, and holds a secret.
async fn results(good: bool) -> (Api, Vec<CaseResult>) {
    let api = support::api("nexus");
    let cases = cases::all(&api.contract);
    if good {
        let results = clients::run(&api, &cases, &|_| true).await.unwrap();
        return (api, results);
    }
    let server = httpmock::MockServer::start_async().await;
    server
        .mock_async(|_, then| {
            then.status(200)
                .header("content-type", "application/vnd.mx.nexus.v1+json")
                .header("set-cookie", "session=top-secret")
                .body(r#"{"oauth_window_uri":"https://example.com/top-secret"}"#);
        })
        .await;
    let target = TargetServer::new(&server.base_url(), Allowed::default()).unwrap();
    let results = target.run(&api, &cases).await.unwrap();
    (api, results)
}

/// The results as reports show them.
async fn section(good: bool) -> Section {
    let (api, results) = results(good).await;
    let target = (!good).then_some("https://gateway.example.com/");
    Section::new(&api, target, &results)
}

#[tokio::test]
async fn reports_tell_what_happened_and_no_secret() {
    for good in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let section = section(good).await;
        report::write(&folder.path().join("new"), std::slice::from_ref(&section)).unwrap();
        let read =
            |name: &str| std::fs::read_to_string(folder.path().join("new").join(name)).unwrap();
        let (json, junit, html) = (read("report.json"), read("junit.xml"), read("report.html"));

        let parsed: Value = serde_json::from_str(&json).unwrap();
        keeps_to_its_schema(&parsed);
        assert_eq!(parsed["schema_version"], 2);
        assert_eq!(parsed["passed"], good);
        let api = &parsed["apis"][0];
        assert_eq!(api["api"], "nexus");
        assert_eq!(api["totals"]["fail"], section.count(Verdict::Fail));
        assert_eq!(api["coverage"]["operations"]["reached"], 1);
        let full = api["cases"].as_array().unwrap().iter();
        let full = full
            .clone()
            .find(|case| case["case"] == "request: full")
            .unwrap();
        assert_eq!(full["verdict"], if good { "pass" } else { "fail" });
        assert!(
            full["request"]
                .as_str()
                .unwrap()
                .starts_with("GET /members/")
        );
        assert!(full["response"].as_str().unwrap().starts_with("200 OK"));
        let curl = full["curl"].as_str().unwrap();
        assert!(
            curl.starts_with("curl -i -H \"MD-SESSION-TOKEN: $MX_SESSION_TOKEN\""),
            "{curl}"
        );

        assert!(junit.contains("<testsuite name=\"nexus\""), "{junit}");
        assert_eq!(
            junit.matches("<failure").count(),
            section.count(Verdict::Fail)
        );
        for property in [
            "target",
            "spec",
            "spec.version",
            "spec.sha256",
            "tool.version",
        ] {
            let property = format!("<property name=\"{property}\" value=\"");
            assert!(junit.contains(&property), "{property}: {junit}");
        }
        for attribute in [" timestamp=\"20", " hostname=\"", " time=\""] {
            assert!(junit.contains(attribute), "{attribute}: {junit}");
        }
        if !good {
            let (_, rest) = junit.split_once("<failure").expect("a failure");
            let (body, _) = rest.split_once("</failure>").expect("with a body");
            for part in [
                "Request:\nGET /members/",
                "Response:\n200 OK",
                "Command:\ncurl -i -H",
            ] {
                assert!(body.contains(part), "{part}: {body}");
            }
            let causes = api["causes"].as_array().unwrap();
            assert!(causes.len() < section.count(Verdict::Fail), "{causes:?}");
            assert!(causes[0]["cases"].as_u64() > Some(10), "{causes:?}");
        }
        assert!(!html.contains("{{report}}"));
        // One policy, and nothing else that stands for a header.
        assert_eq!(html.matches("http-equiv").count(), 1);
        assert!(html.contains("Content-Security-Policy\"\n  content=\"default-src 'none';"));
        for outside in ["src=", "href=", "@import", "url("] {
            assert!(!html.contains(outside), "the page needs `{outside}`");
        }
        assert_eq!(
            html.matches("</script>").count(),
            2,
            "data must not end the script"
        );
        for text in [json, junit, html] {
            assert!(
                !text.contains("top-secret") && !text.contains("not-a-secret"),
                "{text}"
            );
        }
    }
}

/// The schema is the documented one.
fn keeps_to_its_schema(report: &Value) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/report.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, rest) = page.split_once("```json\n").expect("a schema");
    let (schema, _) = rest.split_once("```").expect("its end");
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let faults: Vec<String> = validator
        .iter_errors(report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_kind_of_warning_is_described() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/report.md");
    let page = std::fs::read_to_string(page).unwrap();
    for kind in WarningKind::ALL {
        assert!(page.contains(&format!("\n| `{kind}` | ")), "{kind}");
    }
}

#[tokio::test]
async fn a_report_of_everything_keeps_to_its_schema() {
    let (api, mut results) = results(false).await;
    let expected = Known::parse(LISTED).unwrap();
    expected.expect_in("nexus", Extent::Whole, &mut results);
    let mut refused = CaseResult::new("other", "request: full", "something");
    refused.not_judged = Some("refused with 404".to_owned());
    results.push(refused);
    let section = Section::new(&api, None, &results).seed(Some(7));
    let report: Value = serde_json::from_str(&report::json::report(&[section])).unwrap();
    keeps_to_its_schema(&report);
    let cases = report["apis"][0]["cases"].as_array().unwrap();
    for verdict in ["fail", "expected_failure", "not_judged"] {
        assert!(
            cases.iter().any(|case| case["verdict"] == verdict),
            "{verdict}"
        );
    }
}

#[tokio::test]
async fn everything_there_is_to_cover_is_covered() {
    for api in apis::all().unwrap() {
        let results = clients::run(&api, &cases::all(&api.contract), &|_| true)
            .await
            .unwrap();
        let section = Section::new(&api, None, &results);
        let missed: Vec<String> = section
            .coverage
            .named()
            .iter()
            .flat_map(|(_, count)| count.missed.clone())
            .collect();
        assert_eq!(missed, Vec::<String>::new(), "{}", api.name);
        assert_eq!(section.coverage.operations.total, api.table.len());
        assert!(!support::OURS.contains(&api.name) || section.coverage.enum_values.total >= 4);
    }
}

#[tokio::test]
async fn coverage_tells_what_was_missed() {
    let api = support::api("platform");
    let mut cases = cases::all(&api.contract);
    cases.retain(|case| case.name == "request: minimal");
    let results = clients::run(&api, &cases, &|_| true).await.unwrap();
    let coverage = Section::new(&api, None, &results).coverage;
    assert_eq!(
        (coverage.parameters.reached, coverage.parameters.total),
        (3, 8)
    );
    assert!(
        coverage
            .enum_values
            .missed
            .contains(&"requestOAuthWindowURI referral_source=\"APP\"".to_owned())
    );
}

const LISTED: &str = r#"
[[expected_failure]]
api = "nexus"
operation = "generateOAuthWindowUri"
case = "request: full"
reason = "the server drops it"
"#;

#[tokio::test]
async fn an_expected_failure_must_fail() {
    let expected = Known::parse(LISTED).unwrap();
    let find = |results: &[CaseResult]| {
        results
            .iter()
            .find(|result| result.case == "request: full")
            .unwrap()
            .clone()
    };
    let mut bad = results(false).await.1;
    expected.expect_in("nexus", Extent::Whole, &mut bad);
    assert!(
        find(&bad).passed()
            && find(&bad).expected_failure.as_deref() == Some("the server drops it")
    );
    let mut good = results(true).await.1;
    expected.expect_in("platform", Extent::Whole, &mut good);
    assert!(find(&good).passed(), "the entry is of the other API");
    expected.expect_in("nexus", Extent::Whole, &mut good);
    assert_eq!(
        find(&good).failures,
        ["it passes, but conformance.toml expects a failure: remove the entry"]
    );

    let mut others: Vec<CaseResult> = Vec::new();
    expected.expect_in("nexus", Extent::Part, &mut others);
    assert!(others.is_empty(), "a shard need not have the case");
    expected.expect_in("nexus", Extent::Whole, &mut others);
    assert!(others[0].failures[0].contains("there is no such case"));
    for bad in [
        "[[expected_failure]]",
        "[[expected_failures]]",
        &LISTED.replace("the server drops it", " "),
    ] {
        assert!(Known::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn shards_split_the_cases_among_them() {
    for api in apis::all().unwrap() {
        let all = cases::all(&api.contract);
        for case in &all {
            let having = (1..=3).filter(|number| {
                let shard: Shard = format!("{number}/3").parse().unwrap();
                shard.has(case)
            });
            assert_eq!(having.count(), 1, "{}", case.name);
        }
        let second: Shard = "2/3".parse().unwrap();
        let share = all.iter().filter(|case| second.has(case)).count();
        assert!(
            share > all.len() / 6 && share < all.len() / 2,
            "{share} of {}",
            all.len()
        );
    }
    for text in ["", "0/2", "3/2", "1", "a/b", "1/0"] {
        assert!(text.parse::<Shard>().is_err(), "{text}");
    }
}

fn run(folder: &Path, arguments: &[&str], token: Option<&str>) -> Output {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_conformance"));
    command.current_dir(folder).args(arguments);
    for name in ["MX_CLIENT_ID", "MX_API_KEY", "MX_SESSION_TOKEN"] {
        command.env_remove(name);
    }
    if let Some(token) = token {
        command.env("MX_SESSION_TOKEN", token);
    }
    command.output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_codes_tell_the_outcome() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let output = run(here, &["--report", "out", "--shard", "1/2"], None);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(here.join("out/report.html").is_file());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("MX Platform API")
            && text.contains("Nexus API")
            && text.contains(" 0 failed")
    );

    let server = SpecServer::of_json(nexus_client::OPENAPI)
        .unwrap()
        .start()
        .await
        .unwrap();
    let url = server.url();
    let nexus = ["--api", "nexus", "--target", &url];
    assert_eq!(run(here, &nexus, Some("any-token")).status.code(), Some(0));
    let absent = support::Absent::new();
    let bad = run(
        here,
        &["--api", "nexus", "--target", &absent.url],
        Some("any-token"),
    );
    assert_eq!(bad.status.code(), Some(2), "nothing was judged");
    let said = String::from_utf8_lossy(&bad.stderr);
    assert!(said.contains("nothing listens"), "{said}");
    assert!(!format!("{bad:?}").contains("any-token"));
    let without = run(here, &nexus, None);
    assert_eq!(without.status.code(), Some(2));
    assert!(
        String::from_utf8(without.stderr)
            .unwrap()
            .contains("MX_SESSION_TOKEN")
    );

    std::fs::write(here.join("conformance.toml"), LISTED).unwrap();
    assert_eq!(run(here, &["--api", "nexus"], None).status.code(), Some(1));
    std::fs::write(here.join("conformance.toml"), "nonsense").unwrap();
    for arguments in [
        &["--api", "nexus"][..],
        &["--api", "other"],
        &["--shard", "3/2"],
        &["--nonsense"],
    ] {
        assert_eq!(
            run(here, arguments, None).status.code(),
            Some(2),
            "{arguments:?}"
        );
    }
}

/// What 11,000 cases of a large spec may take, in KiB.
#[cfg(target_os = "linux")]
const MOST_MEMORY: usize = 300 * 1024;

/// The cases and results of a large spec, and its reports, in a process of their own, whose memory is theirs.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes long; `cargo xtask ci` runs it"]
fn a_long_run_takes_little_memory_thoroughly() {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "reports::reports_a_large_spec",
            "--ignored",
            "--nocapture",
        ])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    let number = |name: &str| {
        let found = text.split(&format!("{name} = ")).nth(1);
        let digits = found.and_then(|rest| rest.split_whitespace().next());
        let digits = digits.unwrap_or_else(|| panic!("no {name}: {text}"));
        digits.parse::<usize>().unwrap()
    };
    let (cases, peak) = (number("CASES"), number("PEAK"));
    assert!(cases > 1000, "{cases}");
    let most = MOST_MEMORY * cases / 11_000;
    assert!(
        peak < most,
        "{cases} cases take {peak} KiB; {most} are allowed"
    );
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "run by `a_long_run_takes_little_memory_thoroughly`, in a process of its own"]
fn reports_a_large_spec() {
    let spec = openapi::Document::parse("full.yaml", synthetic::full()).unwrap();
    let mut api = support::api("platform");
    let mut contract = conformance::contract::read(spec.value().clone());
    // Enough to tell what a case takes.
    contract.operations.truncate(40);
    api.contract = std::sync::Arc::new(contract);
    let cases = cases::all(&api.contract);
    let results: Vec<CaseResult> = cases
        .iter()
        .map(|case| {
            let operation = api.contract.operation(&case.operation).unwrap();
            let expected = case.expected.to_string();
            let mut result = CaseResult::new(&case.operation, &case.name, &expected);
            result.request = Some(report::curl::request(operation, &case.given));
            result.reply = case.reply.clone();
            result
        })
        .collect();
    let section = Section::new(&api, None, &results);
    let folder = tempfile::tempdir().unwrap();
    report::write(folder.path(), std::slice::from_ref(&section)).unwrap();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.unwrap().trim().trim_end_matches(" kB");
    println!("CASES = {} PEAK = {peak}", results.len());
}
