//! How fast the suite is: whole runs of its program.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::judges::root;
use crate::{Extent, median, say};

/// The longest that the run of both specs may take.
const LONGEST: Duration = Duration::from_millis(200);
/// The most that a case of a full spec may take, compared with a case of the small one.
const STEEPEST: f64 = 1.5;

/// Measures the suite with the repository's specs and, if there is a program whose Platform client is made from a full
/// spec, with that. Returns whether it is as fast as it must be.
pub fn measure(full: Option<&Path>, extent: &Extent) -> Result<bool, String> {
    let ours = Path::new(env!("CARGO_BIN_EXE_conformance"));
    say(format_args!(
        "the suite, each figure a whole run of its program"
    ));
    let both = timed("both specs", ours, &[], extent.runs)?;
    let mut holds = !extent.judges_times || both.time <= LONGEST;
    if !holds {
        eprintln!("the run of both specs may take {LONGEST:?}");
    }
    if let Some(full) = full {
        let api = ["--api", "platform"];
        let small = timed("the Platform spec", ours, &api, extent.runs)?;
        let full = timed("the full spec", full, &api, extent.runs.min(3))?;
        let steepness = full.per_case() / small.per_case();
        let steepest = STEEPEST * (1.0 + extent.slack);
        say(format_args!(
            "{:<22}{steepness:>10.2} × the time per case",
            ""
        ));
        if steepness > steepest {
            eprintln!(
                "a case of the full spec may take {steepest:.2} × the time of one of the small"
            );
            holds = false;
        }
    }
    say(format_args!(""));
    Ok(holds)
}

struct Timed {
    cases: usize,
    time: Duration,
}

impl Timed {
    fn per_case(&self) -> f64 {
        self.time.as_secs_f64() / self.cases as f64
    }
}

fn timed(name: &str, program: &Path, arguments: &[&str], runs: usize) -> Result<Timed, String> {
    let cases = cases(program, arguments)?;
    let mut times = Vec::new();
    for _ in 0..runs {
        let start = Instant::now();
        run(program, arguments)?;
        times.push(start.elapsed().as_secs_f64());
    }
    let time = Duration::from_secs_f64(median(times));
    let timed = Timed { cases, time };
    say(format_args!(
        "{name:<22}{cases:>6} cases {:>7.2} s {:>8.0} cases/s {:>8.3} ms/case",
        time.as_secs_f64(),
        1.0 / timed.per_case(),
        timed.per_case() * 1000.0
    ));
    Ok(timed)
}

/// How many cases there are, by the report.
fn cases(program: &Path, arguments: &[&str]) -> Result<usize, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let path = folder.path().to_string_lossy();
    run(program, &[arguments, &["--report", &path]].concat())?;
    let report = std::fs::read(folder.path().join("report.json"));
    let report = report.map_err(|error| format!("there is no report: {error}"))?;
    let report: Value = serde_json::from_slice(&report).map_err(|error| error.to_string())?;
    let apis = report["apis"].as_array().map(Vec::as_slice);
    let counts = apis.unwrap_or_default().iter();
    let counts = counts.filter_map(|api| api["totals"]["cases"].as_u64());
    Ok(counts.sum::<u64>() as usize)
}

fn run(program: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new(program);
    let ended = command
        .current_dir(root())
        .args(arguments)
        .stdout(Stdio::null())
        .status();
    let ended = ended.map_err(|error| format!("cannot start the suite: {error}"))?;
    // 1: cases failed. They were run, which is all that is measured.
    match ended.code() {
        Some(0 | 1) => Ok(()),
        _ => Err("the suite could not be run".to_owned()),
    }
}
