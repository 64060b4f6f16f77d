//! `cargo xtask conformance`: runs the suite.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use indicatif::{ProgressBar, ProgressFinish};

use super::chosen::{Apis, chosen};
use super::last_run::LastRun;
use super::output::{for_github, note, print};
use crate::api::Api;
use crate::apis;
use crate::cases::path_override::{self, PathOverride};
use crate::cases::shard::Shard;
use crate::cases::{self, Case, Selection};
use crate::check::known::{Extent, Known};
use crate::check::{Allowable, CaseResult, Verdict};
use crate::glob::Glob;
use crate::report::{self, Section, terminal};
use crate::run::clients;
use crate::run::target::{Allowed, TargetServer};

/// So many cases take longer than a second.
const MANY: usize = 1000;

/// The list of what is known of the results, in the folder where the suite is started.
const KNOWN: &str = "conformance.toml";

const EXAMPLES: &str = "Examples:
  cargo xtask conformance
      both clients against an embedded server
  cargo xtask conformance --spec other.yaml --target http://127.0.0.1:8080
      a server of any spec, with the requests of a client that is built from it
  cargo xtask conformance --operation 'list*' --case 'request: *' --fail-fast
      some of the cases, up to the first that fails

In patterns, `*` is any text and `?` any character. conformance.toml lists what is known: docs/report.md.";

/// Arguments of the suite.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Only this API, by its name below specs; may be repeated
    #[arg(long = "api", value_name = "API")]
    apis: Vec<String>,
    /// Another spec instead: its client is built first, and kept for the next time
    #[arg(long, value_name = "FILE", conflicts_with = "apis")]
    spec: Option<PathBuf>,
    /// Corrections to that spec: an OpenAPI overlay
    #[arg(long, value_name = "FILE", requires = "spec")]
    overlay: Option<PathBuf>,
    /// How callers of that spec authenticate, where it names several ways: none, basic, bearer or session
    #[arg(long, value_name = "KIND", requires = "spec")]
    authentication: Option<String>,
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
    /// Only operations whose id matches this pattern; may be repeated, as all patterns
    #[arg(long = "operation", value_name = "PATTERN")]
    operations: Vec<Glob>,
    /// Only operations with a tag that matches
    #[arg(long = "tag", value_name = "PATTERN")]
    tags: Vec<Glob>,
    /// Only operations whose path matches, as the spec writes it
    #[arg(long = "path", value_name = "PATTERN")]
    paths: Vec<Glob>,
    /// Only cases whose name matches, such as 'request: *'
    #[arg(long = "case", value_name = "PATTERN")]
    cases: Vec<Glob>,
    /// Leave out operations whose id, tag or path matches, and cases whose name matches
    #[arg(long = "exclude", value_name = "PATTERN")]
    excluded: Vec<Glob>,
    /// Only the cases that failed in the last run
    #[arg(long)]
    rerun_failed: bool,
    /// Stop at the first failure
    #[arg(long)]
    fail_fast: bool,
    /// Count warnings as failures
    #[arg(long)]
    strict: bool,
    /// Allow warnings of a kind, which reports show beside each; or `not-judged`; may be repeated
    #[arg(long = "allow", value_name = "KIND", value_parser = kind)]
    allowed: Vec<String>,
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

/// The name of a kind that can be allowed.
fn kind(name: &str) -> Result<String, String> {
    name.parse::<Allowable>().map(|_| name.to_owned())
}

