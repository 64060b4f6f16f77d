//! `cargo xtask bench call`: what a call costs beside the same call written by hand.

use std::process::{Command, ExitCode};

use crate::root::root;

/// Runs the benchmark, a program of its own that is built for speed.
pub fn run() -> Result<ExitCode, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(root())
        .args(["bench", "--quiet", "--package", "tests", "--bench", "call"])
        .status()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    // A benchmark that does not build or run ends with 101: it could not be checked.
    Ok(ExitCode::from(match status.code() {
        Some(0) => 0,
        Some(1) => 1,
        _ => 2,
    }))
}
