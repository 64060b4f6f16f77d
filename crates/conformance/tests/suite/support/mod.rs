//! What the tests share.

#![allow(dead_code, reason = "no test uses all of it")]

pub mod proxy;
pub mod raw;

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, LazyLock, mpsc};
use std::thread;
use std::time::Duration;

use conformance::api::Api;
use conformance::{apis, contract};
use httpmock::MockServer as HttpMock;
use serde_json::{Value, json};
use tokio::net::TcpSocket;

/// The APIs that tests and snapshots describe. Others may be added to the repository.
pub const OURS: [&str; 2] = ["nexus", "platform"];

/// The API of a name, with its client as generated.
pub fn api(name: &str) -> Api {
    static APIS: LazyLock<Vec<Api>> =
        LazyLock::new(|| apis::all().expect("the clients' specs are JSON"));
    let found = APIS.iter().find(|api| api.name == name);
    found.expect("there is an API of that name").clone()
}

/// The Platform API with a changed spec; its client is that of the unchanged spec.
pub fn changed(change: impl FnOnce(&mut Value)) -> Api {
    let mut document = serde_json::from_str(platform_client::OPENAPI).expect("JSON");
    change(&mut document);
    let mut api = api("platform");
    api.contract = Arc::new(contract::read(document));
    api
}

/// An API with many operations.
pub fn many(operations: usize) -> Api {
    changed(|document| {
        let paths = (0..operations).map(|number| {
            let operation = json!({ "operationId": format!("operation{number}"), "responses": {} });
            (format!("/things/{number}"), json!({ "get": operation }))
        });
        document["paths"] = Value::Object(paths.collect());
    })
}

/// The suite's program, in a folder, without the environment variables that it reads.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command.current_dir(folder);
    for name in [
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "GITHUB_ACTIONS",
        "GITHUB_STEP_SUMMARY",
        "MX_API_KEY",
        "MX_CLIENT_ID",
        "MX_SESSION_TOKEN",
        "MX_TOKEN",
        "NO_COLOR",
    ] {
        command.env_remove(name);
    }
    command
}

/// An address on which no server listens, and which no other program can take meanwhile.
pub struct Absent {
    _socket: TcpSocket,
    /// The URL of the server that is not there.
    pub url: String,
}

impl Absent {
    /// Takes an address.
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        let any = (Ipv4Addr::LOCALHOST, 0).into();
        socket.bind(any).expect("a free port");
        let address = socket.local_addr().expect("its address");
        Self {
            _socket: socket,
            url: format!("http://{address}"),
        }
    }
}

/// Waits for a process to end. If it does not, it is killed and the test fails.
pub fn wait(mut process: Child) -> ExitStatus {
    let pid = process.id().to_string();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(process.wait()));
    match receiver.recv_timeout(Duration::from_secs(300)) {
        Ok(status) => status.expect("its exit status"),
        Err(_) => {
            _ = Command::new("kill").args(["-KILL", &pid]).status();
            panic!("the process does not end");
        }
    }
}

/// A server that responds to everything in the same way.
pub async fn always(status: u16, media_type: &str, body: &str) -> HttpMock {
    let server = HttpMock::start_async().await;
    server
        .mock_async(|_, then| {
            then.status(status)
                .header("content-type", media_type)
                .body(body);
        })
        .await;
    server
}

/// A Nexus server that drops the wrapper of its responses, sends a secret, and has a field whose name would control a terminal or a CI
/// service, or be markup in a page.
pub async fn bad_server() -> HttpMock {
    let server = HttpMock::start_async().await;
    let member = json!({
        "oauth_window_uri": "https://example.com/top-secret",
        "evil\r\n::warning::evil\u{1b}[31m</script><img src=x onerror=alert(1)>": 1,
    });
    server
        .mock_async(|_, then| {
            then.status(200)
                .header("content-type", "application/vnd.mx.nexus.v1+json")
                .header("set-cookie", "session=top-secret")
                .body(member.to_string());
        })
        .await;
    server
}
