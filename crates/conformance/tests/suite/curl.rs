//! A `curl` line is one command with the arguments that are meant, whatever a spec calls its headers, paths and values.

#![cfg(unix)]

use std::fs;
use std::process::Command;

use conformance::cases;
use conformance::contract::{self, Contract, Requirement, Scheme};
use conformance::report::curl;
use conformance::wire::Request;
use proptest::prelude::*;
use serde_json::json;

/// A `curl` that prints its arguments, each with a byte after it that no argument has. A function of the shell: a script
/// cannot run while a process that another test starts has it open.
const CURL: &str = "curl() { printf '%s\\001' \"$@\"; }";

/// What a shell gives to `curl` when it runs the line.
fn arguments(line: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let output = Command::new("/bin/sh")
        .args(["-c", &format!("{CURL}\n{line}")])
        .current_dir(folder)
        .env_clear()
        .env("PATH", folder)
        .envs([
            ("MX_CLIENT_ID", "an id"),
            ("MX_API_KEY", "k$(e)y"),
            ("MX_TOKEN", "to'ken"),
        ])
        .env("MX_SESSION_TOKEN", "a \"session\" `touch x`")
        .output()
        .unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{line}: {output:?}"
    );
    let left = fs::read_dir(folder).unwrap().count();
    assert_eq!(left, 0, "{line} wrote a file");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut arguments: Vec<String> = text.split('\u{1}').map(str::to_owned).collect();
    assert_eq!(arguments.pop().as_deref(), Some(""));
    arguments
}

/// The contract of one operation whose path, header and credentials have these names.
fn contract(security: Option<Scheme>) -> Contract {
    let mut contract = contract::read(json!({
        "info": { "title": "Things" },
        "paths": { "/things": { "post": { "operationId": "things", "responses": {} } } },
    }));
    let requirement = security.map(|scheme| Requirement {
        schemes: vec![scheme],
        names: vec!["scheme".to_owned()],
    });
    contract.operations[0].security = requirement.into_iter().collect();
    contract
}

#[test]
fn nothing_in_a_line_is_run() {
    let evil = "a b`touch PWNED`$(touch PWNED)$HOME'\"\\!*?~;&|<>#\nnext";
    let request = Request {
        method: format!("GET{evil}"),
        target: format!("/things?{evil}"),
        headers: vec![
            (format!("x-{evil}"), evil.to_owned()),
            ("@/etc/passwd".to_owned(), "a file".to_owned()),
            ("authorization".to_owned(), "Basic c2VjcmV0".to_owned()),
        ],
        body: evil.as_bytes().to_vec(),
    };
    let credentials = [
        (None, vec![]),
        (
            Some(Scheme::Basic),
            vec!["-u".to_owned(), "an id:k$(e)y".to_owned()],
        ),
        (
            Some(Scheme::Bearer),
            vec!["-H".to_owned(), "Authorization: Bearer to'ken".to_owned()],
        ),
        (
            Some(Scheme::Header("MD-SESSION-TOKEN".to_owned())),
            vec![
                "-H".to_owned(),
                "MD-SESSION-TOKEN: a \"session\" `touch x`".to_owned(),
            ],
        ),
        (
            Some(Scheme::Header(evil.to_owned())),
            vec!["-H".to_owned(), format!("{evil}: a \"session\" `touch x`")],
        ),
        (
            Some(Scheme::Query(evil.to_owned())),
            vec!["--url-query".to_owned(), format!("{evil}=to'ken")],
        ),
        (
            Some(Scheme::Cookie(evil.to_owned())),
            vec!["-b".to_owned(), format!("{evil}=to'ken")],
        ),
    ];
    for (security, wanted) in credentials {
        let contract = contract(security);
        let line = curl::command(&format!("http://{evil}"), &contract.operations[0], &request);
        let mut all = vec!["-i".to_owned(), "-X".to_owned(), request.method.clone()];
        all.extend(wanted);
        all.extend([
            "-H".to_owned(),
            format!("x-{evil}: {evil}"),
            "--data-raw".to_owned(),
            evil.to_owned(),
        ]);
        all.push(format!("http://{evil}/things?{evil}"));
        assert_eq!(arguments(&line), all, "{line}");
    }
}

