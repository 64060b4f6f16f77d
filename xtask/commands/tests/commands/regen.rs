//! `cargo xtask regen`, in copies of the repository.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Copy, Outcome};

const SPEC: &str = "specs/platform/openapi.yaml";
const CODE: &str = "crates/platform-client/src/generated";

/// Changes the Platform spec so that its client changes.
fn change_spec(copy: &Copy) {
    copy.edit(
        SPEC,
        "operationId: requestOAuthWindowURI",
        "operationId: openOAuthWindow",
    );
}

fn succeeds(outcome: &Outcome) {
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
}

/// The outcome is an error that says all of `told`, and the copy's files are as they were.
fn refused(copy: &Copy, arguments: &[&str], told: &[&str]) {
    let before = copy.files("");
    let outcome = copy.run_regen(arguments);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    for told in told {
        assert!(
            outcome.stderr.contains(told),
            "no `{told}` in:\n{}",
            outcome.stderr
        );
    }
    assert_eq!(copy.files(""), before);
}

#[test]
fn check_tells_drift_and_regen_mends_it() {
    let copy = Copy::new();
    succeeds(&copy.run_regen(&["--check"]));

    change_spec(&copy);
    let before = copy.files("");
    let check = copy.run_regen(&["--check"]);
    assert_eq!(check.code, Some(1), "{check:?}");
    assert_eq!(copy.files(""), before, "a check writes nothing");
    for told in [
        "crates/platform-client/src/generated/client.rs\n",
        "specs/platform/DEVIATIONS.md\n",
        "-    pub fn request_oauth_window_uri(",
        "+    pub fn open_oauth_window(",
        "cargo xtask regen",
    ] {
        assert!(
            check.stdout.contains(told),
            "no `{told}` in:\n{}",
            check.stdout
        );
    }
    assert!(
        !check.stdout.contains("nexus"),
        "the other client is as it should be:\n{}",
        check.stdout
    );

    let regen = copy.run_regen(&[]);
    succeeds(&regen);
    assert!(
        regen
            .stdout
            .contains("crates/platform-client/src/generated/client.rs\n"),
        "{}",
        regen.stdout
    );
    succeeds(&copy.run_regen(&["--check"]));
    assert!(
        copy.read(&format!("{CODE}/client.rs"))
            .contains("pub fn open_oauth_window(")
    );
}

#[test]
fn the_same_specs_give_the_same_bytes_anywhere() {
    let (one, other) = (Copy::new(), Copy::new());
    for copy in [&one, &other] {
        change_spec(copy);
        succeeds(&copy.run_regen(&[]));
    }
    assert_eq!(one.files(""), other.files(""));
    succeeds(&one.run_regen(&[]));
    assert_eq!(one.files(""), other.files(""));
}

#[test]
fn another_spec_goes_to_another_place() {
    let copy = Copy::new();
    let before = copy.files("");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let (spec, out) = (
        elsewhere.path().join("other.yaml"),
        elsewhere.path().join("out"),
    );
    fs::write(&spec, large_spec(2)).expect("a file");
    let spec = format!("platform={}", spec.display());
    succeeds(&copy.run_regen(&["--spec", &spec, "--out", &out.display().to_string()]));
    assert_eq!(copy.files(""), before, "the repository is as it was");
    let client = fs::read_to_string(out.join("platform/generated/client.rs")).expect("the client");
    assert!(client.contains("pub fn read_thing1("), "{client}");
    let spec = openapi::sha256(large_spec(2).as_bytes());
    assert!(
        client.contains(&format!("sha256 {spec}\n")) && !client.contains("other.yaml"),
        "the header identifies the spec, not where it lay:\n{client}"
    );
    let nexus = fs::read(out.join("nexus/generated/client.rs")).expect("the other client");
    assert_eq!(
        nexus,
        fs::read(copy.path("crates/nexus-client/src/generated/client.rs")).expect("the same")
    );
    assert!(out.join("platform/DEVIATIONS.md").exists());
}

#[test]
fn arguments_that_name_nothing_are_refused() {
    let copy = Copy::new();
    refused(
        &copy,
        &["--spec", "atrium=x.yaml"],
        &["`atrium`", "nexus, platform"],
    );
    refused(&copy, &["--spec", "platform"], &["API=FILE"]);
    refused(
        &copy,
        &["--spec", "platform=no-such.yaml"],
        &["no-such.yaml", "cannot be read", "nothing was written"],
    );
}

