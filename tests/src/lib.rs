//! What the end-to-end tests share: crates built on the clients, and cargo as a user starts it.

mod crates;

pub use crates::{Build, Crates, write};

use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

/// Cargo, offline, with what is built already at hand.
pub fn cargo() -> Command {
    prepared(xtask::cargo())
}

/// The program that `cargo xtask` starts, which cargo builds once.
///
/// # Panics
///
/// It cannot be built.
pub fn xtask() -> Command {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
        let mut build = cargo();
        build.args(["build", "--package", "xtask"]);
        xtask::build::build(&mut build, "xtask").expect("xtask builds")
    });
    prepared(xtask::program(&PROGRAM))
}

fn prepared(mut command: Command) -> Command {
    command
        .current_dir(xtask::workspace())
        .env("CARGO_TARGET_DIR", xtask::target())
        .env("CARGO_NET_OFFLINE", "true")
        .env_remove("PLATFORM_CLIENT_SPEC")
        .env_remove("NEXUS_CLIENT_SPEC");
    command
}