#[test]
fn plain_calls_read_well() {
    let contract = contract(Some(Scheme::Bearer));
    let line = |method: &str, target: &str| {
        let request = Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: vec![("accept".to_owned(), "application/json".to_owned())],
            body: Vec::new(),
        };
        curl::command("http://localhost", &contract.operations[0], &request)
    };
    let rest = "-H \"Authorization: Bearer $MX_TOKEN\" -H 'accept: application/json'";
    assert_eq!(
        line("GET", "/a"),
        format!("curl -i {rest} 'http://localhost/a'")
    );
    assert_eq!(
        line("HEAD", "/a"),
        format!("curl --head {rest} 'http://localhost/a'")
    );
    assert_eq!(
        line("PUT", "/a"),
        format!("curl -i -X PUT {rest} 'http://localhost/a'")
    );
    assert_eq!(
        line("GET", "/a[1]"),
        format!("curl -i {rest} --globoff 'http://localhost/a[1]'")
    );
}

#[test]
fn a_spec_with_a_command_for_a_name_gives_a_line_that_runs_nothing() {
    let name = "X`touch${IFS}./PWNED_BY_CURL`";
    let contract = contract::read(json!({
        "info": { "title": "Things" },
        "security": [{ "token": [] }],
        "paths": { "/things/$(touch PWNED)": { "get": {
            "operationId": "things",
            "parameters": [
                { "name": "a;touch PWNED", "in": "query", "required": true, "schema": { "type": "string", "example": "$(x)" } },
                { "name": "X-`touch PWNED`", "in": "header", "required": true, "schema": { "type": "string", "default": "!!'" } },
            ],
            "responses": { "200": { "content": { "text/`touch PWNED`": {} } } },
        } } },
        "components": { "securitySchemes": { "token": { "type": "apiKey", "in": "header", "name": name } } },
    }));
    let operation = &contract.operations[0];
    let request = curl::request(operation, &cases::minimal(operation));
    let line = curl::command("http://localhost", operation, &request);
    let found = arguments(&line);
    let wanted = [
        "-i".to_owned(),
        "-H".to_owned(),
        format!("{name}: a \"session\" `touch x`"),
        "-H".to_owned(),
        "x-`touch pwned`: !!'".to_owned(),
        "-H".to_owned(),
        "accept: text/`touch PWNED`".to_owned(),
        "http://localhost/things/$(touch PWNED)?a;touch PWNED=%24%28x%29".to_owned(),
    ];
    assert_eq!(found, wanted, "{line}");
}

proptest! {
    #[test]
    fn every_argument_arrives_as_it_is(
        method in "[^\0\u{1}]{1,12}",
        name in "[^\0\u{1}@][^\0\u{1}]{0,12}",
        value in "[^\0\u{1}]{0,20}",
        target in "/[^\0\u{1}\\[\\]{}]{0,20}",
        body in "[^\0\u{1}]{1,20}",
        secret in "[^\0\u{1}]{1,12}",
    ) {
        prop_assume!(!["GET", "HEAD"].contains(&method.as_str()) && !secret.eq_ignore_ascii_case(&name));
        let contract = contract(Some(Scheme::Header(secret.clone())));
        let header = format!("X-{name}");
        let request = Request {
            method: method.clone(),
            target: target.clone(),
            headers: vec![(header.clone(), value.clone())],
            body: body.clone().into_bytes(),
        };
        let line = curl::command("http://localhost", &contract.operations[0], &request);
        let wanted = [
            "-i".to_owned(), "-X".to_owned(), method,
            "-H".to_owned(), format!("{secret}: a \"session\" `touch x`"),
            "-H".to_owned(), format!("{header}: {value}"),
            "--data-raw".to_owned(), body,
            format!("http://localhost{target}"),
        ];
        prop_assert_eq!(arguments(&line), wanted, "{}", line);
    }
}
