//! `cargo xtask new-client`: the client crate of another spec, in this repository or anywhere.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use codegen::output::Plan;
use codegen::repository::Entry;
use codegen::{Dependency, Facts, Package, Source, Sources};
use xtask::{note, print, root, saying, workspace};

use ::drift::compare::safe;

use crate::client::{add_crate, add_sources};
use crate::description::{Description, Kind, api_toml, with_skip};
use crate::input::read_file;
use crate::listings;

/// Arguments of `new-client`.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask new-client acme --spec acme.yaml
      adds specs/acme and crates/acme-client to this repository, and acme to the conformance suite

  cargo xtask new-client platform-v2 --spec full.yaml --overlay corrections.yaml --out ../platform-v2-client
      writes a crate that needs nothing of this repository but the run time, which it takes by path

  cargo xtask new-client platform-v2 --spec full.yaml --out ../platform-v2-client \\
      --run-time-git https://example.com/clients.git --run-time-rev 0a1b2c3
      the same, with the run time from a commit of a git repository

docs/add-an-api.md describes each step, and how to remove an API.")]
pub struct Args {
    /// The name of the API: lower-case letters, digits and single hyphens; the crate is called NAME-client
    #[arg(value_name = "NAME")]
    name: String,
    /// The OpenAPI document
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,
    /// Corrections to it: an OpenAPI overlay, each of whose actions must match
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
    /// Leave out operations that cannot be generated, and list them in api.toml and DEVIATIONS.md
    #[arg(long)]
    skip_unsupported: bool,
    /// The name of the API for people; by default the title of the document
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// How callers authenticate; by default what the document's security schemes say
    #[arg(long, value_name = "KIND")]
    authentication: Option<Kind>,
    /// The environment variable of the token; or, given twice, of the client id and of the API key [default: MX_TOKEN,
    /// MX_SESSION_TOKEN, or MX_CLIENT_ID and MX_API_KEY]
    #[arg(long = "variable", value_name = "VARIABLE")]
    variables: Vec<String>,
    /// Write a crate that stands on its own to DIR, which must be empty or not exist
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// With --out: the folder that holds the run time, `client-core` and `codegen` [default: the crates of this
    /// repository]
    #[arg(long, value_name = "DIR", requires = "out", group = "run_time")]
    run_time_path: Option<PathBuf>,
    /// With --out: the git repository that holds the run time
    #[arg(long, value_name = "URL", requires = "out", group = "run_time")]
    run_time_git: Option<String>,
    /// With --run-time-git: the commit
    #[arg(long, value_name = "REV", requires = "run_time_git")]
    run_time_rev: Option<String>,
    /// With --out: the version of the run time in the registry
    #[arg(long, value_name = "VERSION", requires = "out", group = "run_time")]
    run_time_version: Option<String>,
}

/// Runs the command. Everything is checked and generated before the first file is written.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    check_name(&args.name)?;
    let root = root();
    match &args.out {
        Some(out) => check_folder(out, &root)?,
        None => check_is_new(&args.name, &root)?,
    }
    let mut sources = Sources {
        spec: Source::named_by_path(&args.spec),
        overlay: args.overlay.as_deref().map(Source::named_by_path),
        user_overlay: None,
        strict: true,
        skip_unsupported: args.skip_unsupported,
    };
    let mut text = api_toml(&Description {
        spec: &args.spec,
        name: &args.name,
        title: args.title.as_deref(),
        authentication: args.authentication,
        variables: &args.variables,
    })?;
    let mut facts = Facts::parse(&text, "api.toml")?;
    let mut outcome = saying("generating the client", || sources.generate(&facts))?;
    if !outcome.generated.skipped.is_empty() {
        // `api.toml` names them, so that every later run gives the same client.
        text = with_skip(&text, &outcome.generated.skipped)?;
        facts = Facts::parse(&text, "api.toml")?;
        sources.skip_unsupported = false;
        outcome = sources.generate(&facts)?;
    }
    if !outcome.warnings.is_empty() {
        note(safe::lines(outcome.warnings.trim_end()));
    }

    let mut plan = Plan::default();
    let name = format!("{}-client", args.name);
    let (folder, dependency) = match &args.out {
        Some(out) => (out.clone(), run_time(args)?),
        None => {
            let folder = root.join("specs").join(&args.name);
            add_sources(&mut plan, &folder, &sources, &text, &outcome.generated)?;
            let entries = Entry::all(&root)?;
            let known = entries
                .iter()
                .map(|entry| (entry.name.as_str(), entry.facts.authentication));
            let new = (args.name.as_str(), facts.authentication);
            listings::plan(&mut plan, &root, known.chain([new]))?;
            (root.join("crates").join(&name), Dependency::Workspace)
        }
    };
    let generated = outcome.generated;
    let package = Package {
        name: &name,
        facts: &facts,
        api_version: &generated.api_version.clone(),
        dependency: &dependency,
    };
    add_crate(&mut plan, &folder, &package, &sources, &text, generated)?;
    if let Dependency::Path(_) = dependency {
        // The versions that this repository is tested with, so that the crate builds offline as well.
        let lock = workspace().join("Cargo.lock");
        plan.add_file(folder.join("Cargo.lock"), read_file(&lock, "Cargo.lock")?);
    }
    let written = plan.write().map_err(|error| error.to_string())?;
    for path in &written {
        let path = path.strip_prefix(&root).unwrap_or(path);
        print(format_args!("{}\n", path.display()))?;
    }
    print(format_args!("{} files written\n", written.len()))?;
    Ok(ExitCode::SUCCESS)
}

