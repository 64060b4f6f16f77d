//! The conformance suite with the client of another spec: `cargo xtask conformance --spec FILE` comes here.
//!
//! The client, and a program that is the suite with it, are written to a folder of the build that belongs to the content
//! of the spec and the overlay. They share what this workspace has compiled.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::UNIX_EPOCH;

use clap::Parser as _;
use codegen::output::Plan;
use codegen::{Authentication, Dependency, Facts, Package, Source, Sources};
use xtask::{build, cargo, note, program, root, saying, shared_build, target, workspace};

use crate::client::add_crate;
use crate::description::{Description, Kind, api_toml};

/// Arguments of `suite`.
#[derive(clap::Args)]
pub struct Args {
    /// The arguments of the suite; those below are for this command
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// The arguments of the suite that describe the spec.
#[derive(clap::Parser)]
#[command(
    name = "conformance",
    bin_name = "cargo xtask conformance",
    disable_help_flag = true
)]
struct Own {
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
    #[arg(long, value_name = "KIND")]
    authentication: Option<Kind>,
}

/// The crate of the client, and its library.
const CLIENT: (&str, &str) = ("spec-client", "spec_client");

/// Builds the suite with the client of the spec, and runs it.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    let (own, rest) = split(&args.arguments);
    let own = Own::try_parse_from(own).unwrap_or_else(|error| error.exit());
    let read = |path: &Path| {
        fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
    };
    let overlay = own.overlay.as_deref().map(read).transpose()?;
    let kind = own.authentication.map(|kind| kind as u8);
    let inputs = [
        read(&own.spec)?,
        overlay.unwrap_or_default(),
        vec![kind.unwrap_or(9)],
    ];
    let id = &openapi::sha256(&inputs.join(&0))[..12];
    let folder = target().join("conformance").join(id);
    let name = format!("conformance-{id}");
    if fs::read_to_string(folder.join("stamp")).ok() != Some(stamp()?) {
        saying("generating the client", || write(&own, &folder, &name))?;
    }
    let mut cargo = cargo();
    cargo
        .current_dir(&folder)
        .args(["build", "--package", &name, "--target-dir"])
        .arg(target());
    let is_https = |argument: &OsString| {
        let argument = argument.to_string_lossy().to_ascii_lowercase();
        argument.contains("https://")
    };
    if rest.iter().any(is_https) {
        cargo.args(["--features", "tls"]);
    }
    let path = build::build(&mut cargo, &name)?;
    let status = program(&path)
        .current_dir(root())
        .args(absolute(&rest)?)
        .status()
        .map_err(|error| format!("cannot start {}: {error}", path.display()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(2)))
}

/// The arguments that describe the spec, after the name of a program, and the others.
fn split(arguments: &[OsString]) -> (Vec<OsString>, Vec<OsString>) {
    let mut own = vec!["conformance".into()];
    let mut rest = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        let (name, has_value) = match text.split_once('=') {
            Some((name, _)) => (name, true),
            None => (&*text, false),
        };
        if !["--spec", "--overlay", "--authentication"].contains(&name) {
            rest.push(argument.clone());
            continue;
        }
        own.push(argument.clone());
        if !has_value {
            own.extend(arguments.next().cloned());
        }
    }
    (own, rest)
}

/// The folder of the reports as the user means it: the suite runs in the root of the repository.
fn absolute(arguments: &[OsString]) -> Result<Vec<OsString>, String> {
    let mut arguments = arguments.to_vec();
    for index in 1..arguments.len() {
        if arguments[index - 1] == "--report" {
            let path = std::path::absolute(&arguments[index]);
            let path = path.map_err(|error| format!("--report: {error}"))?;
            arguments[index] = path.into();
        }
    }
    Ok(arguments)
}

/// What the generated files depend on beside their inputs: this program.
fn stamp() -> Result<String, String> {
    let known = std::env::current_exe().and_then(fs::metadata);
    let known = known.and_then(|known| Ok((known.len(), known.modified()?)));
    let (length, modified) = known.map_err(|error| format!("cannot read this program: {error}"))?;
    let modified = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{length} {}", modified.as_nanos()))
}

/// Writes the crates of the client and of the suite.
fn write(own: &Own, folder: &Path, name: &str) -> Result<(), String> {
    let api = api_name(&own.spec);
    let text = api_toml(&Description {
        spec: &own.spec,
        name: &api,
        title: None,
        authentication: own.authentication,
        variables: &[],
    })?;
    let facts = Facts::parse(&text, "api.toml")?;
    let sources = Sources {
        spec: Source::named_by_path(&own.spec),
        overlay: own.overlay.as_deref().map(Source::named_by_path),
        user_overlay: None,
        strict: true,
        skip_unsupported: true,
    };
    let outcome = sources.generate(&facts)?;
    if !outcome.warnings.is_empty() {
        note(outcome.warnings.trim_end());
    }
    if !outcome.generated.skipped.is_empty() {
        let skipped = outcome.generated.skipped.join(", ");
        note(format_args!(
            "not judged, as no client can be generated for them: {skipped}"
        ));
    }
    let crates = workspace().join("crates");
    let package = Package {
        name: CLIENT.0,
        facts: &facts,
        api_version: &outcome.generated.api_version.clone(),
        dependency: &Dependency::Path(crates.clone()),
    };
    let mut plan = Plan::default();
    let client = folder.join("client");
    add_crate(
        &mut plan,
        &client,
        &package,
        &sources,
        &text,
        outcome.generated,
    )?;
    let (profiles, lock) = shared_build()?;
    let members = "[workspace]\nresolver = \"3\"\nmembers = [\"client\", \"suite\"]\n\n";
    plan.add_file(folder.join("Cargo.toml"), format!("{members}{profiles}"));
    if !folder.join("Cargo.lock").exists() {
        plan.add_file(folder.join("Cargo.lock"), lock);
    }
    let suite = folder.join("suite");
    plan.add_file(suite.join("Cargo.toml"), manifest(name, &crates));
    let kind = match facts.authentication {
        Authentication::None => "none",
        Authentication::Basic | Authentication::Bearer => "basic",
        Authentication::Session => "session",
    };
    let main = MAIN
        .replace("{{api}}", &api)
        .replace("{{client}}", CLIENT.1)
        .replace("{{kind}}", kind);
    plan.add_file(suite.join("src").join("main.rs"), main);
    plan.write().map_err(|error| error.to_string())?;
    let path = folder.join("stamp");
    fs::write(&path, stamp()?).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// The program.
const MAIN: &str = "//! The conformance suite with the client of another spec.

use std::process::ExitCode;

fn main() -> ExitCode {
    conformance::program::main(|| {
        let published = include_str!(\"../../client/spec/openapi.yaml\");
        let api = conformance::api!(\"{{api}}\", {{client}}, {{kind}}, published)?;
        Ok(vec![conformance::apis::with_made_up(api)])
    })
}
";

fn manifest(name: &str, crates: &Path) -> String {
    let conformance = toml_edit::Value::from(crates.join("conformance").display().to_string());
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [features]\ntls = [\"conformance/tls\"]\n\n\
         [dependencies]\nconformance = {{ path = {conformance} }}\n\
         {client} = {{ path = \"../client\", default-features = false, features = [\"dispatch\", \"openapi\"] }}\n",
        client = CLIENT.0
    )
}

/// The name of an API in reports: that of its file, with letters, digits and hyphens only.
fn api_name(spec: &Path) -> String {
    let stem = spec.file_stem().unwrap_or_default().to_string_lossy();
    let words: Vec<String> = stem
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    match words.is_empty() {
        true => "api".to_owned(),
        false => words.join("-"),
    }
}
