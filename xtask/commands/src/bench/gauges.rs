//! Clocks and gauges of the benchmarks.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use xtask::{build, cargo, note, target};

/// The shortest of several runs, after one that warms up: what is left when nothing else disturbs.
pub(super) fn shortest(
    runs: u32,
    mut work: impl FnMut() -> Result<(), String>,
) -> Result<Duration, String> {
    work()?;
    let mut shortest = Duration::MAX;
    for _ in 0..runs {
        let start = Instant::now();
        work()?;
        shortest = shortest.min(start.elapsed());
    }
    Ok(shortest)
}

/// The most memory this process ever had, in MiB; `None` where the system does not tell.
pub(super) fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes / 1024)
}

/// The CPU time that compiling the library in a folder takes, its dependencies not counted.
pub(super) fn compile(package: &Path, runs: u32) -> Result<Duration, String> {
    let build = |quiet: &[&str]| {
        let mut cargo = cargo();
        cargo
            .current_dir(package)
            .args(["build", "--offline", "--lib"])
            .args(quiet)
            .env("CARGO_TARGET_DIR", target())
            .env("CARGO_INCREMENTAL", "0");
        match build::run(&mut cargo)?.is_success {
            true => Ok(()),
            false => Err(format!("{} does not compile", package.display())),
        }
    };
    build(&[])?;
    note(format_args!("compiling {}", package.display()));
    let mut shortest = Duration::MAX;
    for _ in 0..runs {
        let source = package.join("src/lib.rs");
        let text = fs::read(&source)
            .map_err(|error| format!("cannot read {}: {error}", source.display()))?;
        fs::write(&source, text)
            .map_err(|error| format!("cannot write {}: {error}", source.display()))?;
        shortest = shortest.min(cpu_time(|| build(&["--quiet"]))?);
    }
    Ok(shortest)
}

/// The CPU time of what this work starts as other programs; elsewhere than on Linux the time on the wall.
pub(super) fn cpu_time(work: impl FnOnce() -> Result<(), String>) -> Result<Duration, String> {
    let (before, start) = (children_time(), Instant::now());
    work()?;
    Ok(match (before, children_time()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => start.elapsed(),
    })
}

/// The CPU time of all children that ended so far.
fn children_time() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The fields after the command's name, which may hold anything but ends with the last parenthesis.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(13)?.parse::<u64>().ok()? + fields.get(14)?.parse::<u64>().ok()?;
    // The kernel counts them in hundredths of a second, on every platform that Rust runs on.
    Some(Duration::from_millis(ticks * 10))
}
