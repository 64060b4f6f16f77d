//! Benchmarks that are programs of their own.

use std::ffi::OsStr;

use xtask::{build, cargo, note, program, workspace};

/// Builds a benchmark that is a program of its own, and runs it; whether its figures are as they must be.
pub(super) fn measure(build: &[&str], name: &str, arguments: &[&OsStr]) -> Result<bool, String> {
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
