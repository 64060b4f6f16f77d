//! `drift` alone: the specs against where they were published; and what `regen` tells of a change.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::support::*;

#[test]
fn sources_that_still_say_the_same_are_no_drift() {
    let copy = Copy::new();
    let nexus = page(OAUTH, &ours("nexus"));
    let server = Server::start(&[
        ("platform.yaml", ok(&ours("platform"))),
        ("moved", redirect("/again")),
        ("again", redirect("/nexus.md")),
        ("nexus.md", ok(&nexus)),
    ]);
    copy.publish_at(&server, "platform.yaml", "moved");
    let output = copy.run(&["drift"]);
    assert_exit(&output, 0);
    assert_eq!(
        out(&output).matches("no changes from specs/").count(),
        2,
        "{}",
        out(&output)
    );
    // The file of the repository has to be the one that was taken.
    copy.write(
        "specs/nexus/openapi.yaml",
        &format!("{}# by hand\n", ours("nexus")),
    );
    let output = copy.run(&["drift", "--api", "nexus"]);
    assert_exit(&output, 1);
    assert!(
        String::from_utf8_lossy(&output.stderr)
            .contains("is not the file that was taken on 2026-01-01")
    );
}

#[test]
fn sources_that_cannot_be_checked_are_never_no_drift() {
    let copy = Copy::new();
    let good = page(OAUTH, &ours("nexus"));
    let cut = good.rsplit_once(FENCE).unwrap().0;
    let mut truncated = ok(&ours("nexus"));
    truncated.truncate(truncated.len() - 100);
    let server = Server::start(&[
        ("platform.yaml", ok(&ours("platform"))),
        (
            "html",
            response(
                "200 OK",
                "Content-Type: text/html\r\n",
                "<!DOCTYPE html><html><body>MX</body></html>",
            ),
        ),
        ("no-block.md", ok("# Title\n\nNo block here.\n")),
        ("cut.md", ok(cut)),
        ("truncated.yaml", truncated),
        ("loop", redirect("/loop")),
        ("error", response("500 Internal Server Error", "", "oops")),
        (
            "latin1.yaml",
            [&b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\na: \xe9\n\n"[..]]
                .concat(),
        ),
        ("away", redirect("http://192.0.2.1/spec.yaml")),
        ("huge", {
            let mut huge = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
            huge.resize(17 * 1024 * 1024, b'#');
            huge
        }),
    ]);
    for (path, problem) in [
        ("missing.md", "the server answers 404 Not Found"),
        ("error", "the server answers 500"),
        ("html", "this is HTML"),
        ("no-block.md", "the page has no block of OpenAPI"),
        ("cut.md", "the page was cut off"),
        ("truncated.yaml", "error"),
        ("loop", "too many redirects"),
        ("latin1.yaml", "not UTF-8 text"),
        ("away", "a redirect leaves https"),
        ("huge", "too large for a spec"),
    ] {
        copy.publish_at(&server, "platform.yaml", path);
        let output = copy.run(&["drift"]);
        assert_exit(&output, 2);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            err.contains("nexus: could not be checked: ") && err.contains(problem),
            "{path}: {err}"
        );
        assert!(
            out(&output).contains("no changes from specs/platform/openapi.yaml"),
            "the other is checked: {}",
            shown(&output)
        );
        assert!(
            !out(&output).contains("from specs/nexus"),
            "{path}: {}",
            out(&output)
        );
    }
    copy.publish_at(&server, "platform.yaml", "missing.md");
    let json = copy.run(&["drift", "--format", "json"]);
    assert_exit(&json, 2);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(
        (&json["verdict"], &json["semver"]),
        (&"unknown".into(), &"unknown".into())
    );
    assert_eq!(
        (&json["apis"][0]["api"], &json["apis"][0]["checked"]),
        (&"nexus".into(), &false.into())
    );
    assert_eq!(
        (&json["apis"][1]["api"], &json["apis"][1]["checked"]),
        (&"platform".into(), &true.into())
    );

    copy.write(
        "specs/nexus/api.toml",
        &copy
            .read("specs/nexus/api.toml")
            .replace("http://127.0.0.1", "http://192.0.2.1"),
    );
    let output = copy.run(&["drift"]);
    assert_exit(&output, 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("is not https"));
    assert_exit(&copy.run(&["drift", "--api", "other"]), 2);
}

