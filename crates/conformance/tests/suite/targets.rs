//! Servers that follow the spec pass, others fail, and no server can stop the suite.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use conformance::check::{CaseResult, Verdict, WarningKind};
use conformance::report::Section;
use conformance::run::target::{Allowed, TargetServer};
use conformance::{SpecServer, cases};
use futures_util::future::join_all;
use httpmock::{HttpMockResponse, MockServer as HttpMock};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{self, always};

async fn judge(api: &str, url: &str) -> Vec<CaseResult> {
    let target = TargetServer::new(url, Allowed::default())
        .unwrap()
        .timeout(Duration::from_secs(600))
        .longest_wait(Duration::ZERO);
    let api = support::api(api);
    target.run(&api, &cases::all(&api.contract)).await.unwrap()
}

fn failures(results: &[CaseResult]) -> Vec<String> {
    let all = results.iter().flat_map(|result| {
        result
            .failures
            .iter()
            .map(move |failure| format!("{}: {failure}", result.case))
    });
    all.collect()
}

const APIS: [(&str, &str); 2] = [
    ("platform", "application/json"),
    ("nexus", "application/vnd.mx.nexus.v1+json"),
];

fn good() -> Value {
    json!({ "member": { "guid": "MBR-1", "oauth_window_uri": "https://example.com/secret" } })
}

#[tokio::test]
async fn a_server_that_follows_the_spec_passes() {
    for (api, server) in [
        ("platform", SpecServer::of_json(platform_client::OPENAPI)),
        ("nexus", SpecServer::of_json(nexus_client::OPENAPI)),
    ] {
        let server = server.unwrap().start().await.unwrap();
        let results = judge(api, &server.url()).await;
        assert_eq!(failures(&results), Vec::<String>::new());
        let probes = results
            .iter()
            .filter(|result| result.case.starts_with("probe"));
        assert!(probes.count() >= 7, "{results:#?}");
        // Any well-formed credentials are taken, which is worth telling and no failure.
        let findings: Vec<&str> = results
            .iter()
            .filter(|result| !result.warnings.is_empty())
            .map(|result| result.case.as_str())
            .collect();
        assert_eq!(findings, ["probe: wrong credentials"]);
    }
}

const REFUSALS: [u16; 10] = [302, 400, 401, 403, 404, 405, 406, 409, 422, 429];

#[tokio::test]
async fn a_refusal_that_the_spec_does_not_list_is_no_failure() {
    // With each status one of the APIs.
    for (status, (api, media_type)) in REFUSALS.into_iter().zip(APIS.into_iter().cycle()) {
        a_refusal_is_no_failure(status, api, media_type).await;
    }
}

#[tokio::test]
#[ignore = "takes long; `cargo xtask ci` runs it"]
async fn a_refusal_that_the_spec_does_not_list_is_no_failure_thoroughly() {
    for (api, media_type) in APIS {
        for status in REFUSALS {
            a_refusal_is_no_failure(status, api, media_type).await;
        }
    }
}

async fn a_refusal_is_no_failure(status: u16, api: &str, media_type: &str) {
    let server = always(status, media_type, "{}").await;
    let results = judge(api, &server.base_url()).await;
    assert_eq!(failures(&results), Vec::<String>::new(), "{status}");
    // Nor is it a pass, whether the spec lists it or not.
    let listed = match api == "nexus" && status == 400 {
        true => "which the spec lists",
        false => "which the spec does not list",
    };
    let reason = format!("refused with {status}, {listed}");
    let probe = format!("not probed: the operation itself was refused with {status}");
    for result in &results {
        let wanted = match result.case.starts_with("probe") {
            true => &probe,
            false => &reason,
        };
        let seen = result.not_judged.as_ref();
        assert_eq!(seen, Some(wanted), "{}", result.case);
    }
    let probes = results
        .iter()
        .filter(|result| result.case.starts_with("probe"));
    assert!(probes.count() >= 7, "what could not be probed is counted");
    let section = Section::new(&support::api(api), Some("http://mx"), &results);
    let seen = section.not_judged().unwrap();
    assert!(seen.contains(&format!("× {status}")), "{seen}");
    assert!(!section.passed());
}

