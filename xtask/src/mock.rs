//! `cargo xtask mock`: a mock server made from a spec, served by the suite's program.

use std::process::ExitCode;

use crate::conformance;

/// Arguments of `mock`.
#[derive(clap::Args)]
pub struct Args {
    /// Passed on to the server; `cargo xtask mock -- --help` lists what it takes
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    conformance::start(std::iter::once("mock").chain(args.rest.iter().map(String::as_str)))
}
