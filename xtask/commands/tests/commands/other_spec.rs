//! The suite and the mock server with a spec that is not in this repository.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

use crate::support::{command, out};

/// Three operations, one of which answers with whole numbers, one with nothing.
fn document() -> Value {
    let thing = json!({ "type": "object", "required": ["id", "size"], "properties": {
        "id": { "type": "string" }, "size": { "type": "integer", "format": "int64" }, "color": { "type": "string" } } });
    let content = |schema: Value| json!({ "application/json": { "schema": schema } });
    json!({
        "openapi": "3.0.0", "info": { "title": "Things", "version": "7" },
        "security": [{ "basic": [] }],
        "components": { "securitySchemes": { "basic": { "type": "http", "scheme": "basic" } } },
        "paths": {
            "/things": {
                "get": { "operationId": "listThings", "tags": ["reading"],
                    "responses": { "200": { "description": "", "content": content(json!({ "type": "array", "items": thing })) } } },
                "post": { "operationId": "createThing", "tags": ["writing"],
                    "requestBody": { "required": true, "content": content(json!({
                        "type": "object", "required": ["name"], "properties": {
                            "name": { "type": "string" },
                            // Any value is allowed: there is no `type`.
                            "extra": { "properties": { "note": { "type": "string" } } } } })) },
                    "responses": { "201": { "description": "", "content": content(thing) } } } },
            "/things/{id}": {
                "delete": { "operationId": "deleteThing", "tags": ["writing"],
                    "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
                    "responses": { "204": { "description": "" } } } },
        }
    })
}

/// What the overlay adds is not in the published spec.
const OVERLAY: &str = "
overlay: 1.0.0
info: { title: Corrections, version: '1' }
actions:
  - target: $..properties.color
    description: The colours are these.
    update: { enum: [RED] }
  - target: $.paths['/things'].post.requestBody.content['application/json'].schema
    description: The name is short.
    update: { properties: { name: { type: string, maxLength: 8 } } }
";

/// A folder with the spec and its overlay.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name, text: String| std::fs::write(folder.path().join(name), text);
    write("things.json", document().to_string()).expect("a file");
    write("overlay.yaml", OVERLAY.to_owned()).expect("a file");
    folder
}

/// A command, with options whose values are files of a folder.
fn with(mut command: Command, folder: &Path, options: &[(&str, &str)]) -> Command {
    for (option, file) in options {
        command.arg(option).arg(folder.join(file));
    }
    command.envs([
        ("MX_CLIENT_ID", "canary-id-1"),
        ("MX_API_KEY", "canary-key-1"),
        ("CARGO_NET_OFFLINE", "true"),
    ]);
    command.env_remove("GITHUB_ACTIONS");
    command
}

const BOTH: [(&str, &str); 2] = [("--spec", "things.json"), ("--overlay", "overlay.yaml")];

/// `cargo xtask conformance --spec` with these arguments.
fn suite(folder: &Path, arguments: &[&str]) -> Output {
    let arguments = [&["suite"], arguments].concat();
    let options = [BOTH[0], BOTH[1], ("--report", "report")];
    let mut suite = with(command(folder, &arguments), folder, &options);
    let output = suite.output().expect("it starts");
    let text = format!("{output:?}");
    assert!(!text.contains("canary-"), "{text}");
    output
}

fn report(folder: &Path) -> Value {
    let text = std::fs::read_to_string(folder.join("report/report.json")).expect("a report");
    assert!(!text.contains("canary-"), "{text}");
    serde_json::from_str(&text).expect("JSON")
}

/// A program that is ended when this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Cargo became the server.
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// The mock server of the spec with the overlay, and its URL.
fn mock(folder: &Path) -> (Running, String) {
    let mut cargo = xtask::cargo();
    cargo
        .current_dir(xtask::workspace())
        .env("CARGO_TARGET_DIR", xtask::target())
        .args(["run", "--quiet", "--package", "conformance", "--"])
        .args(["mock", "--quiet"]);
    let mut child = with(cargo, folder, &BOTH)
        .stdout(Stdio::piped())
        .spawn()
        .expect("cargo starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let first = lines.next().expect("a line").expect("text");
    let (_, url) = first.split_once(" listens on ").expect(&first);
    (Running(child), url.to_owned())
}

/// A response with a body, which ends the connection.
fn answer(status: &str, body: &str) -> String {
    let head = "content-type: application/json\r\nconnection: close\r\ncontent-length";
    format!("HTTP/1.1 {status}\r\n{head}: {}\r\n\r\n{body}", body.len())
}

/// A server that answers by the method, and its URL.
fn serve(answer: fn(&str) -> String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            std::thread::spawn(move || {
                let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
                let first = lines.next().unwrap_or_default();
                lines.find(String::is_empty);
                let method = first.split(' ').next().unwrap_or_default();
                // The suite may have left.
                _ = stream.write_all(answer(method).as_bytes());
                _ = stream.shutdown(Shutdown::Write);
                // Closing with unread data would reset the connection.
                _ = std::io::copy(&mut stream, &mut std::io::sink());
            });
        }
    });
    url
}

/// One test, as all of it needs the client that is built once.
#[test]
fn another_spec_is_proven_and_served() {
    let folder = folder();
    let folder = folder.path();

    let clients = suite(folder, &[]);
    assert_eq!(clients.status.code(), Some(0), "{clients:?}");
    let known = report(folder);
    let api = &known["apis"][0];
    assert_eq!(
        (&api["api"], &api["title"]),
        (&json!("things"), &json!("Things"))
    );
    assert_eq!(api["spec"]["version"], "7");
    assert_eq!(api["coverage"]["operations"]["reached"], 3);
    assert_eq!(
        api["judged"],
        json!({ "reached": 3, "total": 3, "missed": [] })
    );

    let (_running, url) = mock(folder);
    let target = ["--target", url.as_str(), "--include-writes"];
    let good = suite(folder, &target);
    assert_eq!(good.status.code(), Some(0), "{good:?}");
    assert!(out(&good).contains("probe: no body"), "{}", out(&good));

    // A server whose numbers no client can hold, which has a body with 204, and colours of its own.
    let url = serve(|method| match method {
        "GET" => answer(
            "200 OK",
            r#"[{"id":"1","size":99999999999999999999,"color":"BLUE"}]"#,
        ),
        "POST" => answer("201 Created", r#"{"id":"1","size":1.5}"#),
        _ => answer("204 No Content", "{}"),
    });
    let bad = suite(
        folder,
        &["--target", &url, "--include-writes", "--case", "request: *"],
    );
    assert_eq!(bad.status.code(), Some(1), "{bad:?}");
    let text = out(&bad);
    for wanted in [
        "the client cannot read the response",
        "a new value of the enum at `/*/color`",
        "204 says that there is none",
        "the body at `/size`: it is not of type",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    let causes = report(folder)["apis"][0]["causes"].clone();
    assert!(causes.as_array().expect("causes").len() >= 3, "{causes}");
}
