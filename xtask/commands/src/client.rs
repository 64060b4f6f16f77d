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
            "specs/{name} has no client crate crates/{name}-client: `cargo xtask new-client {name} --spec FILE` makes \
             both; to do so, move specs/{name} away, and give its openapi.yaml as FILE",
            name = entry.name
        ));
    }
    plan.add_file(entry.deviations(), generated.deviations.clone());
    let package = Package {
        name: &entry.crate_name(),
        facts: &entry.facts,
        api_version: &generated.api_version.clone(),
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
    add_sources(plan, &spec, sources, facts, &generated)?;
    plan.own(spec);
    plan.add_code(&folder.join("src").join("generated"), &generated);
    Ok(())
}

/// Adds what a client is generated from, and the list of what the generator changed.
///
/// # Errors
///
/// The spec or its overlay cannot be read.
pub fn add_sources(
    plan: &mut Plan,
    folder: &Path,
    sources: &Sources,
    facts: &str,
    generated: &Generated,
) -> Result<(), String> {
    let read = |source: &codegen::Source| read_file(&source.path, &source.name);
    plan.add_file(folder.join("openapi.yaml"), read(&sources.spec)?);
    if let Some(overlay) = &sources.overlay {
        plan.add_file(folder.join("overlay.yaml"), read(overlay)?);
    }
    plan.add_file(folder.join("api.toml"), facts.to_owned());
    plan.add_file(folder.join("DEVIATIONS.md"), generated.deviations.clone());
    Ok(())
}
