//! What the end-to-end tests share: crates built on the clients, and cargo as a user starts it.

mod crates;

pub use crates::{Build, Crates, write};

use std::process::Command;

/// Cargo, offline, with what is built already at hand.
pub fn cargo() -> Command {
    let mut cargo = xtask::cargo();
    cargo
        .current_dir(xtask::workspace())
        .env("CARGO_TARGET_DIR", xtask::target())
        .env("CARGO_NET_OFFLINE", "true")
        .env_remove("PLATFORM_CLIENT_SPEC")
        .env_remove("NEXUS_CLIENT_SPEC");
    cargo
}
