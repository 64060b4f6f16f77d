//! Servers that keep to the spec pass, others are found out, and none holds the suite up.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use conformance::report::{Outcome, Section};
use conformance::run::clients::Verdict;
use conformance::run::target::{Allowed, Target};
use conformance::{MockServer, cases};
use httpmock::{HttpMockResponse, MockServer as HttpMock};
use serde_json::{Value, json};
use support::always;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

async fn judge(api: &str, url: &str) -> Vec<Verdict> {
    let target = Target::new(url, Allowed::default())
        .unwrap()
        .patience(Duration::from_secs(5));
    let api = support::api(api);
    target.run(&api, &cases::all(&api.contract)).await.unwrap()
}

fn faults(verdicts: &[Verdict]) -> Vec<String> {
    let all = verdicts.iter().flat_map(|verdict| {
        verdict
            .faults
            .iter()
            .map(move |fault| format!("{}: {fault}", verdict.case))
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
async fn a_server_that_keeps_to_the_spec_passes() {
    for (api, server) in [
        ("platform", MockServer::platform()),
        ("nexus", MockServer::nexus()),
    ] {
        let server = server.unwrap().start().await.unwrap();
        let verdicts = judge(api, &server.url()).await;
        assert_eq!(faults(&verdicts), Vec::<String>::new());
        let probes = verdicts
            .iter()
            .filter(|verdict| verdict.case.starts_with("probe"));
        assert!(probes.count() >= 7, "{verdicts:#?}");
        // Any well-formed credentials are taken, which is worth telling and no failure.
        let findings: Vec<&str> = verdicts
            .iter()
            .filter(|verdict| !verdict.findings.is_empty())
            .map(|verdict| verdict.case.as_str())
            .collect();
        assert_eq!(findings, ["probe: wrong credentials"]);
    }
}

#[tokio::test]
async fn a_refusal_that_the_spec_does_not_list_is_no_failure() {
    for (api, media_type) in APIS {
        for status in [400, 401, 403, 404, 405, 406, 429] {
            let server = always(status, media_type, "{}").await;
            let verdicts = judge(api, &server.base_url()).await;
            assert_eq!(faults(&verdicts), Vec::<String>::new(), "{status}");
            // Nor is it a pass.
            let reason = format!("refused with {status}, which the spec does not list");
            for verdict in &verdicts {
                let is_listed = api == "nexus" && status == 400;
                let wanted = (!is_listed).then_some(&reason);
                assert_eq!(verdict.not_judged.as_ref(), wanted, "{}", verdict.case);
            }
            let section = Section::new(&support::api(api), Some("http://mx"), &verdicts);
            let told = section.not_judged().unwrap();
            assert!(told.contains(&format!("× {status}")), "{told}");
            assert!(!section.passed());
        }
    }
}

#[tokio::test]
async fn a_wrong_answer_is_found_out() {
    let mut wrong_type = good();
    wrong_type["member"]["guid"] = json!(12);
    let mut dropped = good();
    dropped["member"].as_object_mut().unwrap().remove("guid");
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
                302,
                media_type,
                good().to_string(),
                "the status 302 is not in the spec",
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
            let found = faults(&judge(api, &server.base_url()).await);
            let is_told =
                |fault: &String| fault.starts_with("request: full") && fault.contains(wanted);
            assert!(found.iter().any(is_told), "{api}, {wanted}: {found:#?}");
            assert!(!found.concat().contains("example.com/secret"), "{found:#?}");
        }
    }
}

#[tokio::test]
async fn what_is_not_enforced_is_found_out() {
    let wanted: [(&str, &[&str]); 2] = [
        (
            "platform",
            &[
                "no credentials",
                "credentials of no use",
                "no `Accept-Version`",
                "another `Accept-Version`",
                "`enable_app2app` of another type",
                "`referral_source` of another type",
                "`skip_aggregation` of another type",
                "another `Accept`",
                "the method POST",
            ],
        ),
        (
            "nexus",
            &[
                "no credentials",
                "credentials of no use",
                "`referral_source` of another type",
                "`skip_aggregation` of another type",
                "another `Accept`",
                "the method POST",
            ],
        ),
    ];
    for ((api, wanted), (_, media_type)) in wanted.into_iter().zip(APIS) {
        let server = always(200, media_type, &good().to_string()).await;
        let wanted: Vec<String> = wanted
            .iter()
            .map(|probe| format!("probe: {probe}: it must be refused, and is answered with 200"))
            .collect();
        assert_eq!(faults(&judge(api, &server.base_url()).await), wanted);
    }
}

#[tokio::test]
async fn what_the_spec_does_not_know_is_a_finding() {
    let mut more = good();
    more["member"]["color"] = json!("red");
    for (api, media_type) in APIS {
        let server = always(200, media_type, &more.to_string()).await;
        let verdicts = judge(api, &server.base_url()).await;
        let full = verdicts
            .iter()
            .find(|verdict| verdict.case == "request: full")
            .unwrap();
        assert_eq!(full.findings, ["a new field `/member/color`"]);
        assert!(full.passed(), "{full:?}");
        let server = always(418, media_type, "{}").await;
        let verdicts = judge(api, &server.base_url()).await;
        assert_eq!(verdicts[0].findings, ["the status 418 is not in the spec"]);
    }
}

/// What a hostile server does with a connection.
#[derive(Clone, Copy)]
enum Hostile {
    Stalls,
    Babbles,
    NeverEnds,
    HangsUp,
}

#[tokio::test]
async fn a_hostile_server_ends_in_a_report() {
    for (hostile, wanted) in [
        (Hostile::Stalls, "no whole answer in time"),
        (Hostile::Babbles, "broke off, or is not HTTP"),
        (Hostile::NeverEnds, "larger than"),
        (Hostile::HangsUp, "broke off, or is not HTTP"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    _ = stream.read(&mut [0; 4096]).await;
                    match hostile {
                        Hostile::Stalls => tokio::time::sleep(Duration::from_secs(600)).await,
                        Hostile::Babbles => _ = stream.write_all(b"nonsense\r\n\r\n").await,
                        Hostile::HangsUp => {}
                        Hostile::NeverEnds => {
                            _ = stream
                                .write_all(
                                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n",
                                )
                                .await;
                            while stream.write_all(&[b'['; 65536]).await.is_ok() {}
                        }
                    }
                });
            }
        });
        let target = Target::new(&url, Allowed::default())
            .unwrap()
            .patience(Duration::from_secs(2));
        let api = support::api("nexus");
        let verdicts = target.run(&api, &cases::all(&api.contract)).await.unwrap();
        server.abort();
        assert!(verdicts.iter().all(|verdict| !verdict.passed()));
        let found = faults(&verdicts);
        assert!(found[0].contains(wanted), "{found:#?}");
        assert!(found.last().unwrap().contains("not tried"), "{found:#?}");
    }
    let nobody = "http://127.0.0.1:1";
    let found = faults(&judge("platform", nobody).await);
    assert!(
        found[0].contains("no connection to the target"),
        "{found:#?}"
    );
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
    let verdicts = judge("platform", &server.base_url()).await;
    let section = Section::new(&support::api("platform"), Some("http://mx"), &verdicts);
    assert_eq!(section.not_judged(), None);
    assert_eq!(section.count(Outcome::Pass), 1);
    assert_eq!(section.count(Outcome::NotJudged), verdicts.len() - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_everything_does_not_pass() {
    for (status, cause) in [
        (401, "credentials"),
        (404, "path prefix"),
        (406, "version"),
        (409, "--target"),
        (429, "later"),
    ] {
        let server = always(status, "text/html", "<html>no</html>").await;
        let folder = tempfile::tempdir().unwrap();
        let mut command = support::program(folder.path());
        command.args(["--target", &server.base_url(), "--report", "out"]);
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
        let read =
            |name: &str| std::fs::read_to_string(folder.path().join("out").join(name)).unwrap();
        let report: Value = serde_json::from_str(&read("report.json")).unwrap();
        assert_eq!(report["passed"], false);
        let junit = read("junit.xml");
        for api in report["apis"].as_array().unwrap() {
            let totals = &api["totals"];
            assert_eq!(
                (&totals["passed"], &totals["failed"]),
                (&json!(0), &json!(0))
            );
            assert_eq!(totals["not_judged"], totals["cases"]);
        }
        assert_eq!(
            junit.matches("<skipped").count(),
            junit.matches("<testcase").count()
        );
    }
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
        let error = Target::new(url, Allowed::default()).unwrap_err();
        assert!(error.contains("--allow-plain-http"), "{error}");
        let allowed = Allowed {
            plain_http: true,
            ..Allowed::default()
        };
        assert!(Target::new(url, allowed).is_ok(), "{url}");
    }
    for url in [
        "http://127.0.0.1:1",
        "http://127.8.8.8",
        "http://localhost",
        "http://[::1]:1",
    ] {
        assert!(Target::new(url, Allowed::default()).is_ok(), "{url}");
    }
    let https = Target::new("https://mx.example.com", Allowed::default());
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
        assert!(Target::new(url, Allowed::default()).is_err(), "{url}");
    }
    // Reports would show them.
    for url in [
        "http://id:top-secret@localhost",
        "http://localhost/?key=top-secret",
    ] {
        let error = Target::new(url, Allowed::default()).unwrap_err();
        assert!(
            error.contains("environment") && !error.contains("top-secret"),
            "{error}"
        );
    }
}
