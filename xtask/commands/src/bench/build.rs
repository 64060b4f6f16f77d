//! `cargo xtask bench build`: what a client adds to the cold build of a program that calls an API by hand.

use std::fs;
use std::path::Path;
use std::time::Duration;

use codegen::output::Plan;

use super::gauges::cpu_time;
use super::record::Record;
use xtask::{build, cargo, note, target, workspace};

/// CPU time of a cold build, with a client and without.
const MOST: f64 = 1.10;

/// Runs the benchmark; whether the figure is as it must be.
pub fn run(record: &mut Record) -> Result<bool, String> {
    let fixture = workspace().join("tests/fixtures/bare");
    let read = |name: &str| {
        let path = fixture.join(name);
        fs::read_to_string(&path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))
    };
    let (manifest, lock) = (read("Cargo.toml")?, read("Cargo.lock")?);
    let client = workspace().join("crates/platform-client");
    let with_client = format!("{manifest}platform-client = {{ path = {client:?} }}\n");
    let place = target().join("bench/build");
    let without = cold_build(&place.join("without"), &manifest, &lock)?;
    let with = cold_build(&place.join("with"), &with_client, &lock)?;
    let ratio = with.as_secs_f64() / without.as_secs_f64();
    record.say(format_args!(
        "{:<44} {:>10.1} s   {:>10.1} s   {ratio:>6.2} ×\n",
        "CPU time of a cold build, with and without",
        with.as_secs_f64(),
        without.as_secs_f64(),
    ))?;
    if ratio > MOST {
        note(format_args!("a cold build: at most {MOST:.2} × is allowed"));
    }
    Ok(ratio <= MOST)
}

fn cold_build(folder: &Path, manifest: &str, lock: &str) -> Result<Duration, String> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .map_err(|error| format!("cannot remove {}: {error}", folder.display()))?;
    }
    let mut plan = Plan::default();
    plan.add_file(folder.join("Cargo.toml"), manifest.to_owned());
    plan.add_file(folder.join("Cargo.lock"), lock.to_owned());
    plan.add_file(folder.join("src/main.rs"), "fn main() {}\n".to_owned());
    plan.write().map_err(|error| error.to_string())?;
    let command = |arguments: &[&str]| {
        let mut cargo = cargo();
        cargo.current_dir(folder).args(arguments);
        cargo.env("CARGO_TARGET_DIR", folder.join("target"));
        cargo
    };
    let run = |arguments: &[&str]| match build::run(&mut command(arguments))?.is_success {
        true => Ok(()),
        false => Err(format!("`cargo {}` failed", arguments.join(" "))),
    };
    run(&["fetch"])?;
    note(format_args!("building {}", folder.display()));
    let taken = cpu_time(|| run(&["build", "--offline", "--quiet"]))?;
    // It is large, and of no use afterwards.
    let built = folder.join("target");
    fs::remove_dir_all(&built)
        .map_err(|error| format!("cannot remove {}: {error}", built.display()))?;
    Ok(taken)
}
