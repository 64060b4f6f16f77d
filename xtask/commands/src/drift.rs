//! `cargo xtask drift`: what changed between two specs, or between ours and what MX publishes.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use codegen::repository::Entry;
use drift::compare::{self, Class, Options, Report, Semver, Shown, compare};
use drift::{import, rust};
use openapi::Document;
use regex::Regex;
use serde_json::{Value, json};

use crate::fetch;
use crate::input::{self, Input};
use crate::sources::{self, Source};
use xtask::{note, print, root, saying};

/// Arguments of `drift`.
#[derive(clap::Args)]
pub struct Args {
    /// The spec as it was: a file, git:REV, git:REV:PATH, a saved documentation page, or a URL of
    /// any of these. Without OLD and NEW our specs are compared with what is published
    #[arg(requires = "new")]
    old: Option<Input>,
    /// The spec as it is now
    new: Option<Input>,
    /// The API: which spec to check, or which `specs/API/drift.toml` holds accepted changes
    #[arg(long)]
    api: Option<String>,
    /// How to print the report
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// From which class on a change makes the exit code 1
    #[arg(long, value_enum, default_value = "any")]
    fail_on: FailOn,
    /// Show only changes of this class; the verdict and the exit code stay those of all changes
    #[arg(long, value_enum, value_name = "CLASS")]
    only: Option<Only>,
    /// Compare only operations that this names: `GET /users/*`, a path, or an operationId, with `*` and `?`
    #[arg(long, value_name = "GLOB")]
    operation: Vec<Glob>,
    /// Show at most so many rows in each section
    #[arg(long, value_name = "ROWS")]
    limit: Option<usize>,
    /// Show every change with its places, and both texts of what explains
    #[arg(long)]
    verbose: bool,
    /// How many reports share the comment that Markdown has to fit into
    #[arg(long, value_name = "NUMBER", default_value = "1")]
    reports: usize,
    /// Compare the specs only, and guess the effect on Rust callers: generate no clients
    #[arg(long)]
    no_rust: bool,
    /// Take in what is published, run regen, and say what to do next
    #[arg(long, conflicts_with = "old")]
    update: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people, at a terminal
    Text,
    /// For a comment on a pull request
    Markdown,
    /// For programs; version 1 of a stable format
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    /// Only what breaks callers
    Breaking,
    /// Whatever changed
    Any,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Only {
    /// What breaks callers
    Breaking,
    /// New possibilities
    Additive,
    /// Texts, examples and deprecations
    Documentation,
}

/// A pattern of names in which `*` and `?` stand for any characters.
#[derive(Clone, Debug)]
struct Glob(Regex);

impl std::str::FromStr for Glob {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let pattern = regex::escape(text).replace(r"\*", ".*").replace(r"\?", ".");
        let regex = Regex::new(&format!("^(?s:{pattern})$"));
        regex
            .map(Glob)
            .map_err(|_| "the pattern is too long".to_owned())
    }
}

impl Args {
    /// Leaves out the operations that were not asked for.
    fn select(&self, report: &mut Report) {
        if self.operation.is_empty() {
            return;
        }
        report.only_operations(|label, id| {
            let path = label.split_once(' ').map_or(label, |(_, path)| path);
            let names = [Some(label), Some(path), id];
            let mut globs = self.operation.iter();
            globs.any(|glob| names.iter().flatten().any(|name| glob.0.is_match(name)))
        });
    }

    /// How reports are shown, of which there are so many.
    fn options(&self, reports: usize) -> Options {
        let command: Vec<String> = std::env::args().skip(1).collect();
        let quoted = command
            .iter()
            .map(|word| match word.contains([' ', '*', '?', '&', '\'']) {
                true => format!("'{}'", word.replace('\'', "'\\''")),
                false => word.clone(),
            });
        // Secrets may be in URLs.
        let is_shown = !command.iter().any(|word| word.contains("://"));
        let command = format!(
            "cargo xtask {} --verbose",
            quoted.collect::<Vec<_>>().join(" ")
        );
        Options {
            colour: self.format == Format::Text && colour(),
            verbose: self.verbose,
            limit: self.limit,
            only: self.only.map(|only| match only {
                Only::Breaking => Shown::Breaking,
                Only::Additive => Shown::Additive,
                Only::Documentation => Shown::Documentation,
            }),
            command: is_shown.then(|| command.replace(" --format markdown", "")),
            reports: reports.max(self.reports),
        }
    }
}

