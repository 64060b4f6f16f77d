//! What `drift` prints: the part that was asked for, in colours where they are wanted, and nothing that comes alive.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use crate::support::*;

/// A spec with two resources.
fn spec(next: bool) -> Value {
    let text = if next {
        "As it is.\nThe same."
    } else {
        "As it was.\nThe same."
    };
    let operation = |id: &str| json!({"operationId": id, "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{id}")}}}}}});
    let schema = |kind: &str| {
        let mut properties =
            json!({"id": {"type": kind, "description": text}, "name": {"type": "string"}});
        if next {
            properties["added"] = json!({"type": "string"});
            properties["also"] = json!({"type": "string"});
        }
        json!({"type": "object", "properties": properties})
    };
    let kind = if next { "integer" } else { "string" };
    json!({
        "openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "servers": [{"url": "https://example.com"}],
        "paths": {"/users": {"get": operation("Users")}, "/members/new": {"get": operation("Members")}},
        "components": {"schemas": {"Users": schema(kind), "Members": schema(kind)}},
    })
}

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("old.json"), spec(false).to_string()).unwrap();
    fs::write(dir.path().join("new.json"), spec(true).to_string()).unwrap();
    dir
}

fn drift(folder: &Path, options: &[&str]) -> Output {
    xtask(
        folder,
        &[&["drift", "old.json", "new.json"], options].concat(),
    )
}

#[test]
fn the_part_that_was_asked_for_is_shown() {
    let dir = folder();
    let run = |options: &[&str]| {
        let output = drift(dir.path(), options);
        // The verdict stays that of all changes.
        assert_exit(&output, 1);
        out(&output)
    };
    let all = run(&["--no-rust"]);
    assert!(
        all.starts_with("breaking: 2 breaking, 4 additive, 2 documentation from "),
        "{all}"
    );
    for (class, heading) in [
        ("breaking", "Breaking (2)"),
        ("additive", "Additive (4)"),
        ("documentation", "Documentation (2)"),
    ] {
        let text = run(&["--no-rust", "--only", class]);
        assert!(
            text.starts_with("breaking: ") && text.contains(heading),
            "{text}"
        );
        assert_eq!(
            text.lines()
                .filter(|line| line.ends_with(')') && !line.starts_with(' '))
                .count(),
            1,
            "{text}"
        );
    }
    let limited = run(&["--no-rust", "--limit", "1"]);
    assert!(
        limited.contains("more") && limited.lines().count() < all.lines().count(),
        "{limited}"
    );
    // What shows the rest can be copied.
    assert!(
        limited.contains("run `cargo xtask drift old.json new.json --no-rust --limit 1 --verbose`"),
        "{limited}"
    );

    for glob in ["GET /users", "/users", "Users", "*/us?rs", "User*"] {
        let text = run(&["--no-rust", "--operation", glob]);
        assert!(
            text.contains("`Users`") && !text.contains("`Members`"),
            "{glob}: {text}"
        );
    }
    let both = run(&[
        "--no-rust",
        "--operation",
        "Users",
        "--operation",
        "/members/*",
    ]);
    assert_eq!(both, all);
    let none = drift(dir.path(), &["--no-rust", "--operation", "/other"]);
    assert_exit(&none, 0);

    // Both texts of a description, by lines.
    assert!(!all.contains("As it was."), "{all}");
    let verbose = run(&["--no-rust", "--verbose"]);
    let difference: Vec<&str> = verbose
        .lines()
        .map(str::trim_start)
        .filter(|line| line.contains("As it") || line.contains("The same"))
        .collect();
    let of_one = ["- As it was.", "+ As it is.", "The same."];
    assert_eq!(difference, [of_one, of_one].concat());

    assert!(
        !all.contains("Rust:") && run(&[]).contains("\nRust: "),
        "{all}"
    );
    let json: Value = serde_json::from_str(&run(&[
        "--no-rust",
        "--format",
        "json",
        "--only",
        "additive",
        "--limit",
        "3",
    ]))
    .unwrap();
    assert_eq!(json["changes"].as_array().unwrap().len(), 3);
    assert!(json.get("rust").is_none());
    let json: Value = serde_json::from_str(&run(&["--format", "json"])).unwrap();
    assert_eq!(
        (&json["rust"], &json["semver"]),
        (&json!({"effect": "computed"}), &json!("major"))
    );
    let markdown = run(&["--format", "markdown"]);
    assert!(
        markdown.contains("<details><summary>Rust signatures that break callers ("),
        "{markdown}"
    );
    let bad = drift(dir.path(), &["--only", "harmless"]);
    assert_exit(&bad, 2);
}

