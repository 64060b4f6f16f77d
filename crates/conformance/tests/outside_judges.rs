//! Tools of others judge our mock server, and our suite judges a mock server of others. `docs/judges.md` explains what
//! they find.

#[path = "support/judges.rs"]
mod judges;
mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use conformance::cases;
use conformance::run::target::{Allowed, TargetServer};
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
fn schemathesis_finds_nothing_unexplained_in_the_platform_mock() {
    nothing_unexplained("platform", "judge:not-a-secret");
}

#[test]
fn schemathesis_finds_nothing_unexplained_in_the_nexus_mock() {
    nothing_unexplained("nexus", "not-a-secret");
}

#[test]
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
            let mut command = Command::new(&node);
            command.arg(&prism).args(["mock", "--port", "0"]).arg(spec);
            let server = Process::start(command, "Prism is listening on ");
            let target = TargetServer::new(&server.url, allowed).unwrap();
            let api = support::api(api);
            let results = target.run(&api, &cases::all(&api.contract)).await.unwrap();
            found.push_str(&format!(
                "{}, as {name}: {} cases\n",
                api.name,
                results.len()
            ));
            for result in &results {
                let failures = result.failures.iter().map(|text| ("failure", text));
                let warnings = result
                    .warnings
                    .iter()
                    .map(|text| ("warning", &text.message));
                for (kind, text) in failures.chain(warnings) {
                    found.push_str(&format!("  {kind}: {}: {text}\n", result.case));
                }
            }
        }
    }
    insta::assert_snapshot!(found);
}