/// What a terminal or GitHub Actions would obey is shown as what it is, in every message about a spec.
#[test]
fn no_text_of_a_spec_comes_alive_in_a_message() {
    let copy = Copy::new();
    for (index, text) in synthetic::TEXTS.into_iter().enumerate() {
        let document = synthetic::hostile_and_refused(text);
        let document = serde_json::to_string_pretty(&document).expect("JSON");
        copy.write("hostile.json", &document);
        let mut arguments = vec!["--spec", "platform=hostile.json", "--out", "hostile"];
        if index % 2 == 1 {
            arguments.push("--skip-unsupported");
        }
        let outcome = copy.run_regen(&arguments);
        let shown = outcome.stdout + &outcome.stderr;
        assert!(shown.contains("hostile.json") || index % 2 == 1, "{shown}");
        let hidden = shown
            .chars()
            .find(|c| openapi::safe::is_unseen(*c) && *c != '\n');
        assert_eq!(hidden, None, "{shown:?}");
        let command = |line: &&str| line.trim_start().starts_with("::") || line.contains("##[");
        assert_eq!(shown.lines().find(command), None);
    }
}

#[test]
fn specs_that_are_none_are_refused() {
    let copy = Copy::new();
    let cases = [
        (
            "a: [1, 2\nb: }",
            vec!["openapi.yaml:2:", "nothing was written"],
        ),
        ("", vec!["openapi.yaml", "empty"]),
        (
            "hello: world",
            vec!["openapi.yaml:1:1", "not an OpenAPI document", "help:"],
        ),
        (
            "swagger: '2.0'\ninfo: {title: T, version: '1'}\npaths: {}",
            vec!["openapi.yaml:1:1", "Swagger 2.0"],
        ),
    ];
    for (text, told) in cases {
        copy.write(SPEC, text);
        refused(&copy, &[], &told);
        refused(&copy, &["--check"], &told);
    }
    fs::remove_file(copy.path(SPEC)).expect("the spec was there");
    refused(&copy, &[], &[SPEC, "cannot be read"]);
}

#[test]
fn findings_of_all_specs_are_told_in_one_run() {
    let copy = Copy::new();
    let name = "\n      name: client_redirect_url";
    copy.edit(
        SPEC,
        &format!("in: query{name}"),
        &format!("in: cookie{name}"),
    );
    copy.write("specs/nexus/openapi.yaml", "hello: world");
    refused(
        &copy,
        &[],
        &[
            "specs/platform/openapi.yaml:",
            "cookie",
            "specs/nexus/openapi.yaml:1:1",
        ],
    );
}

#[test]
fn a_correction_that_corrects_nothing_is_refused() {
    let copy = Copy::new();
    let mut overlay = copy.read("specs/platform/overlay.yaml");
    let line = overlay.lines().count() + 1;
    overlay.push_str("  - target: $.components.schemas.Gone\n    description: Upstream removed it.\n    remove: true\n");
    copy.write("specs/platform/overlay.yaml", &overlay);
    let place = format!("specs/platform/overlay.yaml:{line}:");
    refused(
        &copy,
        &[],
        &[
            &place,
            "$.components.schemas.Gone",
            "selects nothing",
            "nothing was written",
        ],
    );
}

#[test]
fn a_file_that_cannot_be_written_leaves_all_as_they_were() {
    // Permissions would not stop root, so a folder stands where a file must go.
    for blocked in [
        format!("{CODE}/types.rs.new"),
        "specs/platform/DEVIATIONS.md.new".to_owned(),
    ] {
        let copy = Copy::new();
        change_spec(&copy);
        copy.edit(
            "specs/nexus/openapi.yaml",
            "operationId: generateOAuthWindowUri",
            "operationId: openWindow",
        );
        fs::create_dir(copy.path(&blocked)).expect("a folder");
        refused(
            &copy,
            &[],
            &["cannot write", blocked.trim_end_matches(".new")],
        );
        assert!(!leftovers(&copy.path("crates")), "no temporary file stays");
        fs::remove_dir(copy.path(&blocked)).expect("the folder");
        succeeds(&copy.run_regen(&[]));
        succeeds(&copy.run_regen(&["--check"]));
    }
    let copy = Copy::new();
    copy.write("out", "a file, no folder");
    refused(&copy, &["--out", "out"], &["out"]);
}

