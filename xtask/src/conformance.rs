//! `cargo xtask conformance`: starts the suite, which is a program of its own so that clients that do not compile
//! cannot stop the other commands.

use std::process::{Command, ExitCode};

use crate::root::root;

/// Arguments of `conformance`.
#[derive(clap::Args)]
pub struct Args {
    /// Passed on to the suite; `cargo xtask conformance -- --help` lists what it takes
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    start(args.rest.iter().map(String::as_str))
}

/// Starts the suite's program with these arguments, in the repository, and ends as it does.
pub fn start<'a>(arguments: impl Iterator<Item = &'a str>) -> Result<ExitCode, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(root())
        .args(["run", "--quiet", "--package", "conformance", "--"])
        .args(arguments)
        .status()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(2)))
}
