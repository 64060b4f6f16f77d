//! How fast the suite and the mock server are, the latter compared with Prism and Steady in the same run.
//! `cargo xtask bench conformance` runs it.
//!
//! Rounds of the servers are interleaved, and the median of the rounds' ratios counts, so that a busy machine
//! disturbs all of them. Exits with 1 if a figure misses its limit, and with 2 if it could not be measured.

#![deny(clippy::print_stdout)]

#[path = "../../tests/suite/support/judges.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod judges;
mod load;
mod mock;
mod requests;
mod suite;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use conformance::SpecServer;
use conformance::apis;

/// Arguments of the benchmark.
#[derive(Parser)]
struct Args {
    /// A full spec of the Platform API
    #[arg(long, requires = "suite")]
    spec: Option<PathBuf>,
    /// The suite's program with a Platform client made from the full spec
    #[arg(long, requires = "spec")]
    suite: Option<PathBuf>,
    /// Measure little, and fail only where a ratio misses its limit by more than half
    #[arg(long)]
    quick: bool,
    /// Passed by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// How much is measured, and how strictly it is judged.
struct Extent {
    /// Runs of the suite, and starts of a server.
    runs: usize,
    /// Rounds of requests, how long one is, and how long the one before the first.
    rounds: usize,
    round: Duration,
    /// Long enough for just-in-time compilers.
    warm_up: Duration,
    /// The part of a limit by which a ratio may miss it.
    slack: f64,
    /// The part of its optimised speed that the mock reaches as it is built here.
    built: f64,
    /// Whether the mock is measured with its log as well.
    with_log: bool,
    /// Whether times are checked, not only ratios.
    judges_times: bool,
}

const FULL: Extent = Extent {
    runs: 5,
    rounds: 5,
    round: Duration::from_secs(1),
    warm_up: Duration::from_secs(2),
    slack: 0.0,
    built: 1.0,
    with_log: true,
    judges_times: true,
};
const QUICK: Extent = Extent {
    runs: 1,
    rounds: 3,
    round: Duration::from_millis(300),
    warm_up: Duration::from_secs(1),
    slack: 0.5,
    // Built as the tests are, without optimisation; the other servers are as fast as ever.
    built: 0.2,
    with_log: false,
    judges_times: false,
};

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

/// Whether every figure is as it must be.
fn run(args: &Args) -> Result<bool, String> {
    let extent = match args.quick {
        true => QUICK,
        false => FULL,
    };
    let mut holds = suite::measure(args.suite.as_deref(), &extent)?;
    for api in apis::all()? {
        let spec = judges::root()
            .join("specs")
            .join(api.name)
            .join("openapi.yaml");
        let ours = vec!["--api".to_owned(), api.name.to_owned()];
        holds &= mock::measure(api.name, ours, &spec, &api.contract, &extent)?;
    }
    if let Some(spec) = &args.spec {
        let ours = vec!["--spec".to_owned(), text(spec)?.to_owned()];
        let server = SpecServer::of_file(spec)?;
        holds &= mock::measure("the full spec", ours, spec, server.contract(), &extent)?;
    }
    Ok(holds)
}

fn text(path: &Path) -> Result<&str, String> {
    path.to_str()
        .ok_or("the file's name is not UTF-8".to_owned())
}

fn say(line: std::fmt::Arguments<'_>) {
    xtask::print(format_args!("{line}\n")).expect("the output can be written");
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
