//! The client of a spec of 170 operations that has every construct: nothing that it prints shows a customer's data, and
//! calls do on the wire what they promise.

mod calls;
mod samples;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use tests::Crates;

const CLIENT: &str = "
platform-client = { path = \"$ROOT/crates/platform-client\", features = [\"build-time\", \"dispatch\"] }
";

const PROGRAM: &str = "
client-core = { package = \"mx-client-core\", path = \"$ROOT/crates/client-core\", default-features = false }
serde = \"1\"
serde_json = \"1\"
tokio = { version = \"1\", features = [\"rt\", \"macros\"] }
tracing-subscriber = { version = \"0.3\", default-features = false, features = [\"fmt\", \"registry\"] }
";

#[test]
fn nothing_shows_a_value_of_a_customer() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let spec = folder.join("full.yaml");
    tests::write(&spec, &synthetic::full());
    let variables = [("PLATFORM_CLIENT_SPEC", &*spec)];
    let crates = Crates::new(&folder.join("full"), &["client", "full"]);
    crates.add(
        "client",
        CLIENT,
        &[("lib.rs", "//! Nothing but its dependency.\n")],
    );
    let main = ("main.rs", include_str!("../../../fixtures/full/main.rs"));
    let pleasant = (
        "pleasant.rs",
        include_str!("../../../fixtures/full/pleasant.rs"),
    );
    let readme = readme();
    let dependencies = format!("{CLIENT}{PROGRAM}");
    crates.add("full", &dependencies, &[main]);
    // What calls the operations is written after the code that it calls.
    let build = crates.build("client", &variables);
    assert_eq!(build.warnings, Vec::<String>::new());
    let (_, generated) = build.generated.first().expect("the build script ran");
    let read = |name: &str| fs::read_to_string(generated.join(name)).expect("generated code");
    let document = serde_json::from_str(&read("openapi.json")).expect("JSON");
    crates.add(
        "full",
        &dependencies,
        &[
            main,
            pleasant,
            ("readme.rs", &readme),
            ("calls.rs", &calls::code(&read)),
        ],
    );
    let build = crates.build("full", &variables);
    assert_eq!(build.warnings, Vec::<String>::new());
    let samples = folder.join("samples.json");
    tests::write(&samples, &samples::of(&document).to_string());
    let output = build.command().env("SAMPLES", &samples).output();
    let output = output.expect("the program starts");
    let end = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{end}");
    judge(&String::from_utf8_lossy(&output.stdout), &read("types.rs"));
}

/// The README's example of a client of a whole API, as a module.
fn readme() -> String {
    let text = fs::read_to_string(xtask::workspace().join("README.md")).expect("the README");
    let example = text.split("```rust,ignore\n").nth(1).expect("the example");
    let code = example.split("```").next().expect("its end");
    // The synthetic spec has another name for the list.
    let code = code.replace("list_user_accounts(", "list_accounts(");
    format!(
        "#![allow(unused)]
use std::time::Duration;

use platform_client::reqwest::Method;
use platform_client::{{Client, Response}};

type MyUser = serde_json::Value;
type MyThing = serde_json::Value;

async fn example(mx: &Client) -> Result<(), platform_client::Error> {{
{code}
    Ok(())
}}
"
    )
}

/// Whether what was shown shows no value, and was all that there is to show.
fn judge(shown: &str, types: &str) {
    let leaks: BTreeSet<&str> = shown.lines().filter(|line| is_value(line)).collect();
    let leaks: Vec<&str> = leaks.into_iter().take(20).collect();
    assert!(leaks.is_empty(), "values are shown:\n{}", leaks.join("\n"));
    let structs = types.lines().filter_map(|line| {
        let name = line.strip_prefix("pub struct ")?;
        name.split(['(', ' ']).next()
    });
    let structs: Vec<&str> = structs.collect();
    assert!(structs.len() > 100, "{structs:?}");
    let lines: BTreeSet<&str> = shown.lines().collect();
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let words = lines.iter().flat_map(|line| line.split(|c| !is_part(c)));
    let words: BTreeSet<&str> = words.collect();
    let missing: Vec<_> = structs
        .iter()
        .filter(|name| !words.contains(**name))
        .collect();
    assert!(missing.is_empty(), "no value of {missing:?} was shown");
    for sign in [
        "mx_call",
        "error.type",
        "[hidden]",
        "UnknownValue(…)",
        "is_hidden: true",
    ] {
        assert!(shown.contains(sign), "no {sign}");
    }
}

/// Whether a line holds what stands for the value of a customer.
fn is_value(line: &str) -> bool {
    line.contains(samples::TEXT) || line.contains(&samples::NUMBER.to_string())
}

/// The unit tests of `client-core` judge both.
#[test]
fn a_build_can_show_values_but_no_secrets() {
    let mut build = tests::cargo();
    build.args(["rustc", "--quiet", "--package", "mx-client-core", "--lib"]);
    build.args(["--profile", "test", "--message-format=json"]);
    let output = build.args(["--", "--cfg", "mx_debug_values"]).output();
    let output = output.expect("cargo starts");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && !words.contains("warning"),
        "{words}"
    );
    let messages = String::from_utf8_lossy(&output.stdout);
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let mut programs =
        messages.filter_map(|message| message["executable"].as_str().map(str::to_owned));
    let program = programs.next().expect("the unit tests");
    let output = Command::new(program)
        .arg("safe_debug")
        .output()
        .expect("it starts");
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{words}");
    assert!(
        words.contains("values_are_shown_but_for_secrets ... ok"),
        "{words}"
    );
}
