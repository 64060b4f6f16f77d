//! The programs `cargo xtask conformance` and `cargo xtask mock`.
//!
//! Exit codes: 0 if no case failed; 1 if a case failed; 2 if the cases could not be run, or a target was not judged.

#![deny(clippy::print_stdout, clippy::print_stderr)]

use std::fs::File;
use std::future::poll_fn;
use std::io::{self, ErrorKind, Write as _};
use std::path::PathBuf;
use std::pin::pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use conformance::api::Api;
use conformance::apis;
use conformance::cases;
use conformance::cases::path_override::{self, PathOverride};
use conformance::cases::shard::Shard;
use conformance::check::Verdict;
use conformance::check::expected_failures::ExpectedFailures;
use conformance::mock_server::{Fault, SpecServer};
use conformance::report::curl;
use conformance::report::text::{line, lines};
use conformance::report::{self, Section, github, terminal};
use conformance::run::clients;
use conformance::run::target::{Allowed, TargetServer};
use indicatif::{ProgressBar, ProgressFinish};

/// Sends every operation of the specs through the clients, and checks requests and responses against the specs.
#[derive(Parser)]
#[command(name = "conformance", args_conflicts_with_subcommands = true)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    suite: Suite,
}

#[derive(Subcommand)]
enum Command {
    /// Start a mock server made from a spec, on this machine
    Mock(Mock),
}

#[derive(clap::Args)]
struct Suite {
    /// Only this API, by its name below specs; may be repeated
    #[arg(long = "api", value_name = "API")]
    apis: Vec<String>,
    /// Judge the server at this URL instead of the clients, with the credentials in the environment
    #[arg(long, value_name = "URL")]
    target: Option<String>,
    /// Also send operations that write to the target
    #[arg(long, requires = "target")]
    include_writes: bool,
    /// Also send credentials over plain http to another machine
    #[arg(long, requires = "target")]
    allow_plain_http: bool,
    /// Use this value for a path parameter, as the target does not know the identifiers of the spec: NAME=VALUE, such
    /// as user_guid=USR-123; may be repeated. With --include-writes, what it identifies may be changed or deleted
    #[arg(long = "value", value_name = "NAME=VALUE", requires = "target")]
    values: Vec<PathOverride>,
    /// Also try random values of the schemas: the same ones for the same number
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Only the K-th of N parts of the cases
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Write report.json, junit.xml and report.html into this folder
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
}

/// So many cases take longer than a second.
const MANY: usize = 1000;

/// The list of expected failures, in the folder where the suite is started.
const EXPECTED_FAILURES: &str = "conformance.toml";

#[derive(clap::Args)]
struct Mock {
    /// The API, by its name below specs
    #[arg(long, required_unless_present = "spec")]
    api: Option<String>,
    /// Use this spec instead, as it is: no overlay is applied
    #[arg(long, value_name = "FILE", conflicts_with = "api")]
    spec: Option<PathBuf>,
    /// Accept only these credentials: a token, or ID:KEY. Without this, any of the right form are accepted
    #[arg(long, value_name = "CREDENTIALS")]
    credentials: Option<String>,
    /// The port to listen on; 0 is any free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Inject a fault: delay[:MILLISECONDS], reset, throttle, fail, expire or garbage, in all or a share of the calls
    /// (throttle=0.25); may be repeated
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<Fault>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = arguments();
    let result = match &args.command {
        None => suite(&args.suite).await,
        Some(Command::Mock(mock)) => serve(mock).await.map(|()| true),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            note(&message);
            ExitCode::from(2)
        }
    }
}

