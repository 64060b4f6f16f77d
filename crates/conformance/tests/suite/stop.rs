//! The mock server as a program: Ctrl-C ends it, but not the calls that it is answering.

#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use crate::support;

#[test]
fn ctrl_c_lets_calls_finish() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = support::program(folder.path())
        .args(["mock", "--api", "nexus"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap());
    let mut first = String::new();
    lines.read_line(&mut first).unwrap();
    let (_, address) = first.trim().rsplit_once("http://").expect(&first);

    let mut call = TcpStream::connect(address).unwrap();
    let head = "GET /members/MBR-1/oauth_window_uri HTTP/1.1\r\nHost: localhost\r\n";
    let rest = "MD-SESSION-TOKEN: token\r\nAccept: application/vnd.mx.nexus.v1+json\r\n";
    let body = "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n";
    call.write_all(format!("{head}{rest}{body}").as_bytes())
        .unwrap();
    // The server has the call, and waits for the rest of it.
    let mut interim = [0; 25];
    call.read_exact(&mut interim).unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    let pid = server.id().to_string();
    let sent = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(sent.success());
    // It has the signal as soon as it accepts no more connections.
    while TcpStream::connect(address).is_ok() {}

    call.write_all(b"0\r\n\r\n").unwrap();
    let mut answer = String::new();
    call.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("oauth_window_uri"), "{answer}");
    assert_eq!(support::wait(server).code(), Some(0));
}
