//! `cargo xtask bench`: figures as ratios measured in one run.

mod conformance;
mod gauges;
mod generate;
mod synthetic;

use std::ffi::OsStr;
use std::process::ExitCode;

use xtask::{build, cargo, note, program, workspace};

/// Arguments of `bench`.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Args {
    /// Run every benchmark on a small input, in a build that is not optimised; exit with 1 only where a ratio misses
    /// its limit by more than half
    #[arg(long)]
    quick: bool,
    #[command(subcommand)]
    what: Option<What>,
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
    let holds = match &args.what {
        None => quick()?,
        Some(What::Generate(args)) => generate::run(args)?,
        Some(What::Call) => measure(&["--package", "tests"], "call", &[])?,
        Some(What::Conformance(args)) => conformance::run(args)?,
    };
    Ok(match holds {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// All benchmarks, small; one that falls short does not stop the others.
fn quick() -> Result<bool, String> {
    // What the tests are built with, so that nothing else has to be compiled.
    const AS_TESTED: [&str; 3] = ["--workspace", "--profile", "dev"];
    let mut holds = generate::quick()?;
    for name in ["call", "speed"] {
        holds &= measure(&AS_TESTED, name, &["--quick".as_ref()])?;
    }
    Ok(holds)
}

/// Builds a benchmark that is a program of its own, and runs it; whether its figures are as they must be.
fn measure(build: &[&str], name: &str, arguments: &[&OsStr]) -> Result<bool, String> {
    let mut cargo = cargo();
    cargo.current_dir(workspace()).args(["bench", "--no-run"]);
    let path = build::build(cargo.args(build).args(["--bench", name]), name)?;
    note(format_args!("measuring: {name}"));
    let mut benchmark = program(&path);
    let status = benchmark.arg("--bench").args(arguments).status();
    match status {
        Ok(status) if status.success() => Ok(true),
        Ok(status) if status.code() == Some(1) => Ok(false),
        Ok(_) => Err(format!("{name} could not be measured")),
        Err(error) => Err(format!("cannot start {}: {error}", path.display())),
    }
}
