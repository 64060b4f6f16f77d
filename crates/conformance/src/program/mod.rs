//! The programs `cargo xtask conformance` and `cargo xtask mock`.
//!
//! Exit codes: 0 if every chosen operation was judged and no case failed; 1 if a case failed; 2 if the cases could not be
//! run, or an operation of a target was not judged.

mod chosen;
mod last_run;
mod mock;
mod output;
mod suite;

use std::process::ExitCode;

pub use chosen::Apis;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

/// Sends every operation of the specs through the clients, and checks requests and responses against the specs.
#[derive(Parser)]
#[command(name = "conformance", args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    suite: suite::Args,
}

#[derive(Subcommand)]
enum Command {
    /// Start a mock server made from a spec
    Mock(mock::Args),
}

/// Runs the program with these APIs.
pub fn main(apis: Apis) -> ExitCode {
    let args = arguments();
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if args.command.is_some() {
        // As a rule those who call a mock server are on the same machine, and need cores as well.
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        runtime.worker_threads((cores / 2).max(1));
    }
    let runtime = runtime.enable_all().build();
    let result = runtime
        .map_err(|error| format!("cannot start: {error}"))
        .and_then(|runtime| {
            runtime.block_on(async {
                match &args.command {
                    None => suite::run(&args.suite, apis).await,
                    Some(Command::Mock(mock)) => mock::run(mock, apis).await.map(|()| true),
                }
            })
        });
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            output::note(&message);
            ExitCode::from(2)
        }
    }
}

/// The arguments; the help shows the commands of `cargo xtask` that start this program.
fn arguments() -> Cli {
    let is_mock = std::env::args_os()
        .nth(1)
        .is_some_and(|first| first == "mock");
    let shown = if is_mock {
        "cargo xtask"
    } else {
        "cargo xtask conformance"
    };
    let matches = Cli::command().bin_name(shown).get_matches();
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}