/// Names become folders, crates and Rust modules, on every system.
fn check_name(name: &str) -> Result<(), String> {
    let is_valid = name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && !name.contains("--")
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !is_valid {
        return Err(format!(
            "invalid name `{name}`: use lower-case letters, digits and single hyphens, and begin with a letter"
        ));
    }
    // The registry takes 64 characters.
    let most = 64 - "-client".len();
    if name.len() > most {
        return Err(format!(
            "invalid name `{name}`: use at most {most} characters"
        ));
    }
    let is_device = ["aux", "con", "nul", "prn"].contains(&name)
        || ["com", "lpt"].iter().any(|device| {
            let number = name.strip_prefix(device);
            number.is_some_and(|number| number.len() == 1 && number != "0")
        });
    match is_device {
        true => Err(format!(
            "invalid name `{name}`: Windows reserves it, and it becomes a folder"
        )),
        false => Ok(()),
    }
}

/// Refuses the name of an API or crate that the repository has.
fn check_is_new(name: &str, root: &Path) -> Result<(), String> {
    for folder in [format!("specs/{name}"), format!("crates/{name}-client")] {
        if root.join(&folder).exists() {
            return Err(format!(
                "{folder} exists: choose another name, or remove the API first (docs/add-an-api.md describes how)"
            ));
        }
    }
    let package = format!("{name}-client");
    match listings::names_taken(root)?.contains(&package) {
        true => Err(format!(
            "`{package}` is another dependency of this workspace: choose another name"
        )),
        false => Ok(()),
    }
}

/// Refuses to overwrite what is there, and a place that cargo takes for a member of this workspace.
fn check_folder(out: &Path, root: &Path) -> Result<(), String> {
    let shown = out.display();
    let is_empty = match std::fs::read_dir(out) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    };
    if !is_empty {
        return Err(format!(
            "{shown} is not an empty folder: choose one that does not exist"
        ));
    }
    let absolute = std::path::absolute(out).map_err(|error| format!("{shown}: {error}"))?;
    match absolute.parent() == Some(&root.join("crates")) {
        true => Err(format!(
            "{shown} would be a member of this workspace: choose a folder outside, or leave out --out"
        )),
        false => Ok(()),
    }
}

/// Where a crate that stands alone takes the run time from.
fn run_time(args: &Args) -> Result<Dependency, String> {
    if let Some(url) = &args.run_time_git {
        return Ok(Dependency::Git {
            url: url.clone(),
            rev: args.run_time_rev.clone(),
        });
    }
    if let Some(version) = &args.run_time_version {
        return Ok(Dependency::Version(version.clone()));
    }
    let crates = match &args.run_time_path {
        Some(path) => path.clone(),
        None => workspace().join("crates"),
    };
    let crates = crates
        .canonicalize()
        .map_err(|error| format!("cannot read {}: {error}", crates.display()))?;
    let missing = ["client-core", "codegen"]
        .into_iter()
        .find(|name| !crates.join(name).join("Cargo.toml").is_file());
    match missing {
        None => Ok(Dependency::Path(crates)),
        Some(name) => Err(format!(
            "{} has no crate in `{name}`: choose the folder that holds `client-core` and `codegen`",
            crates.display()
        )),
    }
}
