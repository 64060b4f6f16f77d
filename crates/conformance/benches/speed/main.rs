//! How fast the suite and the mock server are, the latter beside Prism and Steady in the same run.
//! `cargo xtask bench conformance` runs it.
//!
//! Rounds of the servers are interleaved, and what counts is the median of the rounds' ratios, so that a busy machine
//! disturbs all alike. Exits with 1 if a figure falls short, and with 2 if it could not be measured.

#[path = "../../tests/support/judges.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod judges;
mod load;
mod mock;
mod requests;
mod suite;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

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
    /// Passed by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

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
    let mut holds = suite::measure(args.suite.as_deref())?;
    for api in apis::all()? {
        let spec = judges::root()
            .join("specs")
            .join(api.name)
            .join("openapi.yaml");
        let ours = vec!["--api".to_owned(), api.name.to_owned()];
        holds &= mock::measure(api.name, ours, &spec, &api.contract)?;
    }
    if let Some(spec) = &args.spec {
        let ours = vec!["--spec".to_owned(), text(spec)?.to_owned()];
        let server = SpecServer::of_file(spec)?;
        holds &= mock::measure("the full spec", ours, spec, server.contract())?;
    }
    Ok(holds)
}

fn text(path: &Path) -> Result<&str, String> {
    path.to_str().ok_or("the file's name is no text".to_owned())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
