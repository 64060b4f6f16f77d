//! The mock server as a program: Ctrl-C ends it, and not the answers under way.

#![cfg(unix)]

mod support;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

#[test]
fn ctrl_c_lets_calls_under_way_finish() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = support::program(folder.path())
        .args(["mock", "--api", "nexus", "--fault", "delay:1500"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap());
    let mut first = String::new();
    lines.read_line(&mut first).unwrap();
    let (_, address) = first.trim().rsplit_once("http://").expect(&first);

    let mut call = TcpStream::connect(address).unwrap();
    call.set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let head = "GET /members/MBR-1/oauth_window_uri HTTP/1.1\r\nHost: localhost\r\n";
    let rest = "MD-SESSION-TOKEN: token\r\nAccept: application/vnd.mx.nexus.v1+json\r\n\r\n";
    call.write_all(format!("{head}{rest}").as_bytes()).unwrap();
    // The server has the call, and is in its delay.
    sleep(Duration::from_millis(500));
    let pid = server.id().to_string();
    let sent = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(sent.success());

    let mut answer = String::new();
    call.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("oauth_window_uri"), "{answer}");
    let deadline = Instant::now() + Duration::from_secs(20);
    let status = loop {
        match server.try_wait().unwrap() {
            Some(status) => break status,
            None if Instant::now() > deadline => {
                server.kill().unwrap();
                panic!("the server does not stop");
            }
            None => sleep(Duration::from_millis(20)),
        }
    };
    assert_eq!(status.code(), Some(0));
    assert!(
        TcpStream::connect(address).is_err(),
        "nobody listens any more"
    );
}
