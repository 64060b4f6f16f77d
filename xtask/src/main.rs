//! The commands of this workspace: `cargo xtask --help` lists them.
//!
//! Exit codes: 0 good; 1 what was checked falls short; 2 it could not be checked.

mod bench;
mod conformance;
mod drift;
mod fetch;
mod files;
mod import;
mod input;
mod mock;
mod regen;
mod root;
mod sources;

use std::process::ExitCode;

use clap::Parser;

/// The commands of this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    /// Write the clients anew from their specs, or check that they are what the specs give
    Regen(regen::Args),
    /// Tell what changed between two specs, or between ours and what is published
    Drift(drift::Args),
    /// Take a spec out of documentation pages
    Import(import::Args),
    /// Send every operation through the clients and judge requests and responses against the specs
    Conformance(conformance::Args),
    /// Serve an API made from its spec, on this machine
    Mock(mock::Args),
    /// Measure, and print the figures as ratios
    Bench(bench::Args),
}

fn main() -> ExitCode {
    let result = match Command::parse() {
        Command::Regen(args) => regen::run(&args),
        Command::Drift(args) => drift::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Conformance(args) => conformance::run(&args),
        Command::Mock(args) => mock::run(&args),
        Command::Bench(args) => bench::run(&args),
    };
    result.unwrap_or_else(|message| {
        eprintln!("{message}");
        ExitCode::from(2)
    })
}