/// The arguments; the help shows the commands of `cargo xtask` that start this program.
fn arguments() -> Args {
    let is_mock = std::env::args_os()
        .nth(1)
        .is_some_and(|first| first == "mock");
    let shown = if is_mock {
        "cargo xtask"
    } else {
        "cargo xtask conformance"
    };
    let matches = Args::command().bin_name(shown).get_matches();
    Args::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// Whether no case failed.
async fn suite(args: &Suite) -> Result<bool, String> {
    let expected_failures = expected_failures()?;
    let target = args.target.as_deref();
    let allowed = Allowed {
        writes: args.include_writes,
        plain_http: args.allow_plain_http,
    };
    let server = target
        .map(|url| TargetServer::new(url, allowed))
        .transpose()?;
    let mut sections = Vec::new();
    let apis = chosen(&args.apis)?;
    path_override::check(&args.values, apis.iter().map(|api| &*api.contract))?;
    for mut api in apis {
        let mut cases = cases::all(&api.contract);
        if let Some(seed) = args.seed {
            cases.extend(cases::seeded(&api.contract, seed));
        }
        path_override::apply(&args.values, &api.contract, &mut cases);
        cases.retain(|case| args.shard.is_none_or(|shard| shard.has(case)));
        if server.is_some() || cases.len() > MANY {
            note(&format!("{}: {} cases", api.name, cases.len()));
        }
        let mut results = match &server {
            None => {
                // It is drawn on a terminal only.
                let bar =
                    ProgressBar::new(cases.len() as u64).with_finish(ProgressFinish::AndClear);
                let results = clients::run(&api, &cases, &|| bar.inc(1)).await;
                results.map_err(|error| error.to_string())?
            }
            Some(server) => {
                api = apis::with_environment(api).map_err(|error| error.to_string())?;
                let spinner = ProgressBar::new_spinner().with_finish(ProgressFinish::AndClear);
                spinner.enable_steady_tick(Duration::from_millis(100));
                server.run(&api, &cases).await?
            }
        };
        // The list is about the clients.
        if server.is_none() {
            expected_failures.apply(api.name, args.shard.is_none(), &mut results);
        }
        let section = Section::new(&api, target, &results);
        sections.push(section.seed(args.seed));
    }
    print(&terminal::table(&sections, args.report.as_deref()))?;
    if let Some(folder) = &args.report {
        let failed = |error| format!("cannot write to {}: {error}", folder.display());
        report::write(folder, &sections).map_err(failed)?;
    }
    if std::env::var("GITHUB_ACTIONS").is_ok_and(|value| value == "true") {
        write_for_github(&sections)?;
    }
    let reasons: Vec<String> = sections.iter().filter_map(Section::not_judged).collect();
    let reasons = reasons.join("\n");
    match sections
        .iter()
        .any(|section| section.count(Verdict::Fail) > 0)
    {
        false if reasons.is_empty() => Ok(true),
        false => Err(reasons),
        true => {
            if !reasons.is_empty() {
                note(&reasons);
            }
            Ok(false)
        }
    }
}

/// Writes a line to stderr: an error, or progress. If that fails, it cannot be reported.
fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Prints a text, with colours if they are wanted.
fn print(text: &str) -> Result<(), String> {
    match anstream::stdout().write_all(text.as_bytes()) {
        // The reader has closed the pipe, as `head` does.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|error| format!("cannot print: {error}")),
    }
}

/// Writes annotations and a job summary for GitHub Actions.
fn write_for_github(sections: &[Section]) -> Result<(), String> {
    print(&github::annotations(sections))?;
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY") else {
        return Ok(());
    };
    let file = File::options().append(true).create(true).open(&path);
    let written = file.and_then(|mut file| file.write_all(github::summary(sections).as_bytes()));
    written.map_err(|error| format!("cannot write to {}: {error}", path.display()))
}

fn expected_failures() -> Result<ExpectedFailures, String> {
    match std::fs::read_to_string(EXPECTED_FAILURES) {
        Ok(text) => {
            ExpectedFailures::parse(&text).map_err(|error| format!("{EXPECTED_FAILURES}: {error}"))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(ExpectedFailures::default()),
        Err(error) => Err(format!("cannot read {EXPECTED_FAILURES}: {error}")),
    }
}

fn chosen(names: &[String]) -> Result<Vec<Api>, String> {
    let mut apis = apis::all()?;
    let known: Vec<&str> = apis.iter().map(|api| api.name).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(format!(
            "there is no API `{unknown}`; the APIs are {}",
            known.join(", ")
        ));
    }
    apis.retain(|api| names.is_empty() || names.iter().any(|name| name == api.name));
    Ok(apis)
}

/// Serves until Ctrl-C.
async fn serve(args: &Mock) -> Result<(), String> {
    let mut server = match &args.spec {
        Some(spec) => SpecServer::of_file(spec)?,
        None => {
            let apis = chosen(args.api.as_slice())?;
            let api = apis.first().ok_or("no API was chosen")?;
            SpecServer::new(api.contract.clone())
        }
    };
    server = server.port(args.port);
    if let Some(credentials) = &args.credentials {
        server = server.credentials(credentials);
    }
    let contract = Arc::clone(server.contract());
    for fault in &args.faults {
        server = server.fault(fault.clone());
    }
    let running = server
        .start()
        .await
        .map_err(|error| format!("cannot listen on port {}: {error}", args.port))?;
    let url = running.url();
    let accepted = match &args.credentials {
        None => "it accepts any credentials of the right form",
        Some(_) => "it accepts only the given credentials",
    };
    let title = line(&contract.title);
    let mut text = format!("{title} listens on {url}\n{accepted}; Ctrl-C stops it\n\n");
    for operation in &contract.operations {
        let request = curl::request(operation, &cases::minimal(operation));
        text += &lines(&curl::command(&url, operation, &request));
        text += "\n";
    }
    // The first poll installs the handler: Ctrl-C must not end the program as soon as its output can be seen.
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    let early = poll_fn(|context| Poll::Ready(interrupted.as_mut().poll(context))).await;
    print(&text)?;
    let interrupted = match early {
        Poll::Ready(result) => result,
        Poll::Pending => interrupted.await,
    };
    interrupted.map_err(|error| format!("cannot wait for Ctrl-C: {error}"))?;
    running.stop().await;
    Ok(())
}