/// A file may grow to one block only, which is how a full disk looks to the one who writes.
#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_leaves_all_as_they_were() {
    let copy = Copy::new();
    change_spec(&copy);
    let before = copy.files("");
    let regen = copy.regen(&[]);
    // Without the signal, which would end the program, the write itself fails.
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"";
    let output = std::process::Command::new("sh")
        .current_dir(copy.path(""))
        .args(["-c", script])
        .arg(regen.get_program())
        .args(regen.get_args())
        .output();
    let outcome = Outcome::from(output.expect("a shell"));
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(outcome.stderr.contains("cannot write"), "{outcome:?}");
    assert_eq!(copy.files(""), before, "nothing changed, and nothing stays");
    succeeds(&copy.run_regen(&[]));
}

#[test]
fn leftovers_of_an_interruption_are_cleaned_up() {
    let copy = Copy::new();
    let before = copy.files("");
    copy.write(&format!("{CODE}/types.rs.new"), "half a fi");
    copy.write(
        &format!("{CODE}/gone.rs"),
        "//! A file of an older generator.",
    );
    let check = copy.run_regen(&["--check"]);
    assert_eq!(check.code, Some(1), "{check:?}");
    assert!(
        check.stdout.contains("types.rs.new\n") && check.stdout.contains("gone.rs\n"),
        "{}",
        check.stdout
    );
    succeeds(&copy.run_regen(&[]));
    assert_eq!(copy.files(""), before);
}

#[test]
fn a_kill_leaves_every_file_whole() {
    kills(4);
}

#[test]
#[ignore = "takes long; `cargo xtask ci` runs it"]
fn a_kill_leaves_every_file_whole_thoroughly() {
    kills(1);
}

/// Kills regen as soon as so many of its temporary files have been seen, each time so many more, and asserts that each
/// file is either the old or the new one; then a regen must give the new ones.
fn kills(step: usize) {
    let elsewhere = tempfile::tempdir().expect("a folder");
    let spec = elsewhere.path().join("large.yaml");
    fs::write(&spec, large_spec(15)).expect("a file");
    let spec = format!("platform={}", spec.display());
    let arguments = ["--spec", spec.as_str()];

    let finished = Copy::new();
    let old = finished.files("");
    succeeds(&finished.run_regen(&arguments));
    let new = finished.files("");
    let changed = new
        .iter()
        .filter(|(path, bytes)| old.get(*path) != Some(bytes))
        .count();
    assert!(changed > 5, "the large spec changes many files");

    let mut interrupted = 0;
    for seen in (0..=changed).step_by(step) {
        let copy = Copy::new();
        let mut child = copy
            .regen(&arguments)
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("xtask starts");
        while temporary(&copy) < seen && child.try_wait().expect("a child").is_none() {}
        child.kill().expect("a child that can be killed");
        interrupted += usize::from(child.wait().expect("a child").code().is_none());
        whole(&copy.files(""), &old, &new);
        succeeds(&copy.run_regen(&arguments));
        assert_eq!(copy.files(""), new, "a later run heals it");
    }
    assert!(interrupted > 0, "no run was killed before it ended");
}

fn temporary(copy: &Copy) -> usize {
    [CODE, "specs/platform"]
        .iter()
        .map(|folder| {
            entries(&copy.path(folder))
                .filter(|path| is_temporary(path))
                .count()
        })
        .sum()
}

fn whole(
    files: &BTreeMap<PathBuf, Vec<u8>>,
    old: &BTreeMap<PathBuf, Vec<u8>>,
    new: &BTreeMap<PathBuf, Vec<u8>>,
) {
    for (path, bytes) in files.iter().filter(|(path, _)| !is_temporary(path)) {
        assert!(
            old.get(path) == Some(bytes) || new.get(path) == Some(bytes),
            "{} is neither",
            path.display()
        );
    }
    let lost = old.keys().find(|path| !files.contains_key(*path));
    assert_eq!(lost, None, "a file is gone");
}

fn leftovers(folder: &Path) -> bool {
    entries(folder).any(|path| {
        if path.is_dir() {
            leftovers(&path)
        } else {
            is_temporary(&path)
        }
    })
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
}

fn is_temporary(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "new")
}

/// A spec with so many operations and types.
fn large_spec(operations: usize) -> String {
    let mut spec = "openapi: 3.0.0\ninfo: {title: Large, version: '1'}\npaths:\n".to_owned();
    for number in 1..=operations {
        let content = "content: {application/json: {schema: {type: object, properties: {name: {type: string}, kind: {type: string, enum: [A, B]}}}}}";
        let parameters = "{name: id, in: path, required: true, schema: {type: string}}";
        let _ = writeln!(
            spec,
            "  /things/{number}/{{id}}: {{get: {{operationId: readThing{number}, parameters: [{parameters}], responses: {{'200': {{description: OK, {content}}}}}}}}}"
        );
    }
    spec
}
