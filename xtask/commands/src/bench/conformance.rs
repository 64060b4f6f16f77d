//! `cargo xtask bench conformance`: how fast the suite and the mock server are, the latter beside those of others.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};

use serde_json::Value;

use crate::root::{cannot_start, cargo, root};

/// Arguments of `bench conformance`.
#[derive(clap::Args)]
pub struct Args {
    /// A full spec of the Platform API to measure on, beside those of the repository; a client is built from it
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

/// Runs the benchmark.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    let Some(spec) = &args.spec else {
        return super::program("conformance", "speed", &[]);
    };
    let spec = spec
        .canonicalize()
        .map_err(|error| format!("cannot read {}: {error}", spec.display()))?;
    let suite = suite(&spec)?;
    let arguments = ["--spec".as_ref(), &*spec, "--suite".as_ref(), &*suite];
    super::program("conformance", "speed", &arguments)
}

/// The suite's program with a Platform client that is generated from a spec.
fn suite(spec: &Path) -> Result<PathBuf, String> {
    let output = cargo()
        .args(["build", "--release", "--package", "conformance"])
        .args(["--features", "platform-client/build-time"])
        .arg("--message-format=json-render-diagnostics")
        .env("PLATFORM_CLIENT_SPEC", spec)
        .stderr(Stdio::inherit())
        .output()
        .map_err(cannot_start)?;
    let messages = String::from_utf8_lossy(&output.stdout).into_owned();
    let program = messages.lines().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    });
    let program = program
        .filter(|_| output.status.success())
        .ok_or_else(|| format!("no suite could be built from {}", spec.display()))?;
    // The benchmark's own build goes to the same place.
    let place = root().join("target/bench");
    let copy = place.join("conformance-full");
    fs::create_dir_all(&place)
        .and_then(|()| fs::copy(&program, &copy))
        .map_err(|error| format!("cannot write {}: {error}", copy.display()))?;
    Ok(copy)
}
