//! The programs behind the commands.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use xtask::{build, cargo, program, root, workspace};

/// A program that commands are part of.
#[derive(Clone, Copy)]
pub enum Program {
    /// The conformance suite.
    Suite,
    /// What works on specs and on the repository.
    Commands,
}

impl Program {
    /// Builds the program, becomes it, and so ends as it does.
    pub fn start(self, command: &str, arguments: &[OsString]) -> Result<ExitCode, String> {
        let is_spec = |argument: &OsString| {
            let argument = argument.to_string_lossy();
            argument == "--spec" || argument.starts_with("--spec=")
        };
        // The client of another spec has to be generated first.
        if command == "conformance" && arguments.iter().any(is_spec) {
            return Program::Commands.start("suite", arguments);
        }
        let path = self.build(arguments)?;
        let mut program = program(&path);
        match self {
            Program::Suite => {
                // Its list of known deviations is in the root.
                program.current_dir(root());
                if command != "conformance" {
                    program.arg(command);
                }
            }
            Program::Commands => {
                program.arg(command);
            }
        }
        // As in `cargo xtask conformance -- --api nexus`.
        let is_separator = arguments.first().is_some_and(|first| first == "--");
        program.args(&arguments[usize::from(is_separator)..]);
        become_it(program).map_err(|error| format!("cannot start {}: {error}", path.display()))
    }

    fn build(self, arguments: &[OsString]) -> Result<PathBuf, String> {
        let name = match self {
            Program::Suite => "conformance",
            Program::Commands => "xtask-commands",
        };
        let mut build = cargo();
        build
            .current_dir(workspace())
            .args(["build", "--package", name]);
        if matches!(self, Program::Suite) && arguments.iter().any(needs_tls) {
            build.args(["--features", "tls"]);
        }
        build::build(&mut build, name)
    }
}

/// Whether an argument is, or ends with, an https URL: as `--target URL` and `--target=URL` do.
fn needs_tls(argument: &OsString) -> bool {
    argument
        .to_string_lossy()
        .to_ascii_lowercase()
        .contains("https://")
}

/// Ctrl-C is for the program: nothing is between it and the terminal.
#[cfg(unix)]
fn become_it(mut program: Command) -> std::io::Result<ExitCode> {
    Err(std::os::unix::process::CommandExt::exec(&mut program))
}

#[cfg(not(unix))]
fn become_it(mut program: Command) -> std::io::Result<ExitCode> {
    let code = program.status()?.code();
    let code = code.and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_https_target_needs_tls() {
        for (argument, is_needed) in [
            ("--target=https://mx.example", true),
            ("HTTPS://mx.example", true),
            ("--target=http://127.0.0.1:4010", false),
            ("--report", false),
        ] {
            assert_eq!(needs_tls(&argument.into()), is_needed, "{argument}");
        }
    }
}