impl FailOn {
    fn fails(self, report: &Report) -> bool {
        match (self, report.verdict()) {
            (_, None) => false,
            (FailOn::Any, Some(_)) => true,
            (FailOn::Breaking, Some(class)) => class == Class::Breaking,
        }
    }
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    match (&args.old, &args.new) {
        (Some(old), Some(new)) => pair(args, old, new),
        _ => published(args),
    }
}

fn pair(args: &Args, old_input: &Input, new_input: &Input) -> Result<ExitCode, String> {
    let input::Pair { old, new, notes } =
        input::read_pair(old_input, new_input, args.api.as_deref())?;
    let overlay = overlay(args, [old_input, new_input], &new)?;
    let mut report = saying("comparing", || compare(&old, &new));
    report.notes = notes;
    if !args.no_rust {
        saying("generating both clients", || {
            rust::compute(&mut report, &old, &new, overlay.as_ref());
        });
    }
    let stale = match &args.api {
        Some(api) => accept(&mut report, api)?,
        None => false,
    };
    args.select(&mut report);
    print(shown(&report, args, 1))?;
    Ok(exit(stale || args.fail_on.fails(&report)))
}

/// The corrections that the clients of two specs are generated with: those of the API that is named, that a file is of,
/// or whose spec has the same title.
fn overlay(args: &Args, inputs: [&Input; 2], new: &Document) -> Result<Option<Document>, String> {
    if args.no_rust {
        return Ok(None);
    }
    let root = root();
    if let Some(api) = &args.api {
        return overlay_of(&Entry::read(&root, api)?);
    }
    let files: Vec<PathBuf> = inputs
        .into_iter()
        .filter_map(|input| match input {
            Input::File(path) => path.canonicalize().ok(),
            _ => None,
        })
        .collect();
    let title = |document: &Document| document.value()["info"]["title"].clone();
    for entry in Entry::all(&root)? {
        let spec = entry.sources().spec;
        let is_one = spec
            .path
            .canonicalize()
            .is_ok_and(|path| files.contains(&path));
        if is_one || Document::read(&spec.path).is_ok_and(|spec| title(&spec) == title(new)) {
            return overlay_of(&entry);
        }
    }
    Ok(None)
}

/// The overlay of an API of the repository, if it has one.
pub fn overlay_of(entry: &Entry) -> Result<Option<Document>, String> {
    let overlay = entry.sources().overlay;
    let read = overlay.map(|overlay| Document::read_as(&overlay.path, &overlay.name));
    read.transpose().map_err(|error| error.to_string())
}

/// Says something that may quote a spec or a page.
fn say(text: impl std::fmt::Display) {
    note(compare::safe::lines(&text.to_string()));
}

/// Takes accepted changes out of a report; tells whether acceptances are left over.
fn accept(report: &mut Report, api: &str) -> Result<bool, String> {
    let stale = report.accept(sources::acceptances(&root(), api)?);
    for acceptance in &stale {
        say(format_args!(
            "specs/{api}/drift.toml: no longer occurs, delete it: {} at {}",
            acceptance.message, acceptance.pointer
        ));
    }
    Ok(!stale.is_empty())
}

fn shown(report: &Report, args: &Args, reports: usize) -> String {
    let options = args.options(reports);
    match args.format {
        Format::Text => report.text_with(&options),
        Format::Markdown => report.markdown_with(&options),
        Format::Json => format!("{:#}\n", report.json_with(&options)),
    }
}

/// Whether stdout takes colours: `NO_COLOR`, `CLICOLOR_FORCE` and `CLICOLOR` decide, and else whether it is a terminal.
fn colour() -> bool {
    anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
}