/// A format that leaves the generated code as it is breaks no caller. The specs alone do not show that.
#[test]
fn the_step_of_the_version_follows_the_computed_effect() {
    let dir = folder();
    for (name, schema) in [
        ("old.json", json!({"type": "number"})),
        ("new.json", json!({"type": "number", "format": "double"})),
    ] {
        let mut spec = spec(false);
        spec["components"]["schemas"]["Users"]["properties"]["amount"] = schema;
        fs::write(dir.path().join(name), spec.to_string()).unwrap();
    }
    for (options, verdict, semver) in [
        (&[][..], "documentation", "patch"),
        (&["--no-rust"], "breaking", "major"),
    ] {
        let output = drift(dir.path(), &[options, &["--format", "json"]].concat());
        assert_exit(&output, 1);
        let json: Value = serde_json::from_str(&out(&output)).unwrap();
        assert_eq!(
            (&json["verdict"], &json["semver"]),
            (&json!(verdict), &json!(semver)),
            "{json}"
        );
    }
}

/// A spec that no client can be made of: what is guessed is a lower bound.
#[test]
fn where_the_effect_on_callers_is_unknown_the_report_says_so() {
    let dir = folder();
    let mut refused = spec(true);
    let users = refused["paths"]["/users"].take();
    refused["paths"] = json!({"/users/{id}": users});
    fs::write(dir.path().join("new.json"), refused.to_string()).unwrap();
    let text = out(&drift(dir.path(), &[]));
    let said = "\nRust: the effect on callers is unknown, and at least what is shown: new.json: the generator refuses it: ";
    assert!(text.contains(said), "{text}");
    assert!(text.contains("removed  [wire, Rust]"), "{text}");
    let json = out(&drift(dir.path(), &["--format", "json"]));
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["rust"]["effect"], "unknown");
    assert!(
        json["rust"]["reason"].as_str().unwrap().contains("id"),
        "{}",
        json["rust"]
    );
    assert!(
        json["changes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|change| change["rust"] == true)
    );
}

/// An older file cannot be corrected any more.
#[test]
fn an_older_file_may_have_keys_twice() {
    let dir = folder();
    let twice = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\nservers: {}\npaths: {{}}\npaths: {}\n",
        spec(false)["servers"],
        spec(false)["paths"]
    );
    let twice = format!("{twice}components: {}\n", spec(false)["components"]);
    fs::write(dir.path().join("twice.yaml"), &twice).unwrap();
    let note = "twice.yaml:5:1: duplicate key `paths`, first on line 4: the last of them counts";
    let run = |options: &[&str]| {
        let output = xtask(
            dir.path(),
            &[&["drift", "twice.yaml", "old.json"], options].concat(),
        );
        assert_exit(&output, 0);
        out(&output)
    };
    assert!(
        run(&[]).contains(&format!("\nNote: {note}\n")),
        "{}",
        run(&[])
    );
    assert!(run(&["--format", "markdown"]).contains("duplicate key `paths`"));
    let json: Value = serde_json::from_str(&run(&["--format", "json"])).unwrap();
    assert_eq!(json["notes"], json!([note]));
    let newer = xtask(dir.path(), &["drift", "old.json", "twice.yaml"]);
    assert_exit(&newer, 2);
}

#[test]
fn reports_share_a_comment() {
    let dir = tempfile::tempdir().unwrap();
    let of = |kind: &str| {
        let properties: serde_json::Map<String, Value> = (0..2_000)
            .map(|number| {
                (
                    format!("property_{number}_{}", "x".repeat(40)),
                    json!({"type": kind}),
                )
            })
            .collect();
        let mut spec = spec(false);
        spec["components"]["schemas"]["Users"]["properties"] = properties.into();
        spec.to_string()
    };
    fs::write(dir.path().join("old.json"), of("string")).unwrap();
    fs::write(dir.path().join("new.json"), of("integer")).unwrap();
    for (reports, most) in [("1", 60_000), ("4", 15_000)] {
        let output = drift(
            dir.path(),
            &["--no-rust", "--format", "markdown", "--reports", reports],
        );
        let length = out(&output).chars().count();
        assert!(length <= most && length > most / 3, "{length} characters");
        assert!(out(&output).contains(" more "), "{}", out(&output));
    }
}

#[test]
fn colours_are_where_they_are_wanted() {
    let dir = folder();
    let is_coloured = |variables: &[(&str, &str)], options: &[&str]| {
        let mut command = command(
            dir.path(),
            &[&["drift", "old.json", "new.json", "--no-rust"], options].concat(),
        );
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command.envs(variables.iter().copied());
        let output = command.output().unwrap();
        assert_exit(&output, 1);
        output.stdout.contains(&0x1b)
    };
    assert!(!is_coloured(&[], &[]), "a pipe is not a terminal");
    assert!(is_coloured(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!is_coloured(&[("CLICOLOR_FORCE", "")], &[]));
    assert!(!is_coloured(&[("NO_COLOR", "1")], &[]));
    assert!(
        !is_coloured(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], &[]),
        "NO_COLOR is the stronger"
    );
    for format in ["markdown", "json"] {
        assert!(
            !is_coloured(&[("CLICOLOR_FORCE", "1")], &["--format", format]),
            "{format}"
        );
    }
}

