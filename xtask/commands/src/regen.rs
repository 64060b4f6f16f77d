//! `cargo xtask regen`: the clients' generated code, from the specs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use codegen::output::{Difference, Plan};
use codegen::repository::Entry;
use similar::TextDiff;

use ::drift::compare::safe;

use crate::{client, drift, listings};
use xtask::{note, print, root, saying};

/// Arguments of `regen`.
#[derive(clap::Args)]
pub struct Args {
    /// Write nothing; exit with 1 and a diff where the committed code is not what the specs give
    #[arg(long)]
    check: bool,
    /// Generate an API from another spec, such as `platform=full.yaml`
    #[arg(long = "spec", value_name = "API=FILE", value_parser = parse_spec)]
    specs: Vec<(String, PathBuf)>,
    /// Write to the folder of each API's name in DIR, instead of the clients' crates
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Leave out operations that cannot be generated, and list them in DEVIATIONS.md
    #[arg(long)]
    skip_unsupported: bool,
}

fn parse_spec(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((api, file)) if !api.is_empty() && !file.is_empty() => {
            Ok((api.to_owned(), file.into()))
        }
        _ => Err("expected API=FILE, such as platform=full.yaml".to_owned()),
    }
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    let root = root();
    let entries = Entry::all(&root)?;
    for (api, _) in &args.specs {
        if !entries.iter().any(|entry| entry.name == *api) {
            let known: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
            return Err(format!(
                "there is no API `{api}`: the specs are {}",
                known.join(", ")
            ));
        }
    }
    let mut plan = Plan::default();
    let mut failures = Vec::new();
    for entry in &entries {
        let mut sources = entry.sources();
        if let Some((_, file)) = args.specs.iter().find(|(api, _)| *api == entry.name) {
            sources = sources.with_spec(file);
        }
        sources.skip_unsupported = args.skip_unsupported;
        let outcome = saying(&format!("generating the client of {}", entry.name), || {
            sources.generate(&entry.facts)
        });
        let outcome = outcome.and_then(|outcome| {
            if !outcome.warnings.is_empty() {
                note(safe::lines(outcome.warnings.trim_end()));
            }
            for operation in &outcome.generated.skipped {
                note(format_args!(
                    "{}: {} is left out",
                    entry.name,
                    safe::line(operation)
                ));
            }
            match &args.out {
                Some(out) => {
                    let folder = out.join(&entry.name);
                    plan.add_code(&folder.join("generated"), &outcome.generated);
                    plan.add_file(folder.join("DEVIATIONS.md"), outcome.generated.deviations);
                    Ok(())
                }
                None => client::plan(&mut plan, entry, &sources, outcome.generated),
            }
        });
        failures.extend(outcome.err());
    }
    if args.out.is_none() {
        let clients = entries
            .iter()
            .map(|entry| (entry.name.as_str(), entry.facts.authentication));
        failures.extend(listings::plan(&mut plan, &root, clients).err());
    }
    if !failures.is_empty() {
        return Err(format!("{}\nnothing was written", failures.join("\n")));
    }
    for name in without_spec(&root, &entries)? {
        note(format_args!("crates/{name} has no spec: delete it"));
    }
    if args.check {
        check(&plan, &root)
    } else {
        let written = write(&plan, &root)?;
        if written > 0 && args.specs.is_empty() && args.out.is_none() {
            for entry in &entries {
                print(drift::since_last_commit(&root, &entry.name)?)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The client crates that are left over from APIs that were removed.
fn without_spec(root: &Path, entries: &[Entry]) -> Result<Vec<String>, String> {
    let folder = root.join("crates");
    let failed = |error| format!("cannot read {}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let name = name.to_string_lossy().into_owned();
        let has_spec = entries.iter().any(|entry| entry.crate_name() == name);
        // What `new-client` writes has its spec inside.
        if !has_spec && folder.join(&name).join("spec/api.toml").exists() {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

fn write(plan: &Plan, root: &Path) -> Result<usize, String> {
    let changed = plan.write().map_err(|error| error.to_string())?;
    for path in &changed {
        print(format_args!("{}\n", shown(path, root)))?;
    }
    match changed.len() {
        0 => print("everything is as the specs give it\n")?,
        count => print(format_args!("{count} files written\n"))?,
    }
    Ok(changed.len())
}

fn check(plan: &Plan, root: &Path) -> Result<ExitCode, String> {
    let differences = plan.differences().map_err(|error| error.to_string())?;
    if differences.is_empty() {
        print("the committed code is what the specs give\n")?;
        return Ok(ExitCode::SUCCESS);
    }
    for Difference {
        path,
        found,
        wanted,
    } in &differences
    {
        let path = shown(path, root);
        let (found, wanted) = (
            found.as_deref().unwrap_or_default(),
            wanted.as_deref().unwrap_or_default(),
        );
        let diff = TextDiff::from_lines(found, wanted);
        print(format_args!(
            "{}\n",
            diff.unified_diff()
                .header(&format!("committed/{path}"), &format!("wanted/{path}"))
        ))?;
    }
    print("not what the specs give:\n")?;
    for difference in &differences {
        print(format_args!("  {}\n", shown(&difference.path, root)))?;
    }
    print("run `cargo xtask regen` and commit the result\n")?;
    Ok(ExitCode::FAILURE)
}

fn shown(path: &Path, root: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .display()
        .to_string()
}
