//! What a client adds to a program that calls an API by hand: its crates, their licences, and their features.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use xtask::workspace;

/// The systems that the clients are tested on.
const SYSTEMS: [&str; 3] = [
    "x86_64-unknown-linux-gnu",
    "x86_64-pc-windows-msvc",
    "aarch64-apple-darwin",
];

/// What is linked into a program, one crate a line, with this of it.
fn linked(format: &str, features: &[&str]) -> Vec<String> {
    // Online: the crates of the other systems are not built here, and may not be at hand.
    let mut tree = xtask::cargo();
    tree.current_dir(workspace()).arg("tree");
    tree.args(["--package", "platform-client", "--package", "nexus-client"]);
    tree.args(["--edges", "normal", "--prefix", "none"]);
    for system in SYSTEMS {
        tree.args(["--target", system]);
    }
    let output = tree.args(["--format", format]).args(features).output();
    let output = output.expect("cargo starts");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("text");
    let lines = text.lines().filter(|line| !line.is_empty());
    let lines: Vec<String> = lines
        .map(|line| line.trim_end_matches(" (*)").to_owned())
        .collect();
    assert!(lines.len() > 100, "{lines:?}");
    lines
}

fn name(line: &str) -> &str {
    line.split(' ').next().expect("a name")
}

/// The reasons in docs/dependencies.md, by crate.
fn documented() -> BTreeMap<String, String> {
    let text = fs::read_to_string(workspace().join("docs/dependencies.md")).expect("the page");
    let (text, _) = text.split_once("\n## ").expect("the first section");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| {
        let (name, reason) = row.split_once("` |")?;
        Some((name.to_owned(), reason.trim_matches([' ', '|']).to_owned()))
    })
    .collect()
}

#[test]
fn each_crate_that_a_client_adds_has_its_reason() {
    let bare = workspace().join("tests/fixtures/bare/Cargo.lock");
    let bare = fs::read_to_string(bare).expect("the lock file of a bare program");
    let bare: BTreeSet<&str> = bare
        .lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .collect();
    let linked = linked("{p}", &[]);
    let added: BTreeSet<&str> = linked
        .iter()
        .map(|line| name(line))
        .filter(|name| !bare.contains(name))
        .filter(|name| !["platform-client", "nexus-client"].contains(name))
        .collect();
    let documented = documented();
    let listed: BTreeSet<&str> = documented.keys().map(String::as_str).collect();
    assert_eq!(
        added, listed,
        "docs/dependencies.md lists what a client adds"
    );
    for (name, reason) in &documented {
        assert!(reason.len() > 10, "`{name}` has no reason");
    }
}

#[test]
fn no_licence_asks_to_publish_code() {
    for line in linked("{p} | {l}", &["--all-features"]) {
        let (_, licence) = line.split_once(" | ").expect("a licence");
        let is_permissive = licence.split(" OR ").any(|choice| {
            !["GPL", "MPL", "EUPL", "CDDL", "EPL"]
                .iter()
                .any(|word| choice.contains(word))
        });
        assert!(is_permissive && !licence.is_empty(), "{line}");
    }
}

#[test]
fn the_json_of_the_program_stays_as_it_is() {
    let all = ["dispatch", "schemars", "openapi", "native-tls"];
    let features = all
        .map(|feature| format!("platform-client/{feature}"))
        .join(",");
    let linked = linked("{p} | {f}", &["--features", &features]);
    let serde_json = linked.iter().filter(|line| name(line) == "serde_json");
    let features: BTreeSet<&str> = serde_json
        .filter_map(|line| line.split_once(" | "))
        .flat_map(|(_, features)| features.split(','))
        .collect();
    let harmless = BTreeSet::from(["alloc", "default", "raw_value", "std"]);
    assert!(
        !features.is_empty() && features.is_subset(&harmless),
        "{features:?}"
    );
}
