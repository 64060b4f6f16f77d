//! `cargo xtask bench generate`: our pipeline and its output beside progenitor's own, on the same spec.

use std::fs;
use std::path::{Path, PathBuf};

use codegen::output::Plan;
use codegen::{Authentication, Facts, Failure, Generated, Input};
use openapi::{Document, model};
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::{Map, Value};

use super::gauges::{compile, peak_memory, shortest};
use super::record::Record;
use xtask::{note, shared_build, target, workspace};

/// Arguments of `bench generate`.
#[derive(clap::Args)]
pub struct Args {
    /// The spec to measure on; without it a synthetic one of 166 operations
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

/// How much of a benchmark is run, and how strictly it is judged.
struct Extent {
    /// How often each step is timed; the shortest counts.
    runs: u32,
    /// The size of the small spec, in operations.
    small: usize,
    /// By which factor a limit may be missed.
    slack: f64,
}

/// From spec to files, against stock progenitor.
const MOST_TIME: f64 = 1.5;
/// An operation of the whole spec, against one of a small spec.
const STEEPEST: f64 = 1.25;
/// Lines of code, against stock progenitor's.
const MOST_LINES: f64 = 0.5;
/// CPU time to compile them, against stock progenitor's.
const MOST_COMPILING: f64 = 0.35;

/// Runs the benchmark; whether the figures are as they must be.
pub fn run(args: &Args, record: &mut Record) -> Result<bool, String> {
    let full = match &args.spec {
        Some(path) => Document::read(path).map_err(|error| error.to_string())?,
        None => document(&synthetic::plain(166))?,
    };
    let extent = Extent {
        runs: 5,
        small: 16,
        slack: 1.0,
    };
    measure(record, &full, &extent)
}

/// Runs the benchmark on a small spec.
pub fn quick(record: &mut Record) -> Result<bool, String> {
    let extent = Extent {
        runs: 1,
        small: 10,
        slack: 1.5,
    };
    measure(record, &document(&synthetic::plain(40))?, &extent)
}

fn measure(record: &mut Record, full: &Document, extent: &Extent) -> Result<bool, String> {
    let small = document(&first_operations(full.value(), extent.small))?;
    let place = target().join("bench");
    let text = full.text().to_owned();

    let ours = || -> Result<Generated, String> {
        let document = Document::parse("spec", text.clone()).map_err(|error| error.to_string())?;
        let generated = generate(&document)?;
        let mut plan = Plan::default();
        plan.add_code(&place.join("files"), &generated);
        plan.write().map_err(|error| error.to_string())?;
        Ok(generated)
    };
    note("measuring: generate");
    let generated = ours()?;
    let memory = peak_memory();
    let our_time = shortest(extent.runs, || ours().map(drop))?;
    let full_time = shortest(extent.runs, || generate(full).map(drop))?;
    let small_time = shortest(extent.runs, || generate(&small).map(drop))?;

    let stock_spec = for_stock(full.value());
    let stock_text =
        serde_json::to_string_pretty(&stock_spec).map_err(|error| error.to_string())?;
    let stock = || stock(&stock_text);
    let stock_code = stock()?;
    let stock_time = shortest(extent.runs, || stock().map(drop))?;

    record.say(format_args!(
        "{} operations, ours against stock progenitor with builders\n",
        operations(full.value())
    ))?;
    let mut holds = true;
    let mut row = |what: &str, ours: f64, theirs: f64, unit: &str, limit: f64| {
        let ratio = ours / theirs;
        if ratio > limit * extent.slack {
            note(format_args!(
                "{what}: at most {:.2} × is allowed",
                limit * extent.slack
            ));
            holds = false;
        }
        record.say(format_args!(
            "{what:<44} {ours:>10.1} {unit:<3} {theirs:>10.1} {unit:<3} {ratio:>6.2} ×\n"
        ))
    };
    row(
        "spec to files",
        ms(our_time),
        ms(stock_time),
        "ms",
        MOST_TIME,
    )?;
    let per_operation =
        |time, document: &Document| ms(time) / operations(document.value()).max(1) as f64;
    row(
        &format!("time per operation, all against {}", extent.small),
        per_operation(full_time, full),
        per_operation(small_time, &small),
        "ms",
        STEEPEST,
    )?;
    row(
        "lines",
        lines(&generated) as f64,
        stock_code.lines().count() as f64,
        "",
        MOST_LINES,
    )?;
    let (our_crate, stock_crate) = crates(&place, &generated, &stock_code)?;
    row(
        "CPU time to compile",
        ms(compile(&our_crate, extent.runs)?),
        ms(compile(&stock_crate, extent.runs)?),
        "ms",
        MOST_COMPILING,
    )?;
    if let Some(memory) = memory {
        let what = "peak memory of generating";
        record.say(format_args!("{what:<44} {memory:>10} MiB\n"))?;
    }
    Ok(holds)
}

fn ms(duration: std::time::Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

fn document(value: &Value) -> Result<Document, String> {
    Document::parse("spec", value.to_string()).map_err(|error| error.to_string())
}

fn generate(document: &Document) -> Result<Generated, String> {
    let facts = Facts::new("Benchmark", Authentication::Basic);
    let input = Input::new(&facts, document);
    codegen::generate(&input).map_err(|failure| match failure {
        Failure::Spec(findings) | Failure::Overlay(findings) | Failure::UserOverlay(findings) => {
            openapi::render(&findings, document, false)
        }
    })
}

fn lines(generated: &Generated) -> usize {
    // What stands behind a feature is not in the output of progenitor that this is compared with.
    let optional = ["dispatch.rs", "mock.rs"];
    let code = generated
        .files
        .iter()
        .filter(|(name, _)| name.ends_with(".rs") && !optional.contains(&name.as_str()));
    code.map(|(_, text)| text.lines().count()).sum()
}

fn operations(spec: &Value) -> usize {
    model::operations(spec).len()
}

/// The spec with only its first operations.
fn first_operations(spec: &Value, count: usize) -> Value {
    let mut small = spec.clone();
    let mut kept = Map::new();
    let mut taken = 0;
    for (path, item) in spec["paths"].as_object().into_iter().flatten() {
        if taken < count {
            taken += model::METHODS
                .iter()
                .filter(|method| item.get(**method).is_some())
                .count();
            kept.insert(path.clone(), item.clone());
        }
    }
    small["paths"] = Value::Object(kept);
    small
}

/// The spec as progenitor takes it and rustc its output: vendor JSON media types by the name it knows, and no two
/// parameters of one Rust name.
fn for_stock(spec: &Value) -> Value {
    match spec {
        Value::Object(object) => {
            let entries = object.iter().map(|(key, value)| {
                let json = key.contains('/') && model::is_json(key);
                (
                    if json {
                        "application/json".to_owned()
                    } else {
                        key.clone()
                    },
                    for_stock(value),
                )
            });
            Value::Object(entries.collect())
        }
        Value::Array(items) => items.iter().map(for_stock).collect(),
        // Two parameters that differ in brackets only make code that does not compile.
        Value::String(text) if text.ends_with("[]") => Value::String(text.replace("[]", "_list")),
        plain => plain.clone(),
    }
}

fn stock(text: &str) -> Result<String, String> {
    let spec: openapiv3::OpenAPI = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Builder);
    let tokens = Generator::new(&settings)
        .generate_tokens(&spec)
        .map_err(|error| error.to_string())?;
    let file = syn::parse2(tokens).map_err(|error| error.to_string())?;
    Ok(prettyplease::unparse(&file))
}

/// Two library crates, ours and stock progenitor's.
fn crates(place: &Path, generated: &Generated, stock: &str) -> Result<(PathBuf, PathBuf), String> {
    let (ours, theirs) = (place.join("ours"), place.join("stock"));
    let client = workspace().join("crates/platform-client");
    let core = workspace().join("crates/client-core");
    let mut plan = Plan::default();
    plan.add_code(&ours.join("src/generated"), generated);
    // The library takes its documentation from the README.
    for name in ["src/lib.rs", "README.md"] {
        let path = client.join(name);
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        plan.add_file(ours.join(name), text);
    }
    plan.add_file(theirs.join("src/lib.rs"), stock.to_owned());
    let (profiles, lock) = shared_build()?;
    for (folder, name, features, dependencies) in [
        (
            &ours,
            "ours",
            "dispatch = []\nmock = []\nopenapi = []\nschemars = []\n",
            format!("client-core = {{ package = \"mx-client-core\", path = {core:?}, default-features = false }}"),
        ),
        (
            &theirs,
            "stock",
            "",
            "progenitor-client = \"0.15\"\nreqwest = { version = \"0.13\", default-features = false, features = [\"json\", \"query\", \"stream\"] }".to_owned(),
        ),
    ] {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [features]\n{features}\n[dependencies]\n\
             serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\nbytes = \"1\"\n\
             futures-core = \"0.3\"\n{dependencies}\n\n{profiles}"
        );
        plan.add_file(folder.join("Cargo.toml"), manifest);
        plan.add_file(folder.join("Cargo.lock"), lock.clone());
    }
    plan.write().map_err(|error| error.to_string())?;
    Ok((ours, theirs))
}
