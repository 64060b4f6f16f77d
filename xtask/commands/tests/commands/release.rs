//! `release`: the steps that drift and cargo-semver-checks propose, the changelog, and what is written.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};

use crate::support::*;

const CHANGELOG: &str =
    "# Changelog\n\n## unreleased\n\n- something new\n\n## 0.1.0, 2026-01-01\n\n- the first\n";

/// A cargo that knows two crates, and finds the public items changed as far as the file `step-CRATE` says.
const CARGO: &str = r#"#!/bin/sh
cd "$(dirname "$0")"
case "$1" in
  metadata) sed "s|ROOT|$PWD|g" metadata.json ;;
  package)
    mkdir -p built/package
    echo x > built/package/mx-client-core-0.1.0.crate
    echo x > built/package/nexus-client-0.1.0.crate ;;
  semver-checks)
    [ "$2" = --version ] && exit 0
    [ "$6" = v0.1.0 ] || exit 101
    case "$(cat "step-$3")$8" in patch*|minorminor) exit 0 ;; *) exit 100 ;; esac ;;
  update | xtask) ;;
  *) exit 101 ;;
esac
"#;

const METADATA: &str = r#"{
  "target_directory": "ROOT/built",
  "packages": [
    {"name": "nexus-client", "version": "0.1.0", "publish": null, "manifest_path": "ROOT/crates/nexus-client/Cargo.toml"},
    {"name": "xtask", "version": "0.1.0", "publish": [], "manifest_path": "ROOT/xtask/Cargo.toml"},
    {"name": "mx-client-core", "version": "0.1.0", "publish": null, "manifest_path": "ROOT/crates/client-core/Cargo.toml"}
  ]
}"#;

/// A repository, with that cargo.
fn repository(core: &str, client: &str) -> Copy {
    let copy = Copy::new();
    copy.write("CHANGELOG.md", CHANGELOG);
    copy.write(".gitignore", "/built\n");
    fs::create_dir_all(copy.path("crates/client-core")).unwrap();
    copy.write("crates/client-core/Cargo.toml", "");
    copy.write("metadata.json", METADATA);
    copy.write("step-mx-client-core", core);
    copy.write("step-nexus-client", client);
    copy.write("cargo", CARGO);
    fs::set_permissions(copy.path("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    copy.commit();
    copy
}

fn git(copy: &Copy, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    let output = git
        .args(arguments)
        .current_dir(copy.path("."))
        .output()
        .unwrap();
    assert!(output.status.success());
    out(&output)
}

fn release(copy: &Copy, arguments: &[&str]) -> Output {
    let mut command = command(&copy.path("."), &[&["release"], arguments].concat());
    command.env("CARGO", copy.path("cargo")).output().unwrap()
}

#[test]
fn the_first_release_is_the_version_that_is_written() {
    let copy = repository("patch", "patch");
    let output = release(&copy, &["--dry-run"]);
    assert_exit(&output, 0);
    let shown = out(&output);
    assert!(shown.contains("This is the first release"), "{shown}");
    assert!(shown.contains("tag        v0.1.0\n"), "{shown}");
    assert!(
        shown.contains("  nexus-client-0.1.0.crate, 1 KiB\n"),
        "{shown}"
    );
    assert_eq!(
        git(&copy, &["status", "--porcelain"]),
        "",
        "a dry run writes nothing"
    );
}

#[test]
fn the_larger_step_wins() {
    let cases = [
        (
            "patch",
            "minor",
            true,
            ["- patch", "major minor", "major"],
            "0.2.0",
        ),
        (
            "major",
            "patch",
            false,
            ["- major", "none patch", "major"],
            "0.2.0",
        ),
        (
            "patch",
            "minor",
            false,
            ["- patch", "none minor", "minor"],
            "0.1.1",
        ),
    ];
    for (core, client, is_breaking, steps, version) in cases {
        let copy = repository(core, client);
        git(&copy, &["tag", "v0.1.0"]);
        if is_breaking {
            copy.edit(
                "specs/nexus/openapi.yaml",
                "client_redirect_url",
                "redirect_address",
            );
            copy.commit();
        }
        let output = release(&copy, &["--dry-run"]);
        assert_exit(&output, 0);
        let shown = out(&output);
        let rows: Vec<String> = shown
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(
            rows[..4],
            [
                "since v0.1.0 drift cargo-semver-checks".to_owned(),
                format!("mx-client-core {}", steps[0]),
                format!("nexus-client {}", steps[1]),
                format!("the larger step {}", steps[2]),
            ]
        );
        assert!(
            shown.contains(&format!("tag        v{version}\n")),
            "{shown}"
        );
    }
}

#[test]
fn version_and_changelog_are_written() {
    let copy = repository("minor", "patch");
    git(&copy, &["tag", "v0.1.0"]);
    assert_exit(&release(&copy, &[]), 0);
    assert!(copy.read("Cargo.toml").contains("version = \"0.1.1\"\n"));
    let changelog = copy.read("CHANGELOG.md");
    assert!(
        changelog.starts_with("# Changelog\n\n## 0.1.1, 20"),
        "{changelog}"
    );
    assert!(
        changelog.ends_with(CHANGELOG.split_once("unreleased").unwrap().1),
        "{changelog}"
    );
    // What is written has to be committed before anything else is released.
    let again = release(&copy, &[]);
    assert_exit(&again, 2);
    assert!(words(&again).contains("not committed"), "{}", words(&again));
}

#[test]
fn a_changelog_without_news_stops_a_release() {
    let copy = repository("patch", "patch");
    copy.edit("CHANGELOG.md", "## unreleased\n\n- something new\n\n", "");
    let output = release(&copy, &["--dry-run"]);
    assert_exit(&output, 2);
    assert!(
        words(&output).contains("add `## unreleased`"),
        "{}",
        words(&output)
    );
}
