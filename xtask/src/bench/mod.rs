//! `cargo xtask bench`: figures as ratios measured in one run.

mod call;
mod conformance;
mod generate;
mod measure;
mod synthetic;

use std::process::ExitCode;

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