fn exit(falls_short: bool) -> ExitCode {
    if falls_short {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// A spec against its source.
struct Checked {
    report: Report,
    published: Document,
    /// The published file is another than ours, or than the one that was taken.
    is_new: bool,
    /// The spec in the repository is not the one that was taken, or accepted changes are gone.
    falls_short: bool,
}

/// All specs against their sources. One that cannot be checked does not stop the others, but it
/// is never "no drift".
fn published(args: &Args) -> Result<ExitCode, String> {
    let root = root();
    let sources = sources::read(&root, args.api.as_deref())?;
    let mut results = Vec::new();
    for source in &sources {
        let checked = check(args, source, &root);
        if let Err(problem) = &checked {
            say(format_args!(
                "{}: could not be checked: {problem}",
                source.api
            ));
        }
        results.push((source, checked));
    }
    print(shown_published(&results, args))?;
    let unchecked = results.iter().any(|(_, checked)| checked.is_err());
    let (mut falls_short, mut updated) = (false, false);
    for (source, checked) in &results {
        let Ok(checked) = checked else { continue };
        if args.update && checked.is_new {
            update(source, checked, &root)?;
            updated = true;
        } else if !args.update {
            falls_short |= checked.falls_short || args.fail_on.fails(&checked.report);
        }
    }
    if updated {
        regenerate(&root)?;
        next_steps(&results);
    }
    Ok(if unchecked {
        ExitCode::from(2)
    } else {
        exit(falls_short)
    })
}

fn check(args: &Args, source: &Source, root: &Path) -> Result<Checked, String> {
    let path = source.file(root);
    let name = format!("specs/{}/openapi.yaml", source.api);
    let ours = Document::read_as(&path, &name).map_err(|error| error.to_string())?;
    let published = fetch_spec(source)?;
    let mut report = saying("comparing", || compare(&ours, &published));
    if !args.no_rust {
        let overlay = overlay_of(&Entry::read(root, &source.api)?)?;
        saying("generating both clients", || {
            rust::compute(&mut report, &ours, &published, overlay.as_ref());
        });
    }
    let mut falls_short = accept(&mut report, &source.api)?;
    args.select(&mut report);
    if ours.sha256() != source.sha256 {
        say(format_args!(
            "{name} is not the file that was taken on {}: put corrections into overlay.yaml, or take the file in \
             with `cargo xtask drift --update --api {}`",
            source.date, source.api
        ));
        falls_short = true;
    }
    let is_new = published.sha256() != ours.sha256() || published.sha256() != source.sha256;
    Ok(Checked {
        report,
        is_new,
        published,
        falls_short,
    })
}

/// The published spec: a file or page, or what several pages give together.
fn fetch_spec(source: &Source) -> Result<Document, String> {
    let texts = fetch::fetch(&source.urls)?;
    let named: Vec<(String, &String)> = source.urls.iter().map(fetch::shown).zip(&texts).collect();
    if let [(name, text)] = &named[..] {
        return import::document(name, text).map_err(|error| error.to_string());
    }
    let mut slices = Vec::new();
    for (name, text) in &named {
        slices.extend(import::slices(name, text).map_err(|error| error.to_string())?);
    }
    let merged = import::merge(&slices, None).map_err(|error| error.to_string())?;
    Document::parse(&format!("{} pages", named.len()), merged).map_err(|error| error.to_string())
}

fn shown_published(results: &[(&Source, Result<Checked, String>)], args: &Args) -> String {
    if args.format == Format::Json {
        return format!("{:#}\n", json_of(results, args));
    }
    let shown = results.iter().map(|(source, checked)| {
        let api = &source.api;
        match (checked, args.format) {
            (Ok(checked), _) => shown(&checked.report, args, results.len()),
            (Err(problem), Format::Markdown) => compare::problem(api, problem),
            (Err(_), _) => format!("{api}: could not be checked\n"),
        }
    });
    shown.collect::<Vec<_>>().join("\n")
}

/// All reports. The verdict is unknown where a source could not be checked: it may have changed.
fn json_of(results: &[(&Source, Result<Checked, String>)], args: &Args) -> Value {
    let reports: Vec<&Report> = results
        .iter()
        .filter_map(|(_, checked)| checked.as_ref().ok())
        .map(|checked| &checked.report)
        .collect();
    let is_whole = reports.len() == results.len();
    let verdict = reports.iter().filter_map(|report| report.verdict()).max();
    let verdict = match (is_whole, verdict) {
        (false, _) => "unknown".to_owned(),
        (true, None) => "none".to_owned(),
        (true, Some(class)) => class.to_string(),
    };
    let semver = match is_whole {
        false => json!("unknown"),
        true => json!(
            reports
                .iter()
                .map(|report| report.semver())
                .max()
                .unwrap_or(Semver::None)
        ),
    };
    let options = args.options(results.len());
    let apis = results.iter().map(|(source, checked)| match checked {
        Ok(checked) => {
            json!({"api": source.api, "checked": true, "report": checked.report.json_with(&options)})
        }
        Err(problem) => json!({"api": source.api, "checked": false, "problem": problem}),
    });
    let apis: Vec<Value> = apis.collect();
    json!({"version": 1, "verdict": verdict, "semver": semver, "apis": apis})
}

fn update(source: &Source, checked: &Checked, root: &Path) -> Result<(), String> {
    let path = source.file(root);
    let text = checked.published.text().to_owned();
    codegen::output::replace(&path, text).map_err(|error| error.to_string())?;
    let today = time::OffsetDateTime::now_utc().date().to_string();
    sources::taken(root, &source.api, &today, &checked.published.sha256())?;
    say(format_args!("took in specs/{}/openapi.yaml", source.api));
    Ok(())
}

/// Starts `regen` in a process of its own: it prints its own diagnostics.
fn regenerate(root: &Path) -> Result<(), String> {
    let this = std::env::current_exe().map_err(|error| format!("cannot start regen: {error}"))?;
    let status = Command::new(this)
        .arg("regen")
        .current_dir(root)
        // The report that it ends with has been printed.
        .stdout(Stdio::null())
        .status()
        .map_err(|error| format!("cannot start regen: {error}"))?;
    if status.success() {
        return Ok(());
    }
    Err("the new specs are in place, but regen failed: correct specs/*/overlay.yaml and run `cargo xtask regen`, or \
         take the specs back with `git checkout specs`"
        .to_owned())
}

fn next_steps(results: &[(&Source, Result<Checked, String>)]) {
    let semver = results
        .iter()
        .filter_map(|(_, checked)| checked.as_ref().ok());
    let semver = semver
        .map(|checked| checked.report.semver())
        .max()
        .unwrap_or(Semver::None);
    let last = match semver {
        Semver::None => "commit; no caller notices".to_owned(),
        step => format!("note it in CHANGELOG.md, raise the {step} version, commit"),
    };
    say(format_args!(
        "next:\n  1. read the report above, and `git diff specs crates`\n  2. run `cargo test --workspace`\n  3. {last}"
    ));
}

/// The report of what changed in an API's spec since the last commit; empty if nothing did, or if
/// there is no commit that holds the spec.
pub fn since_last_commit(root: &Path, api: &str) -> Result<String, String> {
    let file = format!("specs/{api}/openapi.yaml");
    let Ok(before) = input::at_revision(root, "HEAD", &format!("./{file}")) else {
        return Ok(String::new());
    };
    let now = input::read_file(&root.join(&file), &file)?;
    if before == now {
        return Ok(String::new());
    }
    let before = import::older_document(&format!("git:HEAD:{file}"), &before);
    let (before, notes) = before.map_err(|error| error.to_string())?;
    let now = import::document(&file, &now).map_err(|error| error.to_string())?;
    let mut report = compare(&before, &now);
    report.notes = notes;
    let overlay = overlay_of(&Entry::read(root, api)?)?;
    rust::compute(&mut report, &before, &now, overlay.as_ref());
    Ok(format!("\n{}", report.text(colour())))
}
