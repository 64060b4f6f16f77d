//! `cargo xtask bench`: figures as ratios measured in one run, printed and written to `docs/benchmarks.md`.

mod build;
mod conformance;
mod gauges;
mod generate;
mod program;
mod record;

use std::process::ExitCode;

use program::measure;
use record::Record;

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
    /// A cold build of a program with a client, against the same program without
    Build,
    /// One call through each client against a server on this machine
    Call,
    /// The conformance suite, and the mock server beside those of others
    Conformance(conformance::Args),
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    let mut record = Record::default();
    let (name, holds) = match &args.what {
        None => return Ok(exit(quick(&mut record)?)),
        Some(What::Generate(args)) => ("generate", generate::run(args, &mut record)?),
        Some(What::Build) => ("build", build::run(&mut record)?),
        Some(What::Call) => {
            let build = ["--package", "tests"];
            ("call", measure(&mut record, &build, "call", &[])?)
        }
        Some(What::Conformance(args)) => ("conformance", conformance::run(args, &mut record)?),
    };
    record.write(name)?;
    Ok(exit(holds))
}

fn exit(holds: bool) -> ExitCode {
    match holds {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// All benchmarks, small; one that falls short does not stop the others.
fn quick(record: &mut Record) -> Result<bool, String> {
    // What the tests are built with, so that nothing else has to be compiled.
    const AS_TESTED: [&str; 3] = ["--workspace", "--profile", "dev"];
    let mut holds = generate::quick(record)?;
    for name in ["call", "speed"] {
        holds &= measure(record, &AS_TESTED, name, &["--quick".as_ref()])?;
    }
    Ok(holds)
}
