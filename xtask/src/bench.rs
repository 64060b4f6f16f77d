//! `cargo xtask bench`: what the clients cost beside calls written by hand.

use std::process::{Command, ExitCode};

use crate::root::root;

/// Arguments of `bench`.
#[derive(clap::Args)]
pub struct Args {
    /// What to measure
    #[command(subcommand)]
    subject: Subject,
}

#[derive(clap::Subcommand)]
enum Subject {
    /// One call through each client against a server on this machine
    Call,
}

/// Runs the command: a benchmark is a program of its own, built for speed.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    let name = match args.subject {
        Subject::Call => "call",
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(root())
        .args(["bench", "--quiet", "--package", "tests", "--bench", name])
        .status()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    // Cargo's own code for a bench that fails is its exit code, or 101 if it did not build.
    Ok(ExitCode::from(match code {
        Some(code @ (0 | 1)) => code,
        _ => 2,
    }))
}
