//! Options of a run: path overrides and a seed; and what it says of the operations that it leaves out.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

use client_core::Credentials;
use conformance::apis;
use conformance::cases::path_override::{self, PathOverride};
use conformance::cases::{self, Case};
use conformance::check::CaseResult;
use conformance::contract::{self, Contract};
use conformance::report::{Section, json, junit, terminal};
use conformance::run::clients;
use conformance::run::target::{Allowed, TargetServer};
use httpmock::MockServer as HttpMock;
use serde_json::{Value, json};

use crate::support;

fn nexus(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = support::program(folder);
    command.env("MX_SESSION_TOKEN", "any-token");
    command.args(["--api", "nexus"]).args(arguments);
    command.output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn path_parameters_take_values_that_the_target_knows() {
    let server = HttpMock::start_async().await;
    server
        .mock_async(|_, then| {
            then.status(404);
        })
        .await;
    let folder = tempfile::tempdir().unwrap();
    let (here, url) = (folder.path(), server.base_url());
    let given = [
        "--target",
        &url,
        "--report",
        "out",
        "--value",
        "member_guid=MBR-REAL",
    ];
    let output = nexus(here, &given);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let report = std::fs::read_to_string(here.join("out/report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let cases = report["apis"][0]["cases"].as_array().unwrap();
    let on_purpose = ["unicode", "reserved", "escape", "path", "number", "longest"];
    let mut seen = 0;
    for case in cases {
        let name = case["case"].as_str().unwrap();
        if name.starts_with("probe: ") {
            assert!(case["reason"].as_str().unwrap().starts_with("not probed"));
            continue;
        }
        let is_on_purpose =
            name.contains("member_guid") && on_purpose.iter().any(|purpose| name.contains(purpose));
        for key in ["request", "curl"] {
            let text = case[key].as_str().unwrap();
            assert_eq!(
                text.contains("/members/MBR-REAL/"),
                !is_on_purpose,
                "{name}: {text}"
            );
            seen += usize::from(is_on_purpose);
        }
    }
    assert!(seen > 0, "what is tried on purpose is tried");

    for (arguments, wanted) in [
        (
            &["--target", &url, "--value", "user_id=1"][..],
            "the path parameters are member_guid",
        ),
        (&["--target", &url, "--value", "member_guid"], "NAME=VALUE"),
        (&["--target", &url, "--value", "member_guid="], "NAME=VALUE"),
        (&["--value", "member_guid=MBR-1"], "--target"),
    ] {
        let output = nexus(here, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let seen = String::from_utf8(output.stderr).unwrap();
        assert!(seen.contains(wanted), "{seen}");
    }
}

#[test]
fn a_value_that_the_spec_forbids_is_refused() {
    let contract = contract(json!({ "type": "integer", "maximum": 9 }));
    let check = |text: &str| {
        let value: PathOverride = text.parse().unwrap();
        path_override::check(&[value], [&contract].into_iter())
    };
    assert_eq!(check("id=7"), Ok(()));
    for text in ["id=12", "id=seven"] {
        assert!(check(text).unwrap_err().contains("`id`"), "{text}");
    }
    let mut cases = cases::all(&contract);
    path_override::apply(&["id=7".parse().unwrap()], &contract, &mut cases);
    let minimal = cases.iter().find(|case| case.name == "request: minimal");
    assert_eq!(minimal.unwrap().given.parameters[0], (0, json!(7)));
}

/// A contract of one operation, with a schema in every place that has one.
fn contract(schema: Value) -> Contract {
    let content = json!({ "application/json": { "schema": schema } });
    let parameter = |name: &str, place: &str| json!({ "name": name, "in": place, "required": true, "schema": schema });
    contract::read(json!({
        "info": { "title": "Things" },
        "paths": { "/things/{id}": { "put": {
            "operationId": "putThing",
            "parameters": [parameter("id", "path"), parameter("query", "query")],
            "requestBody": { "required": true, "content": content },
            "responses": { "200": { "content": content } },
        } } },
    }))
}

/// Everything that a case tries.
fn inputs(cases: &[Case]) -> Vec<String> {
    let input = |case: &Case| {
        let body = String::from_utf8_lossy(&case.reply.body);
        format!("{} {} {:?} {body}", case.operation, case.name, case.given)
    };
    cases.iter().map(input).collect()
}

#[tokio::test]
async fn a_seed_gives_more_inputs_the_same_ones_each_time() {
    for name in ["platform", "nexus"] {
        let api = support::api(name);
        let plain = inputs(&cases::all(&api.contract));
        assert!(!plain.concat().contains("seed"));
        let seeded = cases::seeded(&api.contract, 7);
        assert_eq!(inputs(&seeded), inputs(&cases::seeded(&api.contract, 7)));
        let bodies = |seed| {
            let cases = cases::seeded(&api.contract, seed).into_iter();
            cases
                .map(|case| format!("{:?} {:?}", case.given, case.reply.body))
                .collect::<BTreeSet<_>>()
        };
        assert!(bodies(7).len() >= 6, "{:?}", bodies(7));
        assert!(bodies(7).intersection(&bodies(8)).count() < 4);
        let results = clients::run(&api, &seeded, &|_| true).await.unwrap();
        let failed: Vec<&CaseResult> = results.iter().filter(|result| !result.passed()).collect();
        assert!(failed.is_empty(), "{failed:#?}");
    }
}

#[test]
fn what_a_seed_makes_keeps_to_the_schema() {
    let schemas = [
        json!({ "type": "string" }),
        json!({ "type": "string", "minLength": 3, "maxLength": 5 }),
        json!({ "type": "string", "pattern": "^x+$", "example": "xx" }),
        json!({ "type": "string", "format": "date-time" }),
        json!({ "type": "string", "enum": ["A", "B"] }),
        json!({ "type": "integer", "minimum": 5, "maximum": 6 }),
        json!({ "type": "integer", "format": "int32" }),
        json!({ "type": "integer", "multipleOf": 7, "example": 14 }),
        json!({ "type": "number", "minimum": 0.5 }),
        json!({ "type": "boolean", "nullable": true }),
        json!({ "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 4 }),
        json!({ "type": "array", "items": { "type": "integer" }, "uniqueItems": true }),
        json!({ "type": "object", "required": ["a"], "properties": {
            "a": { "type": "string", "nullable": true },
            "b": { "type": "array", "items": { "type": "object", "properties": { "c": {} } } },
        } }),
        json!({ "type": "object", "additionalProperties": { "type": "number" } }),
        json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] }),
    ];
    for schema in schemas {
        let contract = contract(schema.clone());
        let operation = &contract.operations[0];
        for seed in 0..40 {
            for case in cases::seeded(&contract, seed) {
                let reply = serde_json::from_slice(&case.reply.body).unwrap();
                let given = case.given.parameters.iter().map(|(_, value)| value);
                for value in given.chain(&case.given.body).chain([&reply]) {
                    let errors = operation.responses[0].contents[0].schema.errors(value);
                    assert!(errors.is_empty(), "{schema}: {value}: {errors:?}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_run_tells_its_seed() {
    let folder = tempfile::tempdir().unwrap();
    let server = support::bad_server().await;
    let url = server.base_url();
    let output = nexus(
        folder.path(),
        &["--target", &url, "--seed", "7", "--report", "out"],
    );
    assert_eq!(output.status.code(), Some(1));
    let seen = String::from_utf8(output.stdout).unwrap();
    assert!(seen.contains("the same inputs again: --seed 7"), "{seen}");
    assert!(seen.contains("request: seed 7, input 1"), "{seen}");
    let json = std::fs::read_to_string(folder.path().join("out/report.json")).unwrap();
    assert!(json.contains(r#""seed": 7"#));
    let plain = nexus(folder.path(), &["--target", &url]);
    assert!(!String::from_utf8(plain.stdout).unwrap().contains("seed"));
}

#[tokio::test]
async fn what_is_left_out_has_a_reason() {
    let server = HttpMock::start_async().await;
    let target = TargetServer::new(&server.base_url(), Allowed::default()).unwrap();
    let path = "/users/{user_identifier}/members/{member_identifier}/oauth_window_uri";
    let bearer = |document: &mut Value| {
        document["components"]["securitySchemes"]["token"] =
            json!({ "type": "http", "scheme": "bearer" });
        document["paths"][path]["get"]["security"] = json!([{ "token": [] }]);
    };
    let write = |document: &mut Value| {
        let operation = document["paths"][path]["get"].take();
        document["paths"][path] = json!({ "post": operation });
    };
    let key = || Credentials::new("id", "key");
    let without = apis::with_keys(support::changed(bearer), key());
    let with = apis::with_keys(support::changed(bearer), key().with_bearer("token"));
    let writes = apis::with_keys(support::changed(write), key());
    for (api, reason) in [
        (
            without,
            "not sent: it needs `Authorization: Bearer` with a token, which the environment does not have",
        ),
        (writes, "not sent: it writes, which needs --include-writes"),
    ] {
        let all = cases::all(&api.contract);
        let results = target.run(&api, &all).await.unwrap();
        let [result] = results.as_slice() else {
            panic!("{results:#?}");
        };
        assert!(result.passed() && result.not_judged.as_deref() == Some(reason));
        let sections = [Section::new(&api, Some(&server.base_url()), &results)];
        let parsed: Value = serde_json::from_str(&json::report(&sections)).unwrap();
        let api = &parsed["apis"][0];
        assert_eq!(
            (&api["totals"]["not_judged"], &api["totals"]["pass"]),
            (&json!(1), &json!(0))
        );
        assert_eq!(api["coverage"]["operations"]["reached"], 0);
        let case = &api["cases"][0];
        assert_eq!(
            (&case["verdict"], &case["reason"]),
            (&json!("not_judged"), &json!(reason))
        );
        let junit = junit::report(&sections).unwrap();
        assert!(
            junit.contains(&format!("<skipped message=\"{reason}\"")),
            "{junit}"
        );
        let table = terminal::table(&sections, None);
        assert!(
            table.contains(reason)
                && table.contains("0 passed, 0 failed, 0 warnings, 1 not judged"),
            "{table}"
        );
    }
    let results = target
        .run(&with, &cases::all(&with.contract))
        .await
        .unwrap();
    let not_sent = |result: &CaseResult| {
        let reason = result.not_judged.as_deref();
        reason.is_some_and(|reason| reason.starts_with("not sent"))
    };
    assert!(!results.iter().any(not_sent));
}
