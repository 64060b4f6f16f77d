//! `cargo xtask ci`: what continuous integration runs, step by step, up to the first that fails.

use std::process::ExitCode;
use std::time::Instant;

use serde_json::Value;
use xtask::{build, cargo, note, workspace};

/// Arguments of `ci`.
#[derive(clap::Args)]
pub struct Args {
    /// Only what is quick and needs no other tool: format, clippy, unit tests
    #[arg(long)]
    fast: bool,
}

/// A cargo command, and how its end is judged.
enum Step {
    /// By its exit code.
    Succeeds(&'static str),
    /// By its exit code, and by its warnings. They are counted rather than denied by a flag: with another flag, cargo
    /// would check the workspace again each time that the command is run without it.
    HasNoWarnings(&'static str),
}

use Step::{HasNoWarnings, Succeeds};

const FORMAT: Step = Succeeds("fmt --all --check");
const CLIPPY: Step = HasNoWarnings("clippy --workspace --all-targets --all-features");

const FAST: [Step; 3] = [FORMAT, CLIPPY, Succeeds("test --workspace --lib --bins")];

const ALL: [Step; 9] = [
    Succeeds("test --workspace"),
    // The run time with the other TLS library, and with none.
    Succeeds(
        "test --package mx-client-core --no-default-features --features native-tls --test run_time -- tls safety",
    ),
    Succeeds("test --package mx-client-core --no-default-features --test run_time"),
    FORMAT,
    CLIPPY,
    HasNoWarnings("doc --workspace --no-deps --all-features"),
    Succeeds("xtask regen --check"),
    Succeeds("xtask conformance"),
    Succeeds("xtask bench --quick"),
];

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    let steps = if args.fast { &FAST[..] } else { &ALL };
    for step in steps {
        let (Succeeds(words) | HasNoWarnings(words)) = step;
        note(format_args!("\n=== cargo {words}"));
        let start = Instant::now();
        if !step.run()? {
            note(format_args!("\n=== failed: cargo {words}"));
            return Ok(ExitCode::FAILURE);
        }
        note(format_args!("=== {} s", start.elapsed().as_secs()));
    }
    Ok(ExitCode::SUCCESS)
}

impl Step {
    /// Whether the step ends well.
    fn run(&self) -> Result<bool, String> {
        let (Succeeds(words) | HasNoWarnings(words)) = self;
        let mut cargo = cargo();
        cargo.current_dir(workspace()).args(words.split(' '));
        match self {
            Succeeds(_) => {
                let status = cargo.status();
                let status = status.map_err(|error| format!("cannot run cargo: {error}"))?;
                Ok(status.success())
            }
            HasNoWarnings(_) => {
                let ran = build::run(cargo.arg("--message-format=json"))?;
                let found = diagnostics(&ran.stdout);
                note(found.concat().trim_end());
                Ok(ran.is_success && found.is_empty())
            }
        }
    }
}

/// The compiler's warnings and errors in cargo's messages, as people read them.
fn diagnostics(messages: &str) -> Vec<String> {
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let rendered = messages.filter_map(|message| {
        let level = message["message"]["level"].as_str()?;
        let is_one = level.starts_with("warning") || level.starts_with("error");
        let rendered = message["message"]["rendered"].as_str()?;
        is_one.then(|| rendered.to_owned())
    });
    rendered.collect()
}
