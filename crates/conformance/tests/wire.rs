//! What the clients of both specs send and answer, as it was on the wire.

use conformance::runner::{self, Verdict};
use conformance::wire::Reply;
use conformance::{api::Api, cases};

#[tokio::test]
async fn requests_look_like_this() {
    let text = shown(
        |case| case.name.starts_with("request") && !case.name.ends_with("longest"),
        |_, verdict| match &verdict.request {
            Some(request) => request.shown(),
            None => "[refused before anything is sent]\n".to_owned(),
        },
    );
    insta::assert_snapshot!(text.await);
}

#[tokio::test]
async fn responses_look_like_this() {
    let text = shown(
        |case| case.name.starts_with("response 200:"),
        |api, verdict| {
            let Reply {
                status,
                headers,
                body,
            } = &verdict.reply;
            // The examples of the specs are public; a response that is cut off shows as it is.
            match serde_json::from_slice::<serde_json::Value>(body) {
                Ok(value) => format!("{status} {headers:?}\n{value}\n"),
                Err(_) => verdict.reply.shown(&api.contract.secrets),
            }
        },
    );
    insta::assert_snapshot!(text.await);
}

#[tokio::test]
async fn every_operation_has_cases_and_all_pass() {
    for api in Api::all().unwrap() {
        let cases = cases::all(&api.contract);
        let verdicts = runner::run(&api, &cases, &|| {}).await.unwrap();
        assert_eq!(verdicts.len(), cases.len());
        for operation in api.table {
            let of = |wanted: &str| {
                let prefix = format!("{wanted}: ");
                cases
                    .iter()
                    .any(|case| case.operation == operation.id && case.name.starts_with(&prefix))
            };
            assert!(of("request"), "no request of {}", operation.id);
            assert!(of("response 200"), "no response of {}", operation.id);
        }
        let failed: Vec<&Verdict> = verdicts
            .iter()
            .filter(|verdict| !verdict.passed())
            .collect();
        assert!(failed.is_empty(), "{failed:#?}");
    }
}

/// The verdicts on the chosen cases of both APIs, each under its name.
async fn shown(
    chosen: impl Fn(&cases::Case) -> bool,
    show: impl Fn(&Api, &Verdict) -> String,
) -> String {
    let mut text = String::new();
    for api in Api::all().unwrap() {
        let mut cases = cases::all(&api.contract);
        cases.retain(&chosen);
        for verdict in runner::run(&api, &cases, &|| {}).await.unwrap() {
            let head = format!("{}, {}", verdict.operation, verdict.case);
            text.push_str(&format!("=== {head}\n{}", show(&api, &verdict)));
            for fault in &verdict.faults {
                text.push_str(&format!("!!! {fault}\n"));
            }
            text.push('\n');
        }
    }
    text
}