#[test]
fn what_takes_long_is_said_on_stderr() {
    let copy = Copy::new();
    let (server, release) = Server::held(&ours("nexus"));
    copy.publish_at(&server, "unused", "held");
    let mut command = command(&copy.path(""), &["drift", "--api", "nexus"]);
    let mut drift = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stderr = BufReader::new(drift.stderr.take().unwrap());
    stderr.read_line(&mut line).unwrap();
    assert!(
        line.starts_with("fetching http://127.0.0.1:") && line.ends_with("/held\n"),
        "{line}"
    );
    release.send(()).unwrap();
    let output = drift.wait_with_output().unwrap();
    assert_exit(&output, 0);
    assert!(out(&output).starts_with("no changes"), "{}", out(&output));
}

#[test]
fn update_takes_the_published_spec_in_and_regenerates() {
    let copy = Copy::new();
    let changed = ours("nexus").replace("operationId: generate", "operationId: create");
    assert_ne!(changed, ours("nexus"));
    let server = Server::start(&[
        ("platform.yaml", ok(&ours("platform"))),
        ("nexus.md", ok(&page(OAUTH, &changed))),
    ]);
    copy.publish_at(&server, "platform.yaml", "nexus.md");
    assert_exit(&copy.run(&["drift"]), 1);

    let output = copy.run(&["drift", "--update"]);
    assert_exit(&output, 0);
    assert_eq!(copy.read("specs/nexus/openapi.yaml"), changed);
    let sources = copy.read("specs/nexus/api.toml");
    assert!(
        sources.contains("# Kept.") && sources.contains("# here too"),
        "{sources}"
    );
    assert!(
        sources.contains(&openapi::sha256(changed.as_bytes())),
        "{sources}"
    );
    assert!(!sources.contains("date = 2026-01-01"), "{sources}");
    let other = copy.read("specs/platform/api.toml");
    assert!(
        other.contains("date = 2026-01-01"),
        "only the one that was taken: {other}"
    );
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        err.contains("took in specs/nexus/openapi.yaml") && err.contains("raise the major version"),
        "{err}"
    );
    assert!(
        out(&output).contains("operationId renamed"),
        "{}",
        out(&output)
    );
    let generated = fs::read_dir(copy.path("crates/nexus-client/src/generated")).unwrap();
    let generated: String = generated
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    assert!(generated.contains("create_oauth_window_uri"));

    assert_exit(&copy.run(&["drift"]), 0);
    let again = copy.run(&["drift", "--update"]);
    assert_exit(&again, 0);
    assert_eq!(words(&again), "");
}

#[test]
fn regen_tells_what_changed_since_the_last_commit() {
    let copy = Copy::new();
    copy.commit();
    let unchanged = copy.run(&["regen"]);
    assert_exit(&unchanged, 0);
    assert!(!out(&unchanged).contains("semver"), "{}", out(&unchanged));
    let changed = ours("nexus").replace("operationId: generate", "operationId: create");
    copy.write("specs/nexus/openapi.yaml", &changed);
    let output = copy.run(&["regen"]);
    assert_exit(&output, 0);
    let told = "breaking: 1 change from git:HEAD:specs/nexus/openapi.yaml to specs/nexus/openapi.yaml; semver: major";
    assert!(out(&output).contains(told), "{}", out(&output));
    assert!(
        !out(&output).contains("platform/openapi.yaml;"),
        "only what changed: {}",
        out(&output)
    );
}