#[tokio::test]
async fn a_wrong_answer_is_found_out() {
    let mut wrong_type = good();
    wrong_type["member"]["guid"] = json!(12);
    let mut dropped = good();
    dropped["member"].as_object_mut().unwrap().clear();
    let unwrapped = good()["member"].clone();
    for (api, media_type) in APIS {
        for (status, media_type, body, wanted) in [
            (
                200,
                media_type,
                wrong_type.to_string(),
                "the body at `/member/guid`: it is not of type",
            ),
            (
                200,
                media_type,
                dropped.to_string(),
                "`/member/guid` is missing",
            ),
            (
                200,
                media_type,
                unwrapped.to_string(),
                "`/member` is missing",
            ),
            (
                200,
                "text/html",
                good().to_string(),
                "the media type `text/html` is not in the spec",
            ),
            (
                200,
                "application/vnd.mx.nexus.v9+json",
                good().to_string(),
                "v9+json` is not in the spec",
            ),
            (
                201,
                media_type,
                good().to_string(),
                "the status 201 is not in the spec",
            ),
            (
                500,
                media_type,
                good().to_string(),
                "the status 500 is not in the spec",
            ),
            (
                200,
                media_type,
                good().to_string()[..30].to_owned(),
                "the body is not JSON",
            ),
            (200, media_type, String::new(), "the body is not JSON"),
        ] {
            let server = always(status, media_type, &body).await;
            let found = failures(&judge(api, &server.base_url()).await);
            let is_shown =
                |failure: &String| failure.starts_with("request: full") && failure.contains(wanted);
            assert!(found.iter().any(is_shown), "{api}, {wanted}: {found:#?}");
            assert!(!found.concat().contains("example.com/secret"), "{found:#?}");
        }
    }
}

#[tokio::test]
async fn what_is_not_enforced_is_found_out() {
    // What the published spec says, and what only the overlay, the prose or good practice say.
    type Warned = [(&'static str, &'static str)];
    let wanted: [(&str, &[&str], &Warned); 2] = [
        (
            "platform",
            &[
                "no credentials",
                "unusable credentials",
                "no `Accept-Version`",
                "`skip_aggregation` of another type",
                "the method POST",
            ],
            &[
                ("wrong credentials", "any-credentials"),
                ("another `Accept-Version`", "version"),
                ("`enable_app2app` of another type", "correction"),
                ("`referral_source` of another type", "correction"),
                ("another `Accept`", "accept"),
            ],
        ),
        (
            "nexus",
            &["no credentials", "unusable credentials", "the method POST"],
            &[
                ("wrong credentials", "any-credentials"),
                ("`referral_source` of another type", "correction"),
                ("`skip_aggregation` of another type", "correction"),
                ("another `Accept`", "accept"),
            ],
        ),
    ];
    for ((api, wanted, warned), (_, media_type)) in wanted.into_iter().zip(APIS) {
        let server = always(200, media_type, &good().to_string()).await;
        let wanted: Vec<String> = wanted
            .iter()
            .map(|probe| format!("probe: {probe}: it must be refused, but the response is 200"))
            .collect();
        let results = judge(api, &server.base_url()).await;
        assert_eq!(failures(&results), wanted);
        let seen: Vec<(&str, &str)> = results
            .iter()
            .flat_map(|result| {
                let name = result.case.trim_start_matches("probe: ");
                let warnings = result.warnings.iter();
                warnings.map(move |warning| (name, warning.kind.name()))
            })
            .collect();
        assert_eq!(seen, warned);
    }
}

#[tokio::test]
async fn what_the_spec_does_not_know_is_a_finding() {
    let mut more = good();
    more["member"]["color"] = json!("red");
    for (api, media_type) in APIS {
        let server = always(200, media_type, &more.to_string()).await;
        let results = judge(api, &server.base_url()).await;
        let full = results
            .iter()
            .find(|result| result.case == "request: full")
            .unwrap();
        let wanted = WarningKind::UnknownField.warning("a new field `/member/color`");
        assert_eq!(full.warnings, [wanted]);
        assert!(full.passed(), "{full:?}");
        let server = always(418, media_type, "{}").await;
        let results = judge(api, &server.base_url()).await;
        let wanted = WarningKind::UnlistedStatus.warning("the status 418 is not in the spec");
        assert_eq!(results[0].warnings, [wanted]);
    }
}

/// A server may close a connection that it kept, even while a request is on its way.
#[tokio::test]
async fn a_kept_connection_that_ends_is_no_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                read_request(&mut stream).await;
                let body = good().to_string();
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.mx.nexus.v1+json";
                let response = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                stream.write_all(response.as_bytes()).await.unwrap();
                // Another request on the connection has no response.
                read_request(&mut stream).await;
            });
        }
    });
    let found = failures(&judge("nexus", &url).await);
    server.abort();
    let broken = found.iter().filter(|failure| failure.contains("broke off"));
    assert_eq!(broken.count(), 0, "{found:#?}");
}

/// What a hostile server does with a connection.
#[derive(Clone, Copy)]
enum Hostile {
    Stalls,
    Babbles,
    NeverEnds,
    HangsUp,
}

