//! Servers that keep to the spec pass, others are found out, and none holds the suite up.

mod support;

use std::time::Duration;

use conformance::runner::Verdict;
use conformance::target::Target;
use conformance::{MockServer, cases};
use httpmock::{HttpMockResponse, MockServer as HttpMock};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

async fn judge(api: &str, url: &str) -> Vec<Verdict> {
    let target = Target::new(url, false)
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

/// A server that answers everything alike.
async fn always(status: u16, media_type: &'static str, body: String) -> HttpMock {
    let server = HttpMock::start_async().await;
    server
        .mock_async(|_, then| {
            then.respond_with(move |_| {
                HttpMockResponse::builder()
                    .status(status)
                    .header("content-type", media_type)
                    .body(body.clone())
                    .build()
            });
        })
        .await;
    server
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
            let server = always(status, media_type, "{}".to_owned()).await;
            assert_eq!(
                faults(&judge(api, &server.base_url()).await),
                Vec::<String>::new(),
                "{status}"
            );
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
            let server = always(status, media_type, body).await;
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
        let server = always(200, media_type, good().to_string()).await;
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
        let server = always(200, media_type, more.to_string()).await;
        let verdicts = judge(api, &server.base_url()).await;
        let full = verdicts
            .iter()
            .find(|verdict| verdict.case == "request: full")
            .unwrap();
        assert_eq!(full.findings, ["a new field `/member/color`"]);
        assert!(full.passed(), "{full:?}");
        let server = always(418, media_type, "{}".to_owned()).await;
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
        let target = Target::new(&url, false)
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

#[test]
fn a_target_is_a_url() {
    for url in ["", "localhost:80", "ftp://example.com", "http://"] {
        assert!(Target::new(url, false).is_err(), "{url}");
    }
    // Reports would show them.
    for url in [
        "http://id:top-secret@localhost",
        "http://localhost/?key=top-secret",
    ] {
        let error = Target::new(url, false).unwrap_err();
        assert!(
            error.contains("environment") && !error.contains("top-secret"),
            "{error}"
        );
    }
}
