//! What the clients of both specs send and answer, as it was on the wire, without secrets.

use conformance::check::CaseResult;
use conformance::report::{CaseReport, Section};
use conformance::run::clients;
use conformance::{apis, cases};

use crate::support;

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
    for api in apis::all().unwrap() {
        let cases = cases::all(&api.contract);
        let results = clients::run(&api, &cases, &|_| true).await.unwrap();
        assert_eq!(results.len(), cases.len());
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
        let failed: Vec<&CaseResult> = results.iter().filter(|result| !result.passed()).collect();
        assert!(failed.is_empty(), "{failed:#?}");
    }
}

/// The results of the chosen cases of both APIs, each below its name.
async fn shown(
    chosen: impl Fn(&cases::Case) -> bool,
    show: impl Fn(&CaseReport) -> String,
) -> String {
    let mut text = String::new();
    for api in support::OURS.map(support::api) {
        let mut cases = cases::all(&api.contract);
        cases.retain(&chosen);
        let results = clients::run(&api, &cases, &|_| true).await.unwrap();
        for case in Section::new(&api, None, &results).cases {
            let head = format!("{}, {}", case.operation, case.case);
            text.push_str(&format!("=== {head}\n{}", show(&case)));
            for failure in &case.failures {
                text.push_str(&format!("!!! {failure}\n"));
            }
            text.push('\n');
        }
    }
    text
}
