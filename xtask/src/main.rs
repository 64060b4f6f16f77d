//! `cargo xtask COMMAND …`: builds the program behind a command and becomes it.
//!
//! Each program reads its own arguments. It is a program of its own so that a command compiles what it needs and no
//! more, and so that one that does not compile does not stop the others.
//!
//! Exit codes: 0 good; 1 what was checked falls short; 2 it could not be checked.

#![deny(clippy::print_stdout, clippy::print_stderr)]

mod start;

use std::ffi::OsString;
use std::process::ExitCode;

use start::Program;
use xtask::{note, print};

/// A command, as the list shows it.
struct Command {
    name: &'static str,
    about: &'static str,
    example: &'static str,
    program: Program,
}

const COMMANDS: [Command; 9] = [
    Command {
        name: "conformance",
        about: "Send every operation through the clients and judge requests and responses against the specs",
        example: "cargo xtask conformance --api platform",
        program: Program::Suite,
    },
    Command {
        name: "mock",
        about: "Serve an API made from its spec, on this machine",
        example: "cargo xtask mock --api platform --port 4010",
        program: Program::Suite,
    },
    Command {
        name: "regen",
        about: "Write the clients' code from their specs, or check that it is what the specs give",
        example: "cargo xtask regen --check",
        program: Program::Commands,
    },
    Command {
        name: "new-client",
        about: "Write the client crate of another spec, in this repository or anywhere",
        example: "cargo xtask new-client acme --spec acme.yaml",
        program: Program::Commands,
    },
    Command {
        name: "drift",
        about: "Show what changed between two specs, or between ours and what is published",
        example: "cargo xtask drift git:HEAD specs/platform/openapi.yaml",
        program: Program::Commands,
    },
    Command {
        name: "import",
        about: "Write a spec from documentation pages",
        example: "cargo xtask import --api nexus page.md",
        program: Program::Commands,
    },
    Command {
        name: "bench",
        about: "Measure, and print the figures as ratios",
        example: "cargo xtask bench --quick",
        program: Program::Commands,
    },
    Command {
        name: "release",
        about: "Show the next release and verify its packages, or write its version and changelog",
        example: "cargo xtask release --dry-run",
        program: Program::Commands,
    },
    Command {
        name: "ci",
        about: "Run what continuous integration runs",
        example: "cargo xtask ci --fast",
        program: Program::Commands,
    },
];

fn main() -> ExitCode {
    run(std::env::args_os().skip(1).collect()).unwrap_or_else(|message| {
        note(message);
        ExitCode::from(2)
    })
}

fn run(arguments: Vec<OsString>) -> Result<ExitCode, String> {
    let (name, rest) = match arguments.split_first() {
        None => ("--help".into(), &[][..]),
        Some((name, rest)) => (name.to_string_lossy(), rest),
    };
    if let Some(command) = COMMANDS.iter().find(|command| command.name == name) {
        return command.program.start(command.name, rest);
    }
    match (&*name, rest) {
        ("help", [command, ..]) => run(vec![command.clone(), "--help".into()]),
        ("help" | "--help" | "-h", _) => print(list()).map(|()| ExitCode::SUCCESS),
        _ => Err(unknown(&name)),
    }
}

fn list() -> String {
    let mut text = "Usage: cargo xtask COMMAND [OPTIONS]\n\nCommands:\n".to_owned();
    for Command {
        name,
        about,
        example,
        ..
    } in &COMMANDS
    {
        text += &format!("  {name:<13}{about}\n{:15}{example}\n", "");
    }
    text + "\n`cargo xtask COMMAND --help` shows the options of a command.\n"
}

fn unknown(name: &str) -> String {
    let likeness = |command: &&Command| strsim::jaro(name, command.name);
    let nearest = COMMANDS
        .iter()
        .max_by(|one, other| likeness(one).total_cmp(&likeness(other)))
        .filter(|nearest| likeness(nearest) > 0.7);
    let tip = nearest.map_or(String::new(), |nearest| {
        format!("\n\n  tip: there is a command `{}`", nearest.name)
    });
    format!("error: there is no command `{name}`{tip}\n\n`cargo xtask` lists the commands.")
}
