//! Readers that leave, as `head` does: the command ends quietly, with the exit code that it would have had.

use std::io::pipe;

use crate::support::*;

#[test]
fn a_reader_that_has_left_is_no_error() {
    let copy = Copy::new();
    let changed = ours("nexus").replace("operationId: generate", "operationId: create");
    copy.write("old.yaml", &ours("nexus"));
    copy.write("new.yaml", &changed);
    copy.write("page.md", &page(OAUTH, &changed));
    copy.edit(
        "specs/platform/openapi.yaml",
        "operationId: requestOAuthWindowURI",
        "operationId: openOAuthWindow",
    );
    let drift = ["drift", "old.yaml", "new.yaml", "--format"];
    for (arguments, code) in [
        ([&drift[..], &["text"]].concat(), 1),
        ([&drift[..], &["markdown"]].concat(), 1),
        ([&drift[..], &["json"]].concat(), 1),
        (vec!["regen", "--check"], 1),
        (vec!["import", "--api", "nexus", "--check", "page.md"], 1),
        (vec!["import", "--api", "nexus", "page.md"], 0),
        (vec!["regen"], 0),
        (vec!["regen", "--help"], 0),
    ] {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let mut command = command(&copy.path(""), &arguments);
        let output = command.stdout(writer).output().unwrap();
        assert_exit(&output, code);
        assert_eq!(words(&output), "", "{arguments:?}");
    }
    assert_eq!(
        copy.read("specs/nexus/openapi.yaml"),
        changed,
        "the work is done all the same"
    );
    assert_exit(&copy.run(&["regen", "--check"]), 0);

    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let mut errors = command(&copy.path(""), &["drift", "old.yaml", "no-such.yaml"]);
    let status = errors.stderr(writer).status().unwrap();
    assert_eq!(status.code(), Some(2));
}

/// What cannot be written for another reason is an error.
#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_exit_2() {
    let copy = Copy::new();
    copy.write("a.yaml", &ours("nexus"));
    let full = std::fs::File::options().write(true).open("/dev/full");
    let mut command = command(&copy.path(""), &["drift", "a.yaml", "a.yaml"]);
    let output = command.stdout(full.unwrap()).output().unwrap();
    assert_exit(&output, 2);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("cannot write the output"), "{error}");
}
