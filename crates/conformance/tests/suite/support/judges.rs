//! Tools of others that `bash .ci/judges` installs, and servers in other processes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A tool by its path below `target/judges`. `None` if it is not installed, which `REQUIRE_JUDGES` forbids.
pub fn tool(path: &str) -> Option<PathBuf> {
    let tool = root().join("target/judges").join(path);
    if tool.exists() {
        return Some(tool);
    }
    let advice = format!("{path} is not installed: `bash .ci/judges` installs it");
    assert!(std::env::var_os("REQUIRE_JUDGES").is_none(), "{advice}");
    // `eprintln` is not shown where a test passes.
    let skipped = format!("SKIPPED: {advice}\n");
    _ = std::io::stderr().write_all(skipped.as_bytes());
    None
}

/// A running server, which is ended when this is dropped.
pub struct Process {
    /// The process.
    pub child: Child,
    /// Its base URL.
    pub url: String,
}

impl Process {
    /// Our mock server.
    pub fn mock(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
        command.arg("mock").args(arguments);
        Self::start(command, " listens on ")
    }

    /// A server that prints its URL, after these words, when it listens.
    pub fn start(mut command: Command, words: &str) -> Self {
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = child.spawn().expect("the server starts");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        let url = loop {
            line.clear();
            let length = output.read_line(&mut line).expect("its output");
            assert!(length > 0, "the server ends before it listens");
            if let Some((_, url)) = line.split_once(words) {
                break url.trim().to_owned();
            }
        };
        // A process stops if no one reads its output.
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        Self { child, url }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
