//! What the end-to-end tests share: copies of the repository with its commands, and crates built on its clients.

mod crates;
mod repository;

pub use crates::{Build, Crates};
pub use repository::{Copy, Outcome};

use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository that these tests are part of.
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("the package is a folder of the repository")
        .to_owned()
}

/// The folder that cargo builds into, the same that this program was built in.
fn target() -> PathBuf {
    let program = std::env::current_exe().expect("the test's own path");
    // target/debug/deps/<program>
    let target = program.ancestors().nth(3);
    target.expect("cargo's target folder").to_owned()
}

/// Cargo, offline, with what is built already at hand.
fn cargo() -> Command {
    let mut cargo = xtask::cargo();
    cargo
        .env("CARGO_TARGET_DIR", target())
        .env_remove("PLATFORM_CLIENT_SPEC")
        .env_remove("NEXUS_CLIENT_SPEC");
    cargo
}

/// The messages of a cargo build that was asked for `--message-format=json`.
fn messages(output: &[u8]) -> Vec<serde_json::Value> {
    let text = String::from_utf8_lossy(output);
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}
