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

/// The pages that our specs came from say the same, whatever stands around the block.
#[test]
fn what_is_the_same_by_meaning_is_no_change() {
    let copy = Copy::new();
    let spec = ours("nexus");
    for block in [
        format!("{spec}\n"),
        format!("# A comment.\n{spec}"),
        spec.replace('\n', "\r\n"),
    ] {
        copy.write("oauth.md", &page(OAUTH, &block));
        for more in [&["--check"][..], &[]] {
            let output = copy.run(&[&["import", "--api", "nexus", "oauth.md"], more].concat());
            assert_exit(&output, 0);
            assert!(out(&output).contains("nothing changes"), "{}", out(&output));
            assert_eq!(copy.read("specs/nexus/openapi.yaml"), spec);
        }
    }
}

/// Links that stand where a file is written, or is prepared, are replaced and not followed.
#[cfg(unix)]
#[test]
fn import_writes_through_no_link() {
    let copy = Copy::new();
    copy.write("oauth.md", &page(OAUTH, &ours("nexus")));
    copy.write("target", &ours("nexus").replace("Generate", "Make"));
    let target = copy.read("target");
    for link in ["new.yaml.new", "new.yaml"] {
        std::os::unix::fs::symlink(copy.path("target"), copy.path(link)).unwrap();
        let output = copy.run(&["import", "--api", "nexus", "--into", "new.yaml", "oauth.md"]);
        assert_exit(&output, 0);
        assert_eq!(copy.read("target"), target, "{link}");
        assert_eq!(copy.read("new.yaml"), ours("nexus"), "{link}");
        assert!(!copy.path("new.yaml").is_symlink(), "{link}");
        std::fs::remove_file(copy.path("new.yaml")).unwrap();
    }
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
