//! What the clients of both specs send and answer, as it was on the wire, without secrets.

use conformance::report::{Case, Section};
use conformance::run::clients::{self as runner, Verdict};
use conformance::{api::Api, cases};

#[tokio::test]
async fn requests_look_like_this() {
    let text = shown(
        |case| case.name.starts_with("request") && !case.name.ends_with("longest"),
        |case| match &case.request {
            Some(request) => request.clone(),
            None => "[refused before anything is sent]\n".to_owned(),
        },
    );
    insta::assert_snapshot!(text.await);
}

#[tokio::test]
async fn responses_look_like_this() {
    let text = shown(
        |case| case.name.starts_with("response 200:"),
        |case| case.response.clone().expect("a response"),
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
async fn shown(chosen: impl Fn(&cases::Case) -> bool, show: impl Fn(&Case) -> String) -> String {
    let mut text = String::new();
    for api in Api::all().unwrap() {
        let mut cases = cases::all(&api.contract);
        cases.retain(&chosen);
        let verdicts = runner::run(&api, &cases, &|| {}).await.unwrap();
        for case in Section::new(&api, None, &verdicts).cases {
            let head = format!("{}, {}", case.operation, case.case);
            text.push_str(&format!("=== {head}\n{}", show(&case)));
            for fault in &case.faults {
                text.push_str(&format!("!!! {fault}\n"));
            }
            text.push('\n');
        }
    }
    text
}