/// Whether no case failed.
///
/// # Errors
///
/// The cases could not be run, or an operation of the target was not judged.
pub(super) async fn run(args: &Args, all: Apis) -> Result<bool, String> {
    if args.spec.is_some() || args.overlay.is_some() || args.authentication.is_some() {
        let message = "the client of another spec is built first: start the suite with `cargo xtask conformance`";
        return Err(message.to_owned());
    }
    let known = known(args)?;
    let target = args.target.as_deref();
    let allowed = Allowed {
        writes: args.include_writes,
        plain_http: args.allow_plain_http,
    };
    let server = target
        .map(|url| TargetServer::new(url, allowed))
        .transpose()?
        .map(|server| server.fail_fast(args.fail_fast));
    let last_run = match args.rerun_failed {
        true => Some(LastRun::read()?),
        false => None,
    };
    let seed = args.seed.or(last_run.as_ref().and_then(|run| run.seed));
    let apis = chosen(all, &args.apis)?;
    path_override::check(&args.values, apis.iter().map(|api| &*api.contract))?;
    let selections: BTreeMap<&str, Selection> = apis
        .iter()
        .map(|api| (api.name, selection(args, last_run.as_ref(), api)))
        .collect();
    check_selection(args, &apis, &selections)?;

    let mut sections = Vec::new();
    for mut api in apis {
        let selection = &selections[api.name];
        let mut cases = cases::all(&api.contract);
        if let Some(seed) = seed {
            cases.extend(cases::seeded(&api.contract, seed));
        }
        path_override::apply(&args.values, &api.contract, &mut cases);
        cases.retain(|case| args.shard.is_none_or(|shard| shard.has(case)));
        if server.is_none() {
            selection.apply(&api.contract, &mut cases);
        }
        let mut operations = api.contract.operations.iter();
        if !operations.any(|operation| selection.has_operation(operation)) {
            continue;
        }
        if server.is_some() || cases.len() > MANY {
            note(&format!("{}: {} cases", api.name, cases.len()));
        }
        let (started, start) = (SystemTime::now(), Instant::now());
        let mut results = match &server {
            None => on_client(&api, &cases, args.fail_fast).await?,
            Some(server) => {
                api = apis::with_environment(api).map_err(|error| error.to_string())?;
                let spinner = ProgressBar::new_spinner().with_finish(ProgressFinish::AndClear);
                spinner.enable_steady_tick(Duration::from_millis(100));
                let server = server.clone().selection(selection.clone());
                server.run(&api, &cases).await?
            }
        };
        known.allow_in(api.name, args.strict, &mut results);
        let is_whole = args.shard.is_none() && selection.is_whole() && !args.fail_fast;
        let extent = match (&server, is_whole) {
            (Some(_), _) => Extent::Target,
            (None, true) => Extent::Whole,
            (None, false) => Extent::Part,
        };
        known.expect_in(api.name, extent, &mut results);
        let is_stopped = args.fail_fast && results.iter().any(|result| !result.passed());
        if results.is_empty() && !selection.is_whole() {
            continue;
        }
        let section = Section::new(&api, target, &results).seed(seed);
        sections.push(section.timed(started, start.elapsed()));
        if is_stopped {
            note("stopped at the first failure, as --fail-fast says");
            break;
        }
    }
    match sections.is_empty() {
        false => finish(args, &sections),
        true if args.rerun_failed => {
            note("no case is left that failed in the last run");
            Ok(true)
        }
        true => Err("no case is left by the patterns: the reports name each case".to_owned()),
    }
}

/// Prints and writes the results. Whether no case failed.
fn finish(args: &Args, sections: &[Section]) -> Result<bool, String> {
    print(&terminal::table(sections, args.report.as_deref()))?;
    if let Some(folder) = &args.report {
        let failed = |error| format!("cannot write to {}: {error}", folder.display());
        report::write(folder, sections).map_err(failed)?;
    }
    if std::env::var("GITHUB_ACTIONS").is_ok_and(|value| value == "true") {
        for_github(sections)?;
    }
    LastRun::keep(sections)?;
    let reasons: Vec<String> = sections.iter().filter_map(Section::not_judged).collect();
    let reasons = reasons.join("\n");
    let mut failed = sections
        .iter()
        .map(|section| section.count(Verdict::Fail) > 0);
    match failed.any(|failed| failed) {
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

async fn on_client(api: &Api, cases: &[Case], fail_fast: bool) -> Result<Vec<CaseResult>, String> {
    // It is drawn on a terminal only.
    let bar = ProgressBar::new(cases.len() as u64).with_finish(ProgressFinish::AndClear);
    let done = |result: &CaseResult| {
        bar.inc(1);
        !fail_fast || result.passed()
    };
    let results = clients::run(api, cases, &done).await;
    results.map_err(|error| error.to_string())
}

/// What is known: the file, and the options.
fn known(args: &Args) -> Result<Known, String> {
    let mut known = match std::fs::read_to_string(KNOWN) {
        Ok(text) => Known::parse(&text).map_err(|error| format!("{KNOWN}: {error}"))?,
        Err(error) if error.kind() == ErrorKind::NotFound => Known::default(),
        Err(error) => return Err(format!("cannot read {KNOWN}: {error}")),
    };
    for kind in &args.allowed {
        known.allow(kind);
    }
    Ok(known)
}

fn selection(args: &Args, last_run: Option<&LastRun>, api: &Api) -> Selection {
    Selection {
        operations: args.operations.clone(),
        tags: args.tags.clone(),
        paths: args.paths.clone(),
        cases: args.cases.clone(),
        excluded: args.excluded.clone(),
        only: last_run.map(|run| run.of(api.name)),
    }
}

/// Refuses a selection of no operation: a pattern may be mistyped.
fn check_selection(
    args: &Args,
    apis: &[Api],
    selections: &BTreeMap<&str, Selection>,
) -> Result<(), String> {
    let mut operations = apis.iter().flat_map(|api| {
        let operations = api.contract.operations.iter();
        operations.map(|operation| (&selections[api.name], operation))
    });
    if operations.any(|(selection, operation)| selection.has_operation(operation)) {
        return Ok(());
    }
    let given: Vec<&str> = [&args.operations, &args.tags, &args.paths, &args.excluded]
        .into_iter()
        .flatten()
        .map(Glob::as_str)
        .collect();
    Err(format!(
        "no operation is left by the patterns `{}`: the reports name each operation",
        given.join("`, `")
    ))
}
