//! Benchmarks that are programs of their own.

use std::ffi::OsStr;

use super::record::Record;
use xtask::{build, cargo, note, program, workspace};

/// Builds a benchmark that is a program of its own, and runs it; whether its figures are as they must be.
pub(super) fn measure(
    record: &mut Record,
    build: &[&str],
    name: &str,
    arguments: &[&OsStr],
) -> Result<bool, String> {
    let mut cargo = cargo();
    cargo.current_dir(workspace()).args(["bench", "--no-run"]);
    let path = build::build(cargo.args(build).args(["--bench", name]), name)?;
    note(format_args!("measuring: {name}"));
    let mut benchmark = program(&path);
    let status = record.run(benchmark.arg("--bench").args(arguments))?;
    match status.code() {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        _ => Err(format!("{name} could not be measured")),
    }
}