/// Names with which a spec tries to do something to a terminal, a log and a page.
const HOSTILE: &str = "@team <img src=x>\n```\n# pwned [x](https://evil.example)\n::error title=t::pwned\n##[error]pwned\n\u{1b}[31mRED\u{1b}]0;t\u{7}\r::stop-commands::x";

fn assert_harmless(text: &str) {
    for line in text.lines() {
        assert!(
            !line.trim_start().starts_with("::") && !line.contains("##["),
            "a command: {line}"
        );
        assert!(!line.contains(char::is_control), "{line:?}");
    }
}

#[test]
fn nothing_of_a_spec_or_a_page_comes_alive() {
    let dir = folder();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    let quoted = json!(HOSTILE).to_string();
    let mut named = spec(true);
    named["components"]["schemas"]["Users"]["properties"][HOSTILE] = json!({"type": "string"});
    named["paths"][format!("/{HOSTILE}")] = json!({"get": {"operationId": "x", "tags": [HOSTILE], "responses": {"200": {"description": HOSTILE}}}});
    write("named.json", &named.to_string());
    // Two keys that are the same; a value that cannot be read; no document of OpenAPI.
    write(
        "twice.yaml",
        &format!("openapi: 3.0.3\n{quoted}: 1\n{quoted}: 2\n"),
    );
    write("version.yaml", &format!("openapi: {quoted}\n"));
    write(
        "refused.yaml",
        &format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{/a: {{get: {{operationId: a, parameters: [{{name: {quoted}, in: path}}], responses: {{'200': {{$ref: {quoted}}}}}}}}}}}\n"
        ),
    );
    write(
        "page.md",
        &format!(
            "```yaml {} GET /a\nopenapi: 3.0.3\n{quoted}: 1\n{quoted}: 2\n```\n",
            HOSTILE.replace(['\n', '\r', '`', ' '], "-")
        ),
    );
    for (old, new) in [
        ("old.json", "named.json"),
        ("named.json", "old.json"),
        ("twice.yaml", "old.json"),
        ("old.json", "twice.yaml"),
        ("old.json", "version.yaml"),
        ("old.json", "refused.yaml"),
        ("old.json", "page.md"),
        ("old.json", HOSTILE),
        (HOSTILE, "old.json"),
    ] {
        for options in [
            &["--verbose"][..],
            &["--format", "markdown"],
            &["--no-rust"],
        ] {
            let output = xtask(dir.path(), &[&["drift", old, new], options].concat());
            assert_ne!(output.status.code(), Some(0));
            assert_harmless(&out(&output));
            assert_harmless(&String::from_utf8_lossy(&output.stderr));
        }
        let json = xtask(
            dir.path(),
            &["drift", old, new, "--format", "json", "--no-rust"],
        );
        assert!(!json.stdout.contains(&0x1b));
    }
    for file in ["twice.yaml", "version.yaml", "refused.yaml"] {
        let output = xtask(
            dir.path(),
            &["regen", "--spec", &format!("nexus={file}"), "--out", "out"],
        );
        assert_exit(&output, 2);
        assert_harmless(&String::from_utf8_lossy(&output.stderr));
    }
    let copy = Copy::new();
    copy.write(
        "page.md",
        &fs::read_to_string(dir.path().join("page.md")).unwrap(),
    );
    let output = copy.run(&["import", "--api", "nexus", "page.md"]);
    assert_exit(&output, 2);
    assert_harmless(&String::from_utf8_lossy(&output.stderr));
    // A source that is not one, in the report of all sources.
    let server = Server::start(&[
        (
            "platform.yaml",
            ok(&fs::read_to_string(dir.path().join("twice.yaml")).unwrap()),
        ),
        ("nexus.md", ok(&ours("nexus"))),
    ]);
    copy.publish_at(&server, "platform.yaml", "nexus.md");
    let output = copy.run(&["drift", "--format", "markdown"]);
    assert_exit(&output, 2);
    assert!(
        out(&output).contains("could not be checked"),
        "{}",
        shown(&output)
    );
    assert_harmless(&out(&output));
    assert_harmless(&String::from_utf8_lossy(&output.stderr));
    let text = outside_of_blocks(&out(&output));
    assert!(
        !text.contains("@team") && !text.contains("evil"),
        "only as code: {}",
        out(&output)
    );
}

/// The lines of a Markdown text that are not in blocks of code.
fn outside_of_blocks(markdown: &str) -> String {
    let mut fence: Option<usize> = None;
    let mut outside = String::new();
    for line in markdown.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            None if ticks >= 3 => fence = Some(ticks),
            None => outside.push_str(line),
            Some(open) if ticks >= open && line.len() == ticks => fence = None,
            Some(_) => {}
        }
    }
    outside
}
