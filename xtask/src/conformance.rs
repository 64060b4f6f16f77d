//! `cargo xtask conformance`: starts the suite, which is a program of its own so that clients that do not compile
//! cannot stop the other commands.

use std::io;
use std::process::{Command, ExitCode};

use crate::root::{cannot_start, cargo};

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
    let mut command = cargo();
    command
        .args(["run", "--quiet", "--package", "conformance", "--"])
        .args(arguments);
    become_it(command).map_err(cannot_start)
}

/// Ctrl-C is for the program: nobody stands between it and the terminal.
#[cfg(unix)]
fn become_it(mut command: Command) -> io::Result<ExitCode> {
    Err(std::os::unix::process::CommandExt::exec(&mut command))
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> io::Result<ExitCode> {
    let code = command.status()?.code();
    let code = code.and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(2)))
}
