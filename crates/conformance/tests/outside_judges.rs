//! Tools written by others judge our mock server, and our suite judges a mock server written by others. What they find
//! is explained in `docs/judges.md`.

#[path = "support/judges.rs"]
mod judges;
mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use conformance::cases;
use conformance::run::target::{Allowed, Target};
use judges::{Process, root, tool};

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

/// Whether schemathesis is content with a server, and what it tells; `None`: it is not installed.
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
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let tested = format!("Tested: {}\n", support::api(api).contract.operations.len());
    assert!(
        matches!(output.status.code(), Some(0 | 1)) && told.contains(&tested),
        "it judged nothing:\n{told}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some((output.status.success(), told))
}

fn nothing_unexplained(api: &str, credentials: &str) {
    let server = Process::mock(&["--api", api, "--credentials", credentials]);
    for (name, spec) in specs(api) {
        let Some((content, told)) = judged_by_schemathesis(api, &server, &spec) else {
            return;
        };
        assert!(content, "{api}, as {name}:\n{told}");
    }
}

#[test]
fn schemathesis_finds_nothing_unexplained_in_the_platform_mock() {
    nothing_unexplained("platform", "judge:not-a-secret");
}

#[test]
fn schemathesis_finds_nothing_unexplained_in_the_nexus_mock() {
    nothing_unexplained("nexus", "not-a-secret");
}

#[test]
fn schemathesis_finds_what_is_wrong() {
    // Credentials of the right form will do for this server.
    let server = Process::mock(&["--api", "nexus"]);
    let [(_, published), _] = specs("nexus");
    if let Some((content, told)) = judged_by_schemathesis("nexus", &server, &published) {
        assert!(!content && told.contains("accepts invalid auth"), "{told}");
    }
}

#[tokio::test]
async fn what_is_found_in_prism_is_this() {
    let (Some(node), Some(prism)) = (
        tool("node"),
        tool("node_modules/@stoplight/prism-cli/dist/index.js"),
    ) else {
        return;
    };
    let allowed = Allowed {
        writes: true,
        ..Allowed::default()
    };
    let mut found = String::new();
    for api in APIS {
        for (name, spec) in specs(api) {
            let server = Process::on_free_port(|port| {
                let mut command = Command::new(&node);
                command.arg(&prism).args(["mock", "--port"]);
                command.arg(port.to_string()).arg(spec);
                command
            });
            let target = Target::new(&server.url, allowed).unwrap();
            let api = support::api(api);
            let verdicts = target.run(&api, &cases::all(&api.contract)).await.unwrap();
            found.push_str(&format!(
                "{}, as {name}: {} cases\n",
                api.name,
                verdicts.len()
            ));
            for verdict in &verdicts {
                let faults = verdict.faults.iter().map(|text| ("fault", text));
                let findings = verdict.findings.iter().map(|text| ("finding", text));
                for (kind, text) in faults.chain(findings) {
                    found.push_str(&format!("  {kind}: {}: {text}\n", verdict.case));
                }
            }
        }
    }
    insta::assert_snapshot!(found);
}
