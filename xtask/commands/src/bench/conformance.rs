//! `cargo xtask bench conformance`: how fast the suite and the mock server are, the latter beside those of others.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use xtask::{build, cargo, target, workspace};

use super::program::measure;
use super::record::Record;

/// Arguments of `bench conformance`.
#[derive(clap::Args)]
pub struct Args {
    /// A full spec of the Platform API to measure on, beside those of the repository; a client is built from it
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

/// Runs the benchmark.
pub fn run(args: &Args, record: &mut Record) -> Result<bool, String> {
    let mut speed =
        |arguments: &[&OsStr]| measure(record, &["--package", "conformance"], "speed", arguments);
    let Some(spec) = &args.spec else {
        return speed(&[]);
    };
    let spec = spec
        .canonicalize()
        .map_err(|error| format!("cannot read {}: {error}", spec.display()))?;
    let suite = suite(&spec)?;
    speed(&[
        "--spec".as_ref(),
        spec.as_ref(),
        "--suite".as_ref(),
        suite.as_ref(),
    ])
}

/// The suite's program with a Platform client that is generated from a spec.
fn suite(spec: &Path) -> Result<PathBuf, String> {
    let mut build = cargo();
    build
        .current_dir(workspace())
        .args(["build", "--release", "--package", "conformance"])
        .args(["--features", "platform-client/build-time"])
        .env("PLATFORM_CLIENT_SPEC", spec);
    let program = build::build(&mut build, "conformance")?;
    // The benchmark's own build goes to the same place.
    let place = target().join("bench");
    let copy = place.join("conformance-full");
    fs::create_dir_all(&place)
        .and_then(|()| fs::copy(&program, &copy))
        .map_err(|error| format!("cannot write {}: {error}", copy.display()))?;
    Ok(copy)
}
