//! `cargo xtask new-client`: the client crate of another spec, in this repository or anywhere.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use codegen::output::Plan;
use codegen::{Authentication, Dependency, Facts, Package, Source, Sources};
use openapi::{Document, model};
use toml_edit::{DocumentMut, InlineTable, value};
use xtask::{note, print, root, workspace};

use crate::client::add_crate;
use crate::input::read_file;

/// The list of the APIs that the conformance suite knows.
const SUITE_LIST: &str = "crates/conformance/src/apis/list.rs";

/// Arguments of `new-client`.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask new-client acme --spec acme.yaml
      adds specs/acme and crates/acme-client to this repository, and acme to the conformance suite
  cargo xtask new-client platform-v2 --spec full.yaml --overlay corrections.yaml --out ../platform-v2-client
      writes a crate that needs nothing of this repository but the run time")]
pub struct Args {
    /// The name of the API, in lower case; the crate is called NAME-client
    #[arg(value_name = "NAME")]
    name: String,
    /// The OpenAPI document
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,
    /// Corrections to it: an OpenAPI overlay, each of whose actions must match
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
    /// The name of the API for people; by default the title of the document
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// How callers authenticate; by default what the document's security schemes say
    #[arg(long, value_name = "KIND")]
    authentication: Option<Kind>,
    /// Write a crate that stands on its own to DIR, which must be empty or not exist
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// With --out: the folder from which the crate takes the run time, `mx-client-core` and `mx-codegen`; by default the
    /// crates of this repository
    #[arg(long, value_name = "DIR", requires = "out", group = "run_time")]
    run_time_path: Option<PathBuf>,
    /// With --out: the git repository from which the crate takes the run time
    #[arg(long, value_name = "URL", requires = "out", group = "run_time")]
    run_time_git: Option<String>,
    /// With --out: the version of the run time, which the crate takes from the registry
    #[arg(long, value_name = "VERSION", requires = "out", group = "run_time")]
    run_time_version: Option<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Kind {
    /// A client id and a key, or a bearer token
    Basic,
    /// The token of a user's session, in a header
    Session,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    check_name(&args.name)?;
    let name = format!("{}-client", args.name);
    let sources = Sources {
        spec: Source::named_by_file(&args.spec),
        // A folder that does not exist: a spec without an overlay.
        overlay: Source::named_by_file(args.overlay.as_deref().unwrap_or(Path::new(""))),
        user_overlay: None,
        strict: true,
    };
    if let Some(overlay) = &args.overlay
        && !overlay.is_file()
    {
        return Err(format!("cannot read {}: not a file", overlay.display()));
    }
    let text = facts(args)?;
    let facts = Facts::parse(&text, "api.toml")?;
    let mut plan = Plan::default();
    let place = match &args.out {
        Some(out) => Place::Alone(out.clone()),
        None => Place::Repository(root()),
    };
    place.check(&args.name)?;
    let outcome = sources.generate(&facts)?;
    if !outcome.warnings.is_empty() {
        note(outcome.warnings.trim_end());
    }
    let (folder, dependency) = match &place {
        Place::Alone(out) => (out.clone(), dependency(args)?),
        Place::Repository(root) => {
            let specs = root.join("specs").join(&args.name);
            plan.add_file(
                specs.join("openapi.yaml"),
                read_file(&sources.spec.path, &sources.spec.name)?,
            );
            if let Some(overlay) = &args.overlay {
                plan.add_file(
                    specs.join("overlay.yaml"),
                    read_file(overlay, &sources.overlay.name)?,
                );
            }
            plan.add_file(specs.join("api.toml"), text.clone());
            plan.add_file(
                specs.join("DEVIATIONS.md"),
                outcome.generated.deviations.clone(),
            );
            register(&mut plan, root, &args.name, facts.authentication)?;
            (root.join("crates").join(&name), Dependency::Workspace)
        }
    };
    let package = Package {
        name: &name,
        facts: &facts,
        dependency: &dependency,
    };
    add_crate(
        &mut plan,
        &folder,
        &package,
        &sources,
        &text,
        outcome.generated,
    )?;
    if let (Place::Alone(_), Dependency::Path(_)) = (&place, &dependency) {
        // The versions that this repository is tested with, so that the crate builds offline as well.
        let lock = workspace().join("Cargo.lock");
        plan.add_file(folder.join("Cargo.lock"), read_file(&lock, "Cargo.lock")?);
    }
    let written = plan.write().map_err(|error| error.to_string())?;
    for path in &written {
        let path = path.strip_prefix(root()).unwrap_or(path);
        print(format_args!("{}\n", path.display()))?;
    }
    print(format_args!("{} files written\n", written.len()))?;
    Ok(ExitCode::SUCCESS)
}

/// Where the crate goes.
enum Place {
    /// Into this repository, with its spec.
    Repository(PathBuf),
    /// Into a folder of its own.
    Alone(PathBuf),
}

impl Place {
    /// Refuses to overwrite what is there.
    fn check(&self, name: &str) -> Result<(), String> {
        match self {
            Self::Alone(out) => {
                let is_empty = match std::fs::read_dir(out) {
                    Ok(mut entries) => entries.next().is_none(),
                    Err(error) => error.kind() == std::io::ErrorKind::NotFound,
                };
                match is_empty {
                    true => Ok(()),
                    false => Err(format!(
                        "{} is not an empty folder: name one that does not exist yet",
                        out.display()
                    )),
                }
            }
            Self::Repository(root) => {
                for folder in [format!("specs/{name}"), format!("crates/{name}-client")] {
                    if root.join(&folder).exists() {
                        return Err(format!(
                            "{folder} exists already: choose another name, or remove it (docs/add-an-api.md says how)"
                        ));
                    }
                }
                Ok(())
            }
        }
    }
}

/// Names become folders, crates and Rust modules.
fn check_name(name: &str) -> Result<(), String> {
    let is_valid = name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && !name.contains("--")
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    match is_valid {
        true => Ok(()),
        false => Err(format!(
            "invalid name `{name}`: use lower-case letters, digits and single hyphens, and begin with a letter"
        )),
    }
}

/// The text of `api.toml`.
fn facts(args: &Args) -> Result<String, String> {
    let document = Document::read(&args.spec).map_err(|error| error.to_string())?;
    let title = document.value()["info"]["title"].as_str();
    let title = args.title.as_deref().or(title).unwrap_or(&args.name);
    let authentication = match args.authentication {
        Some(kind) => kind,
        None => kind_of(&document)?,
    };
    let (authentication, variables) = match authentication {
        Kind::Basic => ("basic", &["MX_CLIENT_ID", "MX_API_KEY"][..]),
        Kind::Session => ("session", &["MX_SESSION_TOKEN"][..]),
    };
    let mut text = DocumentMut::new();
    text["title"] = value(title);
    text["authentication"] = value(authentication);
    text["variables"] = value(variables.iter().copied().collect::<toml_edit::Array>());
    Ok(text.to_string())
}

/// How callers authenticate, as the security schemes say that the operations use.
fn kind_of(document: &Document) -> Result<Kind, String> {
    let (mut in_header, mut other) = (false, false);
    for scheme in model::schemes(document.value()) {
        match scheme.kind {
            model::SchemeKind::Header(_) => in_header = true,
            _ => other = true,
        }
    }
    match (in_header, other) {
        (true, true) => Err(format!(
            "{}: its operations take credentials of both kinds: choose with --authentication",
            document.name()
        )),
        (true, false) => Ok(Kind::Session),
        (false, _) => Ok(Kind::Basic),
    }
}

/// Where a crate that stands alone gets the run time from.
fn dependency(args: &Args) -> Result<Dependency, String> {
    if let Some(url) = &args.run_time_git {
        return Ok(Dependency::Git(url.clone()));
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
    match crates.join("client-core/Cargo.toml").is_file() {
        true => Ok(Dependency::Path(crates)),
        false => Err(format!(
            "{} has no folder `client-core`: name the folder that holds `client-core` and `codegen`",
            crates.display()
        )),
    }
}

/// Makes the crate known to the workspace and to the conformance suite.
fn register(
    plan: &mut Plan,
    root: &Path,
    name: &str,
    authentication: Authentication,
) -> Result<(), String> {
    let package = format!("{name}-client");
    edit(plan, root, "Cargo.toml", |manifest| {
        let mut dependency = InlineTable::new();
        dependency.insert("path", format!("crates/{package}").into());
        dependency.insert("default-features", false.into());
        manifest["workspace"]["dependencies"][&package] = value(dependency);
    })?;
    edit(plan, root, "crates/conformance/Cargo.toml", |manifest| {
        let mut dependency = InlineTable::new();
        dependency.insert("workspace", true.into());
        let features = ["dispatch", "openapi"].into_iter();
        dependency.insert("features", features.collect::<toml_edit::Array>().into());
        manifest["dependencies"][&package] = value(dependency);
        if let Some(tls) = manifest["features"]["tls"].as_array_mut() {
            tls.push(format!("{package}/rustls"));
        }
    })?;
    let path = root.join(SUITE_LIST);
    let list = read_file(&path, SUITE_LIST)?;
    let kind = match authentication {
        Authentication::Basic => "basic",
        Authentication::Session => "session",
    };
    let line = format!("    {name:?} => {}, {kind};\n", package.replace('-', "_"));
    let (before, after) = list
        .rsplit_once('}')
        .ok_or_else(|| format!("{SUITE_LIST}: there is no list to add `{name}` to"))?;
    plan.add_file(path, format!("{before}{line}}}{after}"));
    Ok(())
}

fn edit(
    plan: &mut Plan,
    root: &Path,
    name: &str,
    change: impl FnOnce(&mut DocumentMut),
) -> Result<(), String> {
    let path = root.join(name);
    let text = read_file(&path, name)?;
    let mut manifest: DocumentMut = text.parse().map_err(|error| format!("{name}: {error}"))?;
    change(&mut manifest);
    plan.add_file(path, manifest.to_string());
    Ok(())
}
