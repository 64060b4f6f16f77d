//! `cargo xtask bench`: figures as ratios measured in one run.

mod call;
mod conformance;
mod generate;
mod measure;
mod synthetic;

use std::path::Path;
use std::process::ExitCode;

use crate::root::{cannot_start, cargo};

/// Arguments of `bench`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Generating and compiling a client, against progenitor's own output for the same spec
    Generate(generate::Args),
    /// One call through each client against a server on this machine
    Call,
    /// The conformance suite, and the mock server beside those of others
    Conformance(conformance::Args),
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    match &args.what {
        What::Generate(args) => generate::run(args),
        What::Call => call::run(),
        What::Conformance(args) => conformance::run(args),
    }
}

/// Runs a benchmark that is a program of its own, built for speed.
fn program(package: &str, name: &str, arguments: &[&Path]) -> Result<ExitCode, String> {
    let status = cargo()
        .args([
            "bench",
            "--quiet",
            "--package",
            package,
            "--bench",
            name,
            "--",
        ])
        .args(arguments)
        .status()
        .map_err(cannot_start)?;
    // One that does not build ends with 101, one that cannot measure with 2: neither could be checked.
    Ok(ExitCode::from(match status.code() {
        Some(0) => 0,
        Some(1) => 1,
        _ => 2,
    }))
}