/// Reads a request without a body to its end.
async fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => request.push(byte),
            Err(_) => break,
        }
    }
}

#[tokio::test]
async fn a_hostile_server_ends_in_a_report() {
    // Only a server that stalls makes the suite wait so long.
    let (short, long) = (Duration::from_millis(500), Duration::from_secs(600));
    for (hostile, timeout, wanted) in [
        (Hostile::Stalls, short, "no whole response in time"),
        (Hostile::Babbles, long, "broke off, or is not HTTP"),
        (Hostile::NeverEnds, long, "larger than"),
        (Hostile::HangsUp, long, "broke off, or is not HTTP"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    read_request(&mut stream).await;
                    match hostile {
                        Hostile::Stalls => std::future::pending().await,
                        Hostile::Babbles => _ = stream.write_all(b"nonsense\r\n\r\n").await,
                        Hostile::HangsUp => {}
                        Hostile::NeverEnds => {
                            let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
                            _ = stream.write_all(head).await;
                            while stream.write_all(&[b'['; 65536]).await.is_ok() {}
                        }
                    }
                });
            }
        });
        let target = TargetServer::new(&url, Allowed::default()).unwrap();
        let target = target.timeout(timeout);
        let api = support::api("nexus");
        let results = target.run(&api, &cases::all(&api.contract)).await.unwrap();
        server.abort();
        let mut requests = results
            .iter()
            .filter(|result| result.case.starts_with("request"));
        assert!(requests.all(|result| !result.passed()));
        let found = failures(&results);
        assert!(found[0].contains(wanted), "{found:#?}");
        assert!(found.last().unwrap().contains("not sent"), "{found:#?}");
    }
    let absent = support::Absent::new();
    let results = judge("platform", &absent.url).await;
    assert_eq!(failures(&results), Vec::<String>::new());
    let reasons: Vec<&str> = results
        .iter()
        .filter_map(|result| result.not_judged.as_deref())
        .collect();
    assert_eq!(reasons.len(), results.len());
    assert_eq!(reasons[0], "no connection to the target");
}

#[tokio::test]
async fn one_success_is_enough_to_judge() {
    let server = HttpMock::start_async().await;
    let calls = AtomicUsize::new(0);
    server
        .mock_async(|_, then| {
            then.respond_with(move |_| {
                let status = if calls.fetch_add(1, Ordering::Relaxed) == 0 {
                    200
                } else {
                    404
                };
                HttpMockResponse::builder()
                    .status(status)
                    .header("content-type", "application/json")
                    .body(good().to_string())
                    .build()
            });
        })
        .await;
    let results = judge("platform", &server.base_url()).await;
    let section = Section::new(&support::api("platform"), Some("http://mx"), &results);
    assert_eq!(section.not_judged(), None);
    let passed = results
        .iter()
        .filter(|result| result.verdict() == Verdict::Pass);
    let passed: Vec<&str> = passed.map(|result| result.case.as_str()).collect();
    // The refusals of the probes are right.
    let (full, probes) = passed.split_first().unwrap();
    assert_eq!(*full, "request: full");
    assert!(
        probes.iter().all(|case| case.starts_with("probe: ")),
        "{passed:?}"
    );
    let refused = results
        .iter()
        .filter(|result| result.case.starts_with("request: "));
    assert_eq!(section.count(Verdict::NotJudged), refused.count() - 1);
}

/// The verdict on a server that refuses its first request with 429, and the times at which requests arrived.
async fn judge_limited(retry_after: Option<&'static str>) -> (Verdict, Vec<Instant>) {
    let server = HttpMock::start_async().await;
    let arrivals: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let seen = Arc::clone(&arrivals);
    server
        .mock_async(|_, then| {
            then.respond_with(move |_| {
                let mut arrivals = seen.lock().unwrap();
                arrivals.push(Instant::now());
                let status = if arrivals.len() == 1 { 429 } else { 200 };
                let mut response = HttpMockResponse::builder()
                    .status(status)
                    .header("content-type", "application/json")
                    .body(good().to_string());
                if let Some(retry_after) = retry_after {
                    response = response.header("retry-after", retry_after);
                }
                response.build()
            });
        })
        .await;
    let selection = cases::Selection {
        cases: vec!["request: minimal".parse().unwrap()],
        ..cases::Selection::default()
    };
    let target = TargetServer::new(&server.base_url(), Allowed::default()).unwrap();
    let api = support::api("platform");
    let target = target.selection(selection);
    let results = target.run(&api, &cases::all(&api.contract)).await.unwrap();
    let arrivals = arrivals.lock().unwrap().clone();
    (results[0].verdict(), arrivals)
}

