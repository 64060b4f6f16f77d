//! What the tests share.

#![allow(dead_code, reason = "no test uses all of it")]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use conformance::api::Api;
use conformance::contract::Contract;
use httpmock::MockServer as HttpMock;
use serde_json::{Value, json};

/// The API of a name, with its client as generated.
pub fn api(name: &str) -> Api {
    let apis = Api::all().expect("the clients' specs are JSON");
    let found = apis.into_iter().find(|api| api.name == name);
    found.expect("there is an API of that name")
}

/// The Platform API, as its spec says after a change; its client is that of the spec as it is.
pub fn changed(change: impl FnOnce(&mut Value)) -> Api {
    let mut document = serde_json::from_str(platform_client::OPENAPI).expect("JSON");
    change(&mut document);
    let mut api = api("platform");
    api.contract = Arc::new(Contract::new(document));
    api
}

/// A contract of many operations.
pub fn many(operations: usize) -> Api {
    changed(|document| {
        let paths = (0..operations).map(|number| {
            let operation = json!({ "operationId": format!("operation{number}"), "responses": {} });
            (format!("/things/{number}"), json!({ "get": operation }))
        });
        document["paths"] = Value::Object(paths.collect());
    })
}

/// The suite's program, in a folder, with nothing in the environment that it would heed.
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

/// A server that answers everything alike.
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

/// A Nexus server that drops a field, tells a secret, and names a field so that it would give orders to a terminal or
/// to a CI service, or bring markup into a page.
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
                .body(json!({ "member": member }).to_string());
        })
        .await;
    server
}
