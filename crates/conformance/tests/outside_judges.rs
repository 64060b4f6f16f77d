//! Tools of others judge our mock server, and our suite judges a mock server of others. `docs/judges.md` explains what
//! they find.

#[path = "suite/support/judges.rs"]
mod judges;
#[path = "suite/support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use client_core::Credentials;
use conformance::check::Verdict;
use conformance::report::Section;
use conformance::run::target::{Allowed, TargetServer};
use conformance::{apis, cases};
use futures_util::future::join_all;
use judges::{Process, root, tool};
use serde_json::{Value, json};

const APIS: [&str; 2] = ["platform", "nexus"];

/// The spec as published, and with the corrections of its overlay.
fn specs(api: &str) -> [(&'static str, PathBuf); 2] {
    let generated = format!("crates/{api}-client/src/generated/openapi.json");
    [
        (
            "published",
            root().join("specs").join(api).join("openapi.yaml"),
        ),
        ("corrected", root().join(generated)),
    ]
}

/// Whether schemathesis finds nothing wrong with a server, and its output; `None` if it is not installed.
fn judged_by_schemathesis(api: &str, server: &Process, spec: &Path) -> Option<(bool, String)> {
    let schemathesis = tool("python/bin/schemathesis")?;
    let judge = root().join("tests/judges");
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(schemathesis)
        .current_dir(&folder)
        .env("PYTHONPATH", &judge)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env_remove("SCHEMATHESIS_HOOKS")
        .arg("--config-file")
        .arg(judge.join("schemathesis.toml"))
        .arg("run")
        .arg(spec)
        .args(["--url", &server.url])
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let tested = format!("Tested: {}\n", support::api(api).contract.operations.len());
    assert!(
        matches!(output.status.code(), Some(0 | 1)) && printed.contains(&tested),
        "it judged nothing:\n{printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some((output.status.success(), printed))
}

fn nothing_unexplained(api: &str, credentials: &str) {
    let server = Process::mock(&["--api", api, "--credentials", credentials]);
    for (name, spec) in specs(api) {
        let Some((content, output)) = judged_by_schemathesis(api, &server, &spec) else {
            return;
        };
        assert!(content, "{api}, as {name}:\n{output}");
    }
}

#[test]
#[ignore = "other programs take a minute; `cargo xtask ci` runs it"]
fn schemathesis_finds_nothing_unexplained_in_the_platform_mock() {
    nothing_unexplained("platform", "judge:not-a-secret");
}

#[test]
#[ignore = "other programs take a minute; `cargo xtask ci` runs it"]
fn schemathesis_finds_nothing_unexplained_in_the_nexus_mock() {
    nothing_unexplained("nexus", "not-a-secret");
}

#[test]
#[ignore = "other programs take a minute; `cargo xtask ci` runs it"]
fn schemathesis_finds_what_is_wrong() {
    // This server accepts any credentials of the right form.
    let server = Process::mock(&["--api", "nexus"]);
    let [(_, published), _] = specs("nexus");
    if let Some((content, output)) = judged_by_schemathesis("nexus", &server, &published) {
        assert!(
            !content && output.contains("accepts invalid auth"),
            "{output}"
        );
    }
}

/// What the suite finds on a server.
async fn found(api: &str, url: &str) -> (Section, String) {
    let allowed = Allowed {
        writes: true,
        ..Allowed::default()
    };
    let target = TargetServer::new(url, allowed).unwrap();
    let api = support::api(api);
    let api = apis::with_keys(api, Credentials::new("judge", "not-a-secret"));
    let results = target.run(&api, &cases::all(&api.contract)).await.unwrap();
    let section = Section::new(&api, Some(url), &results);
    let mut found = String::new();
    for case in &section.cases {
        let failures = case.failures.iter().map(|text| ("failure", text));
        let warnings = case.warnings.iter().map(|text| ("warning", text));
        for (kind, text) in failures.chain(warnings) {
            found.push_str(&format!("  {kind}: {}: {text}\n", case.case));
        }
        if let Some(reason) = &case.reason {
            found.push_str(&format!("  not judged: {}: {reason}\n", case.case));
        }
    }
    (section, found)
}

/// Prism with a spec; `None` if it is not installed.
fn prism(spec: &Path) -> Option<Command> {
    let mut command = Command::new(tool("node")?);
    command.arg(tool("node_modules/@stoplight/prism-cli/dist/index.js")?);
    command.args(["mock", "--port", "0"]).arg(spec);
    Some(command)
}

#[tokio::test]
#[ignore = "other programs take a minute; `cargo xtask ci` runs it"]
async fn what_is_found_in_prism_is_this() {
    let runs = APIS.into_iter().flat_map(|api| {
        specs(api).into_iter().filter_map(move |(name, spec)| {
            let command = prism(&spec)?;
            Some(async move {
                let server = started(command, "Prism is listening on ").await;
                let (section, found) = found(api, &server.url).await;
                assert!(section.passed(), "{api}, as {name}:\n{found}");
                format!("{api}, as {name}: {} cases\n{found}", section.cases.len())
            })
        })
    });
    let found = join_all(runs).await;
    if !found.is_empty() {
        insta::assert_snapshot!(found.concat());
    }
}

/// Starts a server; it takes a second or two, in which others can start.
async fn started(command: Command, words: &'static str) -> Process {
    let started = tokio::task::spawn_blocking(move || Process::start(command, words));
    started.await.unwrap()
}

/// A server of `tests/judges/servers`; `None` if what it needs is not installed.
fn server(name: &str, arguments: &[&str]) -> Option<Command> {
    let program = match name.ends_with(".py") {
        true => tool("python/bin/python")?,
        false => tool("node")?,
    };
    let folder = root().join("tests/judges/servers");
    let mut command = Command::new(program);
    command.arg(folder.join(name)).args(arguments);
    command
        .current_dir(folder)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    Some(command)
}

#[tokio::test]
#[ignore = "other programs take a minute; `cargo xtask ci` runs it"]
async fn correct_servers_of_others_pass() {
    let spec = root().join("specs/platform/openapi.yaml");
    let spec = spec.to_str().unwrap();
    let servers = [
        ("FastAPI", server("fastapi_server.py", &[])),
        ("connexion", server("connexion_server.py", &[spec])),
        ("openapi-backend", server("openapi-backend.mjs", &[spec])),
        ("Express", server("express.mjs", &[])),
    ];
    let runs = servers.into_iter().filter_map(|(name, command)| {
        let command = command?;
        Some(async move {
            let server = started(command, "listens on ").await;
            let (section, found) = found("platform", &server.url).await;
            assert!(section.passed(), "{name}:\n{found}");
            format!("{name}: {} cases\n{found}", section.cases.len())
        })
    });
    let found = join_all(runs).await;
    if !found.is_empty() {
        insta::assert_snapshot!(found.concat());
    }
}

/// What a program of others that contradicts the spec is called, and how it is started; `None` if it is not installed.
type Faulty = (String, Option<Command>, &'static str);

/// Programs that are made to contradict the spec.
fn faulty_programs() -> Vec<Faulty> {
    let spec = root().join("specs/platform/openapi.yaml");
    let spec = spec.to_str().unwrap();
    let of = |name: &str, file: &str, before: &[&str], faults: &[&str]| -> Vec<Faulty> {
        let each = faults.iter().map(|fault| {
            let arguments = [before, &[fault]].concat();
            (
                format!("{name}, {fault}"),
                server(file, &arguments),
                "listens on ",
            )
        });
        each.collect()
    };
    let programs = [
        of(
            "FastAPI",
            "fastapi_server.py",
            &[],
            &["types", "unwrapped", "created", "text", "open"],
        ),
        of("connexion", "connexion_server.py", &[spec], &["types"]),
        of(
            "openapi-backend",
            "openapi-backend.mjs",
            &[spec],
            &["unwrapped"],
        ),
        of("Express", "express.mjs", &[], &["created", "method"]),
    ];
    programs.into_iter().flatten().collect()
}

/// Prism with specs that are not the published one any more.
fn faulty_prisms(folder: &Path) -> Vec<Faulty> {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 3] = [
        ("types", |operation| {
            let content = &mut operation["responses"]["200"]["content"]["application/json"];
            content["schema"] = json!({ "type": "object" });
            content["example"] = json!({ "member": { "guid": 1, "oauth_window_uri": true } });
        }),
        ("created", |operation| {
            let success = operation["responses"]["200"].take();
            operation["responses"] = json!({ "201": success });
        }),
        ("open", |operation| {
            operation["security"] = json!([]);
        }),
    ];
    let faulty = changes.into_iter().map(|(name, change)| {
        let mut document: Value = serde_json::from_str(platform_client::OPENAPI).unwrap();
        for path in document["paths"].as_object_mut().unwrap().values_mut() {
            change(&mut path["get"]);
        }
        let spec = folder.join(format!("{name}.json"));
        std::fs::write(&spec, document.to_string()).unwrap();
        (
            format!("Prism, {name}"),
            prism(&spec),
            "Prism is listening on ",
        )
    });
    faulty.collect()
}

#[tokio::test]
#[ignore = "other programs take a minute; `cargo xtask ci` runs it"]
async fn faulty_servers_of_others_fail() {
    let folder = tempfile::tempdir().unwrap();
    let servers = faulty_programs()
        .into_iter()
        .chain(faulty_prisms(folder.path()));
    let runs = servers.filter_map(|(name, command, words)| {
        let command = command?;
        Some(async move {
            let server = started(command, words).await;
            let (section, found) = found("platform", &server.url).await;
            let mut failed = section.cases.iter();
            let is_named = failed.any(|case| {
                case.verdict == Verdict::Fail && case.operation == "requestOAuthWindowURI"
            });
            assert!(is_named && !section.passed(), "{name}:\n{found}");
            let failures = found.lines().filter(|line| line.starts_with("  failure"));
            let failures: Vec<&str> = failures.take(2).collect();
            format!("{name}:\n{}\n", failures.join("\n"))
        })
    });
    let found = join_all(runs).await;
    if !found.is_empty() {
        insta::assert_snapshot!(found.concat());
    }
}

/// What MX's own SDK says of our mock server of a spec; `None` if it is not installed.
fn called_by_the_sdk(server: &Process, spec: &Path) -> Option<String> {
    let node = tool("node")?;
    tool("node_modules/mx-platform-node")?;
    let output = Command::new(node)
        .arg(root().join("tests/judges/mx-sdk.mjs"))
        .arg(&server.url)
        .arg(spec)
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{printed}{errors}");
    Some(printed)
}

#[test]
#[ignore = "other programs take a minute; `cargo xtask ci` runs it"]
fn the_sdk_of_mx_calls_the_mock() {
    let server = Process::mock(&["--api", "platform", "--credentials", "judge:not-a-secret"]);
    let [_, (_, spec)] = specs("platform");
    if let Some(said) = called_by_the_sdk(&server, &spec) {
        assert_eq!(said, "1 operations called, 0 failed\n");
    }
}

/// Every operation of a full Platform spec, which `MX_FULL_SPEC` names, as JSON.
#[test]
#[ignore = "other programs take a minute; `cargo xtask ci` runs it"]
fn the_sdk_of_mx_calls_every_operation() {
    let Some(spec) = std::env::var_os("MX_FULL_SPEC").map(PathBuf::from) else {
        return;
    };
    let server = Process::mock(&["--spec", spec.to_str().unwrap()]);
    if let Some(said) = called_by_the_sdk(&server, &spec) {
        println!("{said}");
        assert!(said.ends_with(" 0 failed\n"), "{said}");
    }
}
