//! Code generated at build time: it compiles without a warning, does on the wire what its spec says, and is the same
//! as the committed code where the spec is the same. `full` generates at build time as well.

use std::fs;
use std::path::Path;

use httpmock::prelude::*;
use tests::Crates;
use xtask::workspace;

const BOTH: &str = "
platform-client = { path = \"$ROOT/crates/platform-client\", features = [\"build-time\"] }
nexus-client = { path = \"$ROOT/crates/nexus-client\", features = [\"build-time\"] }
";

// Each crate has other features than the others, so that none is built again because of another's spec.
const CHANGING: &str = "
platform-client = { path = \"$ROOT/crates/platform-client\", features = [\"build-time\", \"openapi\"] }
";

const HARD: &str = "
platform-client = { path = \"$ROOT/crates/platform-client\", features = [\"build-time\", \"dispatch\", \"mock\"] }
futures-util = { version = \"0.3\", default-features = false }
proptest = { version = \"1\", default-features = false, features = [\"std\"] }
serde_json = \"1\"
tokio = { version = \"1\", features = [\"rt-multi-thread\", \"macros\"] }
";

fn folder() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// The builds use the same client crates, one after the other.
#[test]
#[ignore = "compiles much; `cargo xtask ci` runs it"]
fn generating_at_build_time_thoroughly() {
    let members = ["both", "changing", "hard"];
    let crates = Crates::new(&folder().join("build-time"), &members);
    for (name, dependencies) in [("both", BOTH), ("changing", CHANGING)] {
        let empty = [("lib.rs", "//! Nothing but its dependencies.\n")];
        crates.add(name, dependencies, &empty);
    }
    crates.add(
        "hard",
        HARD,
        &[
            ("main.rs", include_str!("../../fixtures/hard/main.rs")),
            ("money.rs", include_str!("../../fixtures/hard/money.rs")),
            (
                "pleasant.rs",
                include_str!("../../fixtures/hard/pleasant.rs"),
            ),
        ],
    );
    both_ways_give_the_same_code(&crates);
    a_spec_that_changes_is_generated_again(&crates);
    another_spec_gives_its_operations(&crates);
}

fn both_ways_give_the_same_code(crates: &Crates) {
    let build = crates.build("both", &[]);
    assert_eq!(build.warnings, Vec::<String>::new());
    for api in ["platform", "nexus"] {
        let generated = build.generated.iter().find(|(name, _)| name == api);
        let (_, generated) = generated.expect("the build script ran");
        let committed = workspace().join(format!("crates/{api}-client/src/generated"));
        assert_eq!(files(generated), files(&committed), "{api}");
    }
}

fn a_spec_that_changes_is_generated_again(crates: &Crates) {
    let published = fs::read_to_string(workspace().join("specs/platform/openapi.yaml"));
    let published = published.expect("the spec");
    let spec = folder().join("changing.yaml");
    // What an earlier run ended with is built already.
    let words = match fs::read_to_string(&spec) {
        Ok(last) if last.contains("open_two") => &["one"][..],
        Ok(_) => &["two"],
        Err(_) => &["one", "two"],
    };
    for word in words {
        let changed = published.replace("requestOAuthWindowURI", &format!("open_{word}"));
        fs::write(&spec, changed).expect("a file");
        let build = crates.build("changing", &[("PLATFORM_CLIENT_SPEC", &spec)]);
        let generated = build.generated.iter().find(|(name, _)| name == "platform");
        let (_, generated) = generated.expect("the build script ran");
        let client = fs::read_to_string(generated.join("client.rs")).expect("the client");
        assert!(client.contains(&format!("pub fn open_{word}(")), "{client}");
    }
}

fn another_spec_gives_its_operations(crates: &Crates) {
    let spec = workspace().join("tests/fixtures/hard/openapi.yaml");
    let build = crates.build("hard", &[("PLATFORM_CLIENT_SPEC", &spec)]);
    assert_eq!(build.warnings, Vec::<String>::new());
    let server = MockServer::start();
    answer(&server);
    let mut program = build.command();
    let output = program
        .env("MX", server.base_url())
        .env("SELF", SELF)
        .env("USER", USER)
        .output();
    let output = output.expect("the program starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn files(folder: &Path) -> Vec<(std::ffi::OsString, String)> {
    let entries = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry"));
    let mut files: Vec<_> = entries
        .map(|entry| {
            (
                entry.file_name(),
                fs::read_to_string(entry.path()).expect("text"),
            )
        })
        .collect();
    files.sort();
    files
}

const SELF: &str = r#"{
    "crate": { "fn": [{ "Option": "None", "Box": true }, { "Option": "Unknown" }, { "Option": "Elsewhere" }] },
    "userName": "camel", "user_name": "snake", "user-name": "kebab", "": "empty", "async": "a", "1st": "b"
}"#;

const USER: &str = r#"{
    "guid": "USR-1, longer than the spec allows", "state": "PAUSED", "states": ["OPEN", "AJAR"], "maybe": null,
    "owner": null, "tags": null, "labels": null, "parent": null, "level": 7, "choice": 1, "untyped": { "a": [] },
    "bare": [1, "a"], "items": [1], "free": { "x": null }, "self": "me", "token": "hush", "unknown": true,
    "children": [{ "guid": "USR-3", "maybe": "m", "owner": { "guid": "O" } }],
    "friends": [{ "name": "A", "friends": [{ "name": "B", "friends": null }] }]
}"#;

/// Answers each operation, if it is called as it must be; anything else gets a 404.
fn answer(server: &MockServer) {
    const V1: &str = "application/vnd.mx.api.v1+json";
    const V2: &str = "application/vnd.mx.api.v2beta+json";
    server.mock(|when, then| {
        when.method(GET)
            .path("/match/self%2F..")
            .header("accept", "application/json")
            .header("authorization", "Basic aWQ6a2V5")
            .header("fn", "header")
            .header_missing("accept-version")
            .header_missing("api-version")
            .query_param("type", "Self")
            .query_param("client", "c")
            .query_param("category_guid[]", "A")
            .query_param("category_guid[]", "B&C")
            .query_param("ids", "1,2");
        then.status(200)
            .header("content-type", "application/json")
            .body(SELF);
    });
    server.mock(|when, then| {
        when.method(GET)
            .path("/users/USR-1")
            .query_param("page", "2")
            .header("accept", V1)
            .header("accept-version", "v1");
        then.status(200).header("content-type", V1).body(USER);
    });
    server.mock(|when, then| {
        when.method(GET).path("/users/USR-2");
        then.status(404)
            .header("content-type", "application/json")
            .body(r#"{"error":{"message":"No such user"}}"#);
    });
    server.mock(|when, then| {
        when.method(GET).path("/users").header("accept", V2);
        then.status(200)
            .header("content-type", V2)
            .body(r#"{"users":[{"guid":null,"age":null},{}],"pagination":null}"#);
    });
    server.mock(|when, then| {
        when.method(PUT).path("/users/1").header("accept", V2);
        then.status(200)
            .header("content-type", V2)
            .body(r#"{"guid":"USR-1","maybe":null,"owner":null}"#);
    });
    server.mock(|when, then| {
        when.method(PUT).path("/users/204").header("accept", V2);
        then.status(204);
    });
    for (guid, status) in [("1", 202), ("2", 204)] {
        server.mock(|when, then| {
            when.method(DELETE)
                .path(format!("/users/{guid}"))
                .header("accept", "*/*");
            then.status(status);
        });
    }
    let user = |id: u16| format!(r#"{{"guid":"USR-{id}","maybe":null,"owner":null}}"#);
    let made = [
        (200, user(200)),
        (201, user(201)),
        (202, r#"{"job":"JOB-1"}"#.to_owned()),
        (204, String::new()),
    ];
    for (status, body) in made {
        let sent = format!(r#"{{"id":"{status}","kind":"HUMAN","new":true,"secret":"hush"}}"#);
        server.mock(|when, then| {
            when.method(POST)
                .path("/users")
                .header("content-type", V1)
                .header("accept", "application/json")
                .body(sent);
            let answer = then.status(status);
            if !body.is_empty() {
                answer.header("content-type", "application/json").body(body);
            }
        });
    }
    for (id, rule) in [
        ("absent", "{}"),
        ("null", r#"{"category_guid":null}"#),
        ("value", r#"{"category_guid":"CAT-1"}"#),
    ] {
        server.mock(|when, then| {
            when.method(PUT).path(format!("/rules/{id}")).body(rule);
            then.status(204);
        });
    }
    for (state, status, answer) in [
        ("error", 200, "\"Error\""),
        ("Err", 200, "null"),
        ("none", 201, r#"{"kind":"PAUSED"}"#),
    ] {
        server.mock(|when, then| {
            when.method(PUT)
                .path("/kinds/SAVINGS")
                .query_param("state", state)
                .body(r#"{"kind":null,"kinds":["SAVINGS",null,"Ok"],"why":"error"}"#);
            then.status(status)
                .header("content-type", "application/json")
                .body(answer);
        });
    }
    server.mock(|when, then| {
        when.method(GET)
            .path("/statement")
            .header("accept", "application/pdf");
        then.status(200)
            .header("content-type", "application/pdf")
            .body(b"%PDF \xff");
    });
    server.mock(|when, then| {
        when.method(PUT)
            .path("/statement")
            .header("content-type", "application/octet-stream");
        then.status(204);
    });
    server.mock(|when, then| {
        when.method(POST)
            .path("/statement")
            .header("content-type", "application/x-www-form-urlencoded")
            .body("grant_type=a%20b&scope=read%26write");
        then.status(204);
    });
}
