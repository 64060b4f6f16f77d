//! `cargo xtask bench call`: what a call costs beside the same call written by hand.

use std::process::ExitCode;

/// Runs the benchmark.
pub fn run() -> Result<ExitCode, String> {
    super::program("tests", "call", &[])
}
