//! Tools of others that `bash .ci/judges` installs, and servers in processes of their own.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A tool by its path under `target/judges`. `None` where it is not installed, which `REQUIRE_JUDGES` forbids.
pub fn tool(path: &str) -> Option<PathBuf> {
    let tool = root().join("target/judges").join(path);
    if tool.exists() {
        return Some(tool);
    }
    let advice = format!("{path} is not installed: `bash .ci/judges` installs it");
    assert!(std::env::var_os("REQUIRE_JUDGES").is_none(), "{advice}");
    eprintln!("skipped: {advice}");
    None
}

/// A running server, which ends with this value.
pub struct Process {
    child: Child,
    /// Its base URL.
    pub url: String,
}

impl Process {
    /// Our mock server.
    pub fn mock(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
        let mut child = command
            .arg("mock")
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the mock server starts");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        output.read_line(&mut line).expect("its first line");
        let url = line.split_whitespace().last().expect("its URL").to_owned();
        // What else it prints must find a reader.
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        Self { child, url }
    }

    /// Any server: `start` makes the command that listens on the port it is given.
    pub fn on_free_port(start: impl FnOnce(u16) -> Command) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        drop(listener);
        let child = start(port)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let started = Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
        };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "the server does not listen"
            );
            std::thread::sleep(Duration::from_millis(1));
        }
        started
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself, and nothing depends on it any more.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
