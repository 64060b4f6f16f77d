//! A crate that depends on both clients by path, as any other would: the README's code, and what it can print.

use std::fs;
use std::path::Path;
use std::process::Output;
use std::sync::OnceLock;

use httpmock::prelude::*;
use tests::{Build, Crates};
use xtask::workspace;

const DEPENDENCIES: &str = "
platform-client = { path = \"$ROOT/crates/platform-client\" }
nexus-client = { path = \"$ROOT/crates/nexus-client\" }
tokio = { version = \"1\", features = [\"rt\", \"macros\"] }
# The program's own, without TLS.
reqwest = { version = \"0.13\", default-features = false }
# A provider that the program may install.
rustls = { version = \"0.23\", default-features = false, features = [\"ring\", \"std\", \"tls12\"] }
";

const WINDOW: &str =
    r#"{"member":{"guid":"MBR-1","oauth_window_uri":"https://example.com/WINDOW-SECRET"}}"#;
const SECRETS: [&str; 6] = [
    "CLIENT-SECRET",
    "API-SECRET",
    "SESSION-SECRET",
    "WINDOW-SECRET",
    "SERVER-SECRET",
    "QUERY-SECRET",
];

/// The first example of the README, as a module, with the server of one's own that the README speaks of.
fn readme() -> String {
    let text = fs::read_to_string(workspace().join("README.md")).expect("the README");
    let (_, rest) = text.split_once("```rust,no_run\n").expect("an example");
    let (code, _) = rest.split_once("```").expect("the end of the example");
    let shown = code
        .lines()
        .map(|line| line.strip_prefix("# ").unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n");
    let served = shown
        .replace(
            ".environment(Environment::Integration)",
            ".base_url(crate::server())",
        )
        .replace(
            ".environment(nexus_client::Environment::Integration)",
            ".base_url(crate::server())",
        )
        .replace("async fn example", "pub async fn example");
    assert_eq!(
        served.matches("crate::server()").count(),
        2,
        "the README builds both clients:\n{shown}"
    );
    format!("#![allow(unused)]\n{served}\n")
}

fn program() -> &'static Build {
    static BUILD: OnceLock<Build> = OnceLock::new();
    BUILD.get_or_init(|| {
        let crates = Crates::new(
            &Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients"),
            &["downstream"],
        );
        let main = include_str!("../../fixtures/downstream/main.rs");
        crates.add(
            "downstream",
            DEPENDENCIES,
            &[("main.rs", main), ("readme.rs", &readme())],
        );
        let build = crates.build("downstream", &[]);
        assert_eq!(build.warnings, Vec::<String>::new());
        build
    })
}

fn run(server: &str, what: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = program().command();
    command
        .arg(what)
        .env("MX", server)
        .envs(variables.iter().copied());
    command.output().expect("the program starts")
}

/// An environment variable and its value.
type Variable = (&'static str, &'static str);

const CREDENTIALS: [Variable; 3] = [
    ("MX_CLIENT_ID", "CLIENT-SECRET"),
    ("MX_API_KEY", "API-SECRET"),
    ("MX_SESSION_TOKEN", "SESSION-SECRET"),
];

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn the_readme_does_what_it_shows() {
    let server = MockServer::start();
    let platform = server.mock(|when, then| {
        when.method(GET)
            .path("/users/USR-1/members/MBR-1/oauth_window_uri")
            .query_param("referral_source", "APP")
            .query_param("client_redirect_url", "https://example.com/done")
            .header("authorization", "Basic Q0xJRU5ULVNFQ1JFVDpBUEktU0VDUkVU")
            .header("accept", "application/json")
            .header("accept-version", "v20250224")
            .header_missing("api-version");
        then.status(200)
            .header("content-type", "application/json")
            .body(WINDOW);
    });
    let nexus = server.mock(|when, then| {
        when.method(GET)
            .path("/members/MBR-1/oauth_window_uri")
            .header("md-session-token", "SESSION-SECRET")
            .header("accept", "application/vnd.mx.nexus.v1+json")
            .header_missing("authorization")
            .header_missing("api-version");
        then.status(200)
            .header("content-type", "application/vnd.mx.nexus.v1+json")
            .body(WINDOW);
    });
    let output = run(&server.base_url(), "readme", &CREDENTIALS);
    assert!(output.status.success(), "{}", text(&output));
    platform.assert();
    nexus.assert();
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("MBR-1"),
        "{}",
        text(&output)
    );
}

#[test]
fn the_http_client_of_the_program_goes_on_working() {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.any_request();
        then.status(200)
            .header("content-type", "application/json")
            .body(WINDOW);
    });
    // With no TLS of the program's own, and with another provider of rustls than ours.
    for what in ["own-client", "ring"] {
        let output = run(&server.base_url(), what, &[]);
        let wanted = "own 200 OK\nours ok, https true\n";
        assert_eq!(text(&output), wanted, "{what}");
    }
}

#[test]
fn nothing_prints_a_secret() {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.path_includes("/MBR-1/");
        then.status(200)
            .header("content-type", "application/json")
            .body(WINDOW);
    });
    server.mock(|when, then| {
        when.path_includes("/MBR-2/");
        let body = r#"{"error":{"message":"Member cannot use OAuth, says SERVER-SECRET"}}"#;
        then.status(400)
            .header("content-type", "application/json")
            .body(body);
    });
    server.mock(|when, then| {
        when.path_includes("/MBR-3/");
        then.status(200)
            .header("content-type", "application/json")
            .body(r#"{"member":"SERVER-SECRET"}"#);
    });
    let output = run(&server.base_url(), "secrets", &CREDENTIALS);
    let printed = text(&output);
    assert!(output.status.success(), "{printed}");
    assert!(
        printed.contains("[hidden]") && printed.contains("status 400"),
        "{printed}"
    );
    for secret in SECRETS {
        assert!(!printed.contains(secret), "{secret} in:\n{printed}");
    }
}

#[test]
fn credentials_that_are_missing_or_malformed_are_named_but_not_shown() {
    let [id, key, session] = CREDENTIALS;
    let cases: [(&str, Vec<Variable>, &str); 6] = [
        ("credentials", vec![key], "MX_CLIENT_ID is not set"),
        ("credentials", vec![id], "MX_API_KEY is not set"),
        (
            "credentials",
            vec![id, ("MX_API_KEY", "")],
            "MX_API_KEY is empty",
        ),
        (
            "credentials",
            vec![id, ("MX_API_KEY", "API-SECRET\n")],
            "MX_API_KEY contains",
        ),
        ("session", vec![], "MX_SESSION_TOKEN is not set"),
        (
            "session",
            vec![("MX_SESSION_TOKEN", "SESSION-SECRET x")],
            "MX_SESSION_TOKEN contains",
        ),
    ];
    for (what, variables, told) in cases {
        let output = run("http://127.0.0.1:9", what, &variables);
        let printed = text(&output);
        assert!(
            !output.status.success() && printed.contains(told),
            "no `{told}` in:\n{printed}"
        );
        for secret in SECRETS {
            assert!(!printed.contains(secret), "{secret} in:\n{printed}");
        }
    }
    let output = run("http://127.0.0.1:9", "session", &[session]);
    assert!(output.status.success(), "{}", text(&output));
}
