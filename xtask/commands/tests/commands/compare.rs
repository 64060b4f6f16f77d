//! `drift OLD NEW`: files and revisions.

use std::fs;

use crate::support::*;

#[test]
fn two_files_are_compared_outside_any_repository() {
    let dir = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| xtask(dir.path(), &[&["drift"], arguments].concat());
    let nexus = ours("nexus");
    fs::write(dir.path().join("a.yaml"), &nexus).unwrap();
    fs::write(
        dir.path().join("b.yaml"),
        nexus.replace("operationId: generate", "operationId: create"),
    )
    .unwrap();
    fs::write(
        dir.path().join("c.yaml"),
        nexus.replace("Generate OAuth", "Get OAuth"),
    )
    .unwrap();
    fs::write(dir.path().join("page.md"), page(OAUTH, &nexus)).unwrap();

    let same = run(&["a.yaml", "a.yaml"]);
    assert_exit(&same, 0);
    assert_eq!(out(&same), "no changes from a.yaml to a.yaml\n");
    // A saved page is as good as the file in it.
    assert_exit(&run(&["a.yaml", "page.md"]), 0);

    let renamed = run(&["a.yaml", "b.yaml"]);
    assert_exit(&renamed, 1);
    insta::assert_snapshot!("renamed", out(&renamed));
    assert_exit(&run(&["a.yaml", "b.yaml", "--fail-on", "breaking"]), 1);

    let reworded = run(&["a.yaml", "c.yaml"]);
    assert_exit(&reworded, 1);
    assert!(
        out(&reworded).starts_with("documentation: "),
        "{}",
        out(&reworded)
    );
    assert_exit(&run(&["a.yaml", "c.yaml", "--fail-on", "breaking"]), 0);
    assert_exit(&run(&["a.yaml", "c.yaml", "--fail-on", "any"]), 1);

    let json = run(&["a.yaml", "b.yaml", "--format", "json"]);
    assert_exit(&json, 1);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(
        (&json["version"], &json["verdict"], &json["semver"]),
        (&1.into(), &"breaking".into(), &"major".into())
    );
    assert_eq!(
        (&json["changes"][0]["wire"], &json["changes"][0]["rust"]),
        (&false.into(), &true.into())
    );
    let markdown = run(&["a.yaml", "b.yaml", "--format", "markdown"]);
    assert!(
        out(&markdown).starts_with("### breaking: 1 change from a.yaml to b.yaml; semver: major\n")
    );
}

#[test]
fn what_cannot_be_compared_is_exit_2() {
    let dir = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| xtask(dir.path(), &[&["drift"], arguments].concat());
    fs::write(dir.path().join("a.yaml"), ours("nexus")).unwrap();
    fs::write(dir.path().join("broken.yaml"), "a: [1,\n").unwrap();
    fs::write(dir.path().join("other.yaml"), "a: 1\n").unwrap();
    for (arguments, expected) in [
        (
            &["a.yaml", "missing.yaml"][..],
            "missing.yaml: cannot be read",
        ),
        (
            &["broken.yaml", "a.yaml"],
            "broken.yaml:2:1: not valid YAML",
        ),
        (
            &["a.yaml", "other.yaml"],
            "other.yaml: not an OpenAPI document",
        ),
        (&["a.yaml"], "required"),
        (&["a.yaml", "git:nowhere"], "git:nowhere: "),
        (
            &["git:HEAD", "git:HEAD"],
            "git:HEAD: of which file? Give --api, or git:HEAD:PATH",
        ),
        (
            &["a.yaml", "http://127.0.0.1:1/spec.yaml"],
            "http://127.0.0.1:1/spec.yaml: ",
        ),
        (&["a.yaml", "a.yaml", "--format", "xml"], "xml"),
    ] {
        let output = run(arguments);
        assert_exit(&output, 2);
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(err.contains(expected), "{arguments:?}: {err}");
        assert!(
            output.stdout.is_empty(),
            "{arguments:?}: errors go to stderr"
        );
    }
}

#[test]
fn revisions_are_compared_with_files_and_with_each_other() {
    let copy = Copy::new();
    copy.commit();
    let changed = ours("nexus").replace("required: false", "required: true");
    copy.write("specs/nexus/openapi.yaml", &changed);
    let file = "specs/nexus/openapi.yaml";
    for arguments in [
        &["drift", "git:HEAD", file][..],
        &["drift", "git:HEAD:specs/nexus/openapi.yaml", file],
        &["drift", "git:HEAD", file, "--api", "nexus"],
    ] {
        let output = copy.run(arguments);
        assert_exit(&output, 1);
        assert!(
            out(&output).contains("query parameter `client_redirect_url`: is now required"),
            "{}",
            out(&output)
        );
    }
    assert_exit(
        &copy.run(&["drift", "git:HEAD", "git:HEAD", "--api", "platform"]),
        0,
    );
    // From a folder inside the repository too.
    let inside = xtask(
        &copy.path("specs/nexus"),
        &["drift", "git:HEAD", "openapi.yaml"],
    );
    assert_exit(&inside, 1);
    // A revision is no place for options of git.
    assert_exit(&copy.run(&["drift", "git:--output=x", file]), 2);
}

#[test]
fn accepted_changes_count_no_more_until_they_are_gone() {
    let copy = Copy::new();
    let old = copy.path("old.yaml");
    fs::write(&old, ours("nexus")).unwrap();
    copy.write(
        "new.yaml",
        &ours("nexus").replace("operationId: generate", "operationId: create"),
    );
    let arguments = ["drift", "old.yaml", "new.yaml", "--api", "nexus"];
    let accept = |message: &str| {
        format!(
            "[[accept]]\npointer = \"/paths/~1members~1{{member_guid}}~1oauth_window_uri/get/operationId\"\n\
             message = \"{message}\"\nreason = \"a better name\"\ndate = 2026-11-22\n"
        )
    };
    let report = copy.run(&arguments);
    assert_exit(&report, 1);
    assert!(
        out(&report).contains("operationId renamed"),
        "{}",
        out(&report)
    );
    let report = out(&report);
    let line = report
        .lines()
        .find(|line| line.contains("operationId renamed"))
        .unwrap();
    let message = line.trim().split("  [").next().unwrap();
    copy.write("specs/nexus/drift.toml", &accept(message));
    let accepted = copy.run(&arguments);
    assert_exit(&accepted, 0);
    assert!(
        out(&accepted).contains("because: a better name"),
        "{}",
        out(&accepted)
    );

    copy.write("new.yaml", &ours("nexus"));
    let stale = copy.run(&arguments);
    assert_exit(&stale, 1);
    let err = String::from_utf8_lossy(&stale.stderr).into_owned();
    assert!(
        err.contains("specs/nexus/drift.toml: no longer occurs, delete it: "),
        "{err}"
    );

    for (text, problem) in [
        (
            accept("x").replace("reason = \"a better name\"\n", ""),
            "missing field `reason`",
        ),
        (
            accept("x").replace("date = 2026-11-22\n", ""),
            "missing field `date`",
        ),
        (
            accept("x").replace("a better name", " "),
            "accepted without a reason",
        ),
        (
            accept("x").replace("reason", "because"),
            "unknown field `because`",
        ),
    ] {
        copy.write("specs/nexus/drift.toml", &text);
        let output = copy.run(&arguments);
        assert_exit(&output, 2);
        assert!(
            String::from_utf8_lossy(&output.stderr).contains(problem),
            "{}",
            shown(&output)
        );
    }
}
