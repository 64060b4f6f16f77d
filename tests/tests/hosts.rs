//! Programs with an HTTP client of their own start and call as before once a client is among their dependencies.
//!
//! These two compile much, so continuous integration runs them as a step of its own; `end_to_end/downstream.rs` has two more.

use std::path::Path;
use std::sync::OnceLock;

use httpmock::prelude::*;
use tests::Crates;

const NATIVE: &str = r#"
platform-client = { path = "$ROOT/crates/platform-client" }
reqwest = { version = "0.13", default-features = false, features = ["native-tls"] }
tokio = { version = "1", features = ["rt", "macros"] }
"#;

const NATIVE_MAIN: &str = r#"
use platform_client as _;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let server = std::env::var("SERVER").expect("the server");
    let answer = reqwest::Client::new().get(server).send().await.expect("an answer");
    println!("{}", answer.status());
}
"#;

const OTLP: &str = r#"
platform-client = { path = "$ROOT/crates/platform-client" }
opentelemetry = { version = "0.33", default-features = false, features = ["trace"] }
opentelemetry_sdk = { version = "0.33", default-features = false, features = ["trace"] }
opentelemetry-otlp = { version = "0.33", default-features = false, features = ["trace", "http-proto", "reqwest-client"] }
tokio = { version = "1", features = ["rt-multi-thread", "macros"] }
"#;

const OTLP_MAIN: &str = r#"
use opentelemetry::trace::{Tracer as _, TracerProvider as _};
use opentelemetry_otlp::WithExportConfig as _;
use platform_client as _;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let server = std::env::var("SERVER").expect("the server");
    let exporter = opentelemetry_otlp::SpanExporter::builder().with_http().with_endpoint(server).build();
    let exporter = exporter.expect("an exporter");
    let provider = opentelemetry_sdk::trace::SdkTracerProvider::builder().with_simple_exporter(exporter).build();
    tokio::task::block_in_place(|| provider.tracer("test").in_span("a span", |_| ()));
    println!("200 OK");
}
"#;

/// The hosts share a workspace, and with it most of what they compile.
fn hosts() -> &'static Crates {
    static HOSTS: OnceLock<Crates> = OnceLock::new();
    HOSTS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hosts");
        let crates = Crates::new(&folder, &["native", "otlp"]);
        crates.add("native", NATIVE, &[("main.rs", NATIVE_MAIN)]);
        crates.add("otlp", OTLP, &[("main.rs", OTLP_MAIN)]);
        // The exporter is not among what the repository depends on.
        let mut fetch = tests::cargo();
        fetch.current_dir(&folder).arg("fetch");
        let fetched = fetch.env("CARGO_NET_OFFLINE", "false").status();
        assert!(fetched.expect("cargo starts").success());
        crates
    })
}

/// Starts a host, and returns how many requests it sent.
fn requests_of(host: &str) -> usize {
    let server = MockServer::start();
    let mock = server.mock(|when, then| {
        when.any_request();
        then.status(200);
    });
    let mut program = hosts().build(host, &[]).command();
    let output = program
        .env("SERVER", server.base_url())
        .output()
        .expect("the program starts");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "200 OK\n",
        "{output:?}"
    );
    mock.calls()
}

#[test]
#[ignore = "compiles much; `cargo xtask ci` runs it"]
fn a_program_with_native_tls() {
    assert_eq!(requests_of("native"), 1);
}

#[test]
#[ignore = "compiles much, and needs the network for it; `cargo xtask ci` runs it"]
fn a_program_that_exports_traces_over_http() {
    assert_eq!(requests_of("otlp"), 1);
}
