//! `cargo xtask bench`: figures as ratios measured in one run.

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
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    match &args.what {
        What::Generate(args) => generate::run(args),
    }
}
