//! The crate of a client: what `regen` and `new-client` write.

use std::path::Path;

use codegen::output::Plan;
use codegen::repository::Entry;
use codegen::{Dependency, Generated, Package, Sources};

use crate::input::read_file;

/// Adds the crate of an API of the repository, and the list of what the generator changed beside its spec.
///
/// # Errors
///
/// The API has no crate yet, or its spec cannot be read.
pub fn plan(
    plan: &mut Plan,
    entry: &Entry,
    sources: &Sources,
    generated: Generated,
) -> Result<(), String> {
    let folder = entry.crate_folder();
    if !folder.join("Cargo.toml").is_file() {
        return Err(format!(
            "specs/{name} has no client crate: `cargo xtask new-client {name} --spec FILE` makes both; move the folder \
             away, and name its spec as FILE",
            name = entry.name
        ));
    }
    plan.add_file(entry.deviations(), generated.deviations.clone());
    let package = Package {
        name: &entry.crate_name(),
        facts: &entry.facts,
        dependency: &Dependency::Workspace,
    };
    let facts = entry.sources().spec.path.with_file_name("api.toml");
    let facts = read_file(&facts, &format!("specs/{}/api.toml", entry.name))?;
    add_crate(plan, &folder, &package, sources, &facts, generated)
}

/// Adds a client's crate: what the template gives, the generated code, and in `spec` what it was generated from, so that
/// the crate needs nothing outside of it.
///
/// # Errors
///
/// The spec or its overlay cannot be read.
pub fn add_crate(
    plan: &mut Plan,
    folder: &Path,
    package: &Package<'_>,
    sources: &Sources,
    facts: &str,
    generated: Generated,
) -> Result<(), String> {
    for (path, text) in package.files() {
        plan.add_file(folder.join(path), text);
    }
    let spec = folder.join("spec");
    let read = |source: &codegen::Source| read_file(&source.path, &source.name);
    plan.add_file(spec.join("openapi.yaml"), read(&sources.spec)?);
    if sources.overlay.path.exists() {
        plan.add_file(spec.join("overlay.yaml"), read(&sources.overlay)?);
    }
    plan.add_file(spec.join("api.toml"), facts.to_owned());
    plan.add_file(spec.join("DEVIATIONS.md"), generated.deviations.clone());
    plan.add_code(&folder.join("src").join("generated"), &generated);
    Ok(())
}
