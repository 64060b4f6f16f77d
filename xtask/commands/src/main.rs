//! The commands that work on specs and on the repository; `cargo xtask` starts this program.
//!
//! Exit codes: 0 good; 1 what was checked falls short; 2 it could not be checked.

#![deny(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod ci;
mod client;
mod description;
mod drift;
mod fetch;
mod import;
mod input;
mod listings;
mod new_client;
mod regen;
mod release;
mod sources;
mod suite;

use std::process::ExitCode;

use clap::Parser;
use xtask::note;

/// The commands that work on specs and on the repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    /// Write the clients' code from their specs, or check that it is what the specs give
    Regen(regen::Args),
    /// Write the client crate of another spec, in this repository or anywhere
    NewClient(new_client::Args),
    /// Show what changed between two specs, or between ours and what is published
    Drift(drift::Args),
    /// Write a spec from documentation pages
    Import(import::Args),
    /// Run the conformance suite with the client of another spec
    #[command(hide = true)]
    Suite(suite::Args),
    /// Measure, and print the figures as ratios
    Bench(bench::Args),
    /// Show the next release and verify its packages, or write its version and changelog
    Release(release::Args),
    /// Run what continuous integration runs
    Ci(ci::Args),
}

fn main() -> ExitCode {
    let result = match Command::parse() {
        Command::Regen(args) => regen::run(&args),
        Command::NewClient(args) => new_client::run(&args),
        Command::Drift(args) => drift::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Suite(args) => suite::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Release(args) => release::run(&args),
        Command::Ci(args) => ci::run(&args),
    };
    result.unwrap_or_else(|message| {
        // It may quote a spec or a page.
        note(::drift::compare::safe::lines(&message));
        ExitCode::from(2)
    })
}