#[tokio::test]
async fn a_rate_limit_is_waited_for() {
    let waits = [
        (Some("0"), 0),
        (Some("Sun, 06 Nov 1994 08:49:37 GMT"), 0),
        (None, 250),
        (Some("1"), 1000),
    ];
    let runs = waits.map(|(retry_after, least)| async move {
        let (verdict, arrivals) = judge_limited(retry_after).await;
        assert_eq!(verdict, Verdict::Pass, "{retry_after:?}");
        assert_eq!(arrivals.len(), 2, "{retry_after:?}");
        let waited = arrivals[1] - arrivals[0];
        assert!(waited >= Duration::from_millis(least), "{retry_after:?}");
    });
    join_all(runs).await;
    // An hour is longer than the suite waits.
    let (verdict, arrivals) = judge_limited(Some("3600")).await;
    assert_eq!((verdict, arrivals.len()), (Verdict::NotJudged, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_everything_does_not_pass() {
    let refusals = [
        (401, "credentials"),
        (404, "path prefix"),
        (406, "version"),
        (409, "--target"),
        (429, "later"),
    ];
    let refusals = refusals.map(async |(status, cause)| {
        let server = always(status, "text/html", "<html>no</html>").await;
        (server, cause)
    });
    let servers = join_all(refusals).await;
    std::thread::scope(|scope| {
        for (server, cause) in &servers {
            scope.spawn(|| does_not_pass(&server.base_url(), cause));
        }
    });
}

/// Asserts what a run says of a server that refuses everything.
fn does_not_pass(url: &str, cause: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = support::program(folder.path());
    command.args(support::OURS.iter().flat_map(|api| ["--api", api]));
    command.args(["--target", url, "--report", "out"]);
    command.envs([("MX_CLIENT_ID", "id"), ("MX_API_KEY", "key")]);
    command.env("MX_SESSION_TOKEN", "token");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains(cause), "{errors}");
    let table = String::from_utf8(output.stdout).unwrap();
    let totals = table
        .lines()
        .find(|line| line.contains(" 0 failed"))
        .unwrap();
    assert!(totals.contains(" not judged"), "{table}");
    let read = |name: &str| std::fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    let report: Value = serde_json::from_str(&read("report.json")).unwrap();
    assert_eq!(report["passed"], false);
    let junit = read("junit.xml");
    for api in report["apis"].as_array().unwrap() {
        let totals = &api["totals"];
        assert_eq!((&totals["pass"], &totals["fail"]), (&json!(0), &json!(0)));
        assert_eq!(totals["not_judged"], totals["cases"]);
    }
    assert_eq!(
        junit.matches("<skipped").count(),
        junit.matches("<testcase").count()
    );
}

#[test]
fn plain_http_is_for_this_machine_only() {
    for url in [
        "http://mx.example.com",
        "http://10.0.0.1:80",
        "http://[2001:db8::1]/",
        "http://localhost.example.com",
        "HTTP://mx.example.com",
        "http://127.0.0.1.example.com",
    ] {
        let error = TargetServer::new(url, Allowed::default()).unwrap_err();
        assert!(error.contains("--allow-plain-http"), "{error}");
        let allowed = Allowed {
            plain_http: true,
            ..Allowed::default()
        };
        assert!(TargetServer::new(url, allowed).is_ok(), "{url}");
    }
    for url in [
        "http://127.0.0.1:1",
        "http://127.8.8.8",
        "http://localhost",
        "http://[::1]:1",
    ] {
        assert!(TargetServer::new(url, Allowed::default()).is_ok(), "{url}");
    }
    let https = TargetServer::new("https://mx.example.com", Allowed::default());
    assert_eq!(https.is_ok(), cfg!(feature = "tls"), "{https:?}");
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = support::program(folder.path());
        command.env("MX_SESSION_TOKEN", "a-token");
        command.args(["--api", "nexus"]).args(arguments);
        command.output().unwrap()
    };
    let output = run(&["--target", "http://192.0.2.1"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        errors.contains("plain http") && errors.contains("--allow-plain-http"),
        "{errors}"
    );
    assert_eq!(
        run(&["--allow-plain-http"]).status.code(),
        Some(2),
        "it needs a target"
    );
}

#[test]
fn a_target_is_a_url() {
    for url in ["", "localhost:80", "ftp://example.com", "http://"] {
        assert!(TargetServer::new(url, Allowed::default()).is_err(), "{url}");
    }
    // Reports would show them.
    for url in [
        "http://id:top-secret@localhost",
        "http://localhost/?key=top-secret",
    ] {
        let error = TargetServer::new(url, Allowed::default()).unwrap_err();
        assert!(
            error.contains("environment") && !error.contains("top-secret"),
            "{error}"
        );
    }
}
