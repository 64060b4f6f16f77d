//! How fast the mock server is, compared with those of others in the same run.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use conformance::contract::Contract;

use crate::judges::{Process, root, tool};
use crate::load::{self, load};
use crate::{Extent, median, requests, say};

const CONNECTIONS: usize = 8;
/// How long a server may take from its start to its first response.
const PATIENCE: Duration = Duration::from_secs(120);

/// The names of ours.
const QUIET: &str = "ours";
const LOGGING: &str = "with log";

/// A server that can be started, and how many times as many responses each of ours must give, by its name.
struct Contender {
    name: &'static str,
    least: Vec<(&'static str, f64)>,
    start: Box<dyn Fn(u16) -> Result<Command, String>>,
}

/// The figures of a contender.
struct Figures {
    rates: Vec<f64>,
    times: Vec<Duration>,
    start: f64,
}

/// Measures the servers of a spec, ours with these arguments, others with the file. Returns whether ours is as fast as
/// it must be.
pub fn measure(
    title: &str,
    ours: Vec<String>,
    spec: &Path,
    contract: &Contract,
    extent: &Extent,
) -> Result<bool, String> {
    let contenders = contenders(ours, spec, extent);
    let all = requests::all(contract);
    let mut running = Vec::new();
    for contender in &contenders {
        running.push(start(contender, &all)?);
    }
    // A refusal says nothing about speed.
    let mut answered = Vec::new();
    for (operation, request) in contract.operations.iter().zip(&all) {
        let refusal = contenders.iter().zip(&running).find(|(_, (server, _))| {
            load::status(address(server), request).map_or(true, |status| status / 100 != 2)
        });
        match refusal {
            Some((contender, _)) => {
                say(format_args!(
                    "{}: left out, as {} refuses it",
                    operation.id, contender.name
                ));
            }
            None => answered.push(request.clone()),
        }
    }
    say(format_args!(
        "{title}: a request for each of {} of {} operations, those to which all respond with a success; \
         {CONNECTIONS} connections",
        answered.len(),
        all.len()
    ));
    if answered.is_empty() {
        return Err("there is no request to which all servers respond with a success".to_owned());
    }
    let mut figures = Vec::new();
    for (contender, (server, first)) in contenders.iter().zip(&running) {
        let warm = load(address(server), &answered, CONNECTIONS, extent.warm_up);
        warm.map_err(|error| format!("{}: {error}", contender.name))?;
        let mut starts = vec![*first];
        for _ in 1..extent.runs {
            starts.push(start(contender, &answered)?.1);
        }
        figures.push(Figures {
            rates: Vec::new(),
            times: Vec::new(),
            start: median(starts),
        });
    }
    for _ in 0..extent.rounds {
        for (index, (server, _)) in running.iter().enumerate() {
            let round = load(address(server), &answered, CONNECTIONS, extent.round)
                .map_err(|error| format!("{}: {error}", contenders[index].name))?;
            figures[index].rates.push(round.rate);
            figures[index].times.extend(round.times);
        }
    }
    Ok(report(&contenders, &mut figures, extent))
}

fn report(contenders: &[Contender], figures: &mut [Figures], extent: &Extent) -> bool {
    let ours = |figures: &[Figures], name: &str| {
        let at = contenders.iter().position(|known| known.name == name)?;
        Some((figures[at].rates.clone(), figures[at].start))
    };
    let ours = [QUIET, LOGGING].map(|name| (name, ours(figures, name)));
    let measured = ours.iter().filter(|(_, figures)| figures.is_some());
    let titles: String = measured.map(|(name, _)| format!("{name:>10}")).collect();
    say(format_args!(
        "{:<10}{:>12}{:>9}{:>9}{:>10}{titles}",
        "", "requests/s", "p50 ms", "p99 ms", "start ms"
    ));
    let mut holds = true;
    for (contender, figures) in contenders.iter().zip(figures) {
        figures.times.sort_unstable();
        let percentile = |share: usize| {
            let at = (figures.times.len() * share / 100).min(figures.times.len() - 1);
            figures.times[at].as_secs_f64() * 1000.0
        };
        let mut shown = String::new();
        for (name, ours) in &ours {
            let Some((ours, our_start)) = ours else {
                continue;
            };
            let ratios = ours.iter().zip(&figures.rates);
            let ratio = median(ratios.map(|(ours, theirs)| ours / theirs).collect());
            shown.push_str(&format!("{ratio:>8.1} ×"));
            let mut limits = contender.least.iter();
            let Some((_, least)) = limits.find(|(known, _)| known == name) else {
                continue;
            };
            let least = least * extent.built * (1.0 - extent.slack);
            if ratio < least {
                let theirs = contender.name;
                eprintln!("{name}: it must respond to {least:.2} × as many requests as {theirs}");
                holds = false;
            }
            if *our_start > figures.start * (1.0 + extent.slack) {
                eprintln!("{name}: it must start as fast as {}", contender.name);
                holds = false;
            }
        }
        say(format_args!(
            "{:<10}{:>12.0}{:>9.2}{:>9.2}{:>10.1}{shown}",
            contender.name,
            median(figures.rates.clone()),
            percentile(50),
            percentile(99),
            figures.start * 1000.0
        ));
    }
    say(format_args!(""));
    holds
}

/// Starts a server and waits for its first response. Returns how long that took, in seconds.
fn start(contender: &Contender, requests: &[Vec<u8>]) -> Result<(Process, f64), String> {
    let begin = Instant::now();
    // Without its log, not every server says which port it has chosen.
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let port = listener.map_err(|error| error.to_string())?.port();
    let child = (contender.start)(port)?
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| format!("cannot start {}: {error}", contender.name))?;
    let url = format!("http://127.0.0.1:{port}");
    let server = Process { child, url };
    let first = requests.first().ok_or("the spec has no operation")?;
    while load::status(address(&server), first).is_err() {
        if begin.elapsed() > PATIENCE {
            return Err(format!("{} does not respond", contender.name));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok((server, begin.elapsed().as_secs_f64()))
}

fn address(server: &Process) -> &str {
    server.url.trim_start_matches("http://")
}

/// Our mock server with these arguments.
fn ours(arguments: &[String], port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command.arg("mock").args(arguments);
    command.arg("--port").arg(port.to_string());
    command
}

fn contenders(arguments: Vec<String>, spec: &Path, extent: &Extent) -> Vec<Contender> {
    let logging = arguments.clone();
    let mut contenders = vec![Contender {
        name: QUIET,
        least: Vec::new(),
        start: Box::new(move |port| {
            let mut command = ours(&arguments, port);
            command.arg("--quiet").stderr(Stdio::null());
            Ok(command)
        }),
    }];
    if extent.with_log {
        contenders.push(Contender {
            name: LOGGING,
            least: Vec::new(),
            start: Box::new(move |port| {
                let log = tempfile::tempfile().map_err(|error| error.to_string())?;
                let mut command = ours(&logging, port);
                command.stderr(log);
                Ok(command)
            }),
        });
    }
    let prism = tool("node_modules/@stoplight/prism-cli/dist/index.js");
    if let (Some(prism), Some(node)) = (prism, tool("node")) {
        let spec = spec.to_owned();
        contenders.push(Contender {
            name: "Prism",
            least: vec![(QUIET, 15.0), (LOGGING, 10.0)],
            start: Box::new(move |port| {
                let mut command = Command::new(&node);
                command
                    .arg(&prism)
                    .args(["mock", "--verboseLevel", "silent"]);
                command.arg("--port").arg(port.to_string()).arg(&spec);
                command.stderr(Stdio::null());
                Ok(command)
            }),
        });
    }
    if let Some(steady) = steady() {
        let spec = spec.to_owned();
        contenders.push(Contender {
            name: "Steady",
            least: vec![(QUIET, 5.0), (LOGGING, 3.0)],
            start: Box::new(move |port| {
                let mut command = Command::new(&steady);
                command.args(["--quiet", "--host", "127.0.0.1"]);
                command.arg("--port").arg(port.to_string()).arg(&spec);
                command.stderr(Stdio::null());
                Ok(command)
            }),
        });
    }
    contenders
}

/// Steady's program. npm installs the one for this machine.
fn steady() -> Option<PathBuf> {
    let installed = std::fs::read_dir(root().join("target/judges/node_modules/@stdy"));
    let programs = installed.into_iter().flatten().flatten();
    let mut programs = programs.map(|entry| entry.path().join("bin/steady"));
    programs
        .find(|program| program.exists())
        // This says how to install it.
        .or_else(|| tool("node_modules/@stdy/cli-*/bin/steady"))
}
