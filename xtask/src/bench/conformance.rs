//! `cargo xtask bench conformance`: how fast the suite and the mock server are, the latter beside those of others.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use serde_json::Value;

use crate::root::root;

/// Arguments of `bench conformance`.
#[derive(clap::Args)]
pub struct Args {
    /// A full spec of the Platform API to measure on, beside those of the repository; a client is built from it
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

/// Runs the benchmark, a program of its own that is built for speed.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    let mut bench = cargo();
    bench.args([
        "bench",
        "--quiet",
        "--package",
        "conformance",
        "--bench",
        "speed",
        "--",
    ]);
    if let Some(spec) = &args.spec {
        let spec = spec
            .canonicalize()
            .map_err(|error| format!("cannot read {}: {error}", spec.display()))?;
        let suite = suite(&spec)?;
        bench.arg("--spec").arg(spec).arg("--suite").arg(suite);
    }
    let status = bench.status().map_err(cannot_start)?;
    // A benchmark that does not build ends with 101, one that cannot measure with 2.
    Ok(ExitCode::from(match status.code() {
        Some(0) => 0,
        Some(1) => 1,
        _ => 2,
    }))
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

fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

fn cannot_start(error: std::io::Error) -> String {
    format!("cannot start cargo: {error}")
}
