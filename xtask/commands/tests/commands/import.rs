//! `import`: pages into a spec.

use crate::support::*;

#[test]
fn import_writes_pages_once() {
    let copy = Copy::new();
    copy.write("oauth.md", &page(OAUTH, &ours("nexus")));
    let unchanged = copy.run(&["import", "--api", "nexus", "--check", "oauth.md"]);
    assert_exit(&unchanged, 0);

    let changed = ours("nexus").replace("operationId: generate", "operationId: create");
    copy.write("oauth.md", &page(OAUTH, &changed));
    let check = copy.run(&["import", "--api", "nexus", "--check", "oauth.md"]);
    assert_exit(&check, 1);
    assert!(
        out(&check).contains("operationId renamed"),
        "{}",
        out(&check)
    );
    assert_eq!(
        copy.read("specs/nexus/openapi.yaml"),
        ours("nexus"),
        "--check writes nothing"
    );

    assert_exit(&copy.run(&["import", "--api", "nexus", "oauth.md"]), 0);
    assert_eq!(copy.read("specs/nexus/openapi.yaml"), changed);
    let again = copy.run(&["import", "--api", "nexus", "oauth.md"]);
    assert_exit(&again, 0);
    assert!(out(&again).contains("nothing changes"), "{}", out(&again));

    assert_exit(
        &copy.run(&["import", "--api", "nexus", "--into", "new.yaml", "oauth.md"]),
        0,
    );
    assert_eq!(copy.read("new.yaml"), changed);
}

#[test]
fn import_writes_nothing_when_something_is_wrong() {
    let copy = Copy::new();
    copy.write("a.md", &page(OAUTH, &ours("nexus")));
    copy.write(
        "b.md",
        &page(
            OAUTH,
            &ours("nexus").replace("summary: Generate", "summary: Make"),
        ),
    );
    copy.write("none.md", "# Title\n");
    copy.write(
        "platform.md",
        &page(OAUTH, &ours("nexus")).replace("openapi/nexus/", "openapi/platform/"),
    );
    for (arguments, problem) in [
        (
            &["--api", "nexus", "a.md", "b.md"][..],
            "two pages contradict each other",
        ),
        (
            &["--api", "nexus", "a.md", "none.md"],
            "none.md: the page has no block of OpenAPI",
        ),
        (
            &["--api", "nexus", "missing.md"],
            "missing.md: cannot be read",
        ),
        (
            &["--api", "nexus", "platform.md"],
            "platform.md: is of `openapi/platform/v1.yaml`, not of the API `nexus`",
        ),
        (&["--api", "other", "a.md"], "there is no API `other`"),
        (&["--api", "nexus"], "required"),
    ] {
        let output = copy.run(&[&["import"], arguments].concat());
        assert_exit(&output, 2);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(err.contains(problem), "{arguments:?}: {err}");
        assert_eq!(
            copy.read("specs/nexus/openapi.yaml"),
            ours("nexus"),
            "{arguments:?}"
        );
    }
}
