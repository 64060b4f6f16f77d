//! Generation at build time: what the clients' `build.rs` runs.

use std::path::PathBuf;

use crate::facts::Facts;
use crate::output::Plan;
use crate::package::variable_prefix;
use crate::sources::{Source, Sources};

/// Generates the client of the crate that is being built into `OUT_DIR`; if that fails, stops the build with the reason.
///
/// The spec and its overlay are those in the crate's folder `spec`. `<CRATE>_SPEC` names another spec, and
/// `<CRATE>_OVERLAY` an overlay that is applied after the crate's own. Cargo runs this again when one of the files or
/// variables changes.
pub fn run() {
    if let Err(message) = generate() {
        eprintln!("{message}");
        std::process::exit(1);
    }
}

fn generate() -> Result<(), String> {
    let variable = |name: &str| {
        let value = std::env::var_os(name).ok_or_else(|| format!("cargo does not set {name}"))?;
        Ok::<_, String>(PathBuf::from(value))
    };
    let folder = variable("CARGO_MANIFEST_DIR")?.join("spec");
    let prefix = variable_prefix(&variable("CARGO_PKG_NAME")?.to_string_lossy());
    let (spec_variable, overlay_variable) = (format!("{prefix}_SPEC"), format!("{prefix}_OVERLAY"));

    let mut sources = Sources::of(folder.clone(), "spec".to_owned());
    let own_spec = given(&spec_variable)?;
    if let Some(path) = &own_spec {
        sources = sources.with_spec(path);
    }
    sources.user_overlay = given(&overlay_variable)?.map(Source::named_by_file);
    let user_overlay = sources.user_overlay.as_ref();
    // The folder, as a file may be added to it.
    let files = [&folder, &sources.spec.path];
    for path in files.into_iter().chain(user_overlay.map(|own| &own.path)) {
        println!("cargo::rerun-if-changed={}", path.display());
    }

    let outcome = sources.generate(&Facts::read(&folder.join("api.toml"), "spec/api.toml")?)?;
    if outcome.warning_count > 0 {
        println!(
            "cargo::warning={} warnings about {}; `cargo xtask regen --spec` of the clients' repository lists them",
            outcome.warning_count, sources.spec.name
        );
    }
    if own_spec.is_none() {
        println!(
            "cargo::warning=generated the operations of the crate's own spec ({}); {spec_variable} names another spec",
            outcome.generated.operations
        );
    }
    let mut plan = Plan::default();
    plan.add_code(&variable("OUT_DIR")?.join("generated"), &outcome.generated);
    plan.write().map(drop).map_err(|error| error.to_string())
}

/// The file that a variable names, if it is set.
fn given(variable: &str) -> Result<Option<PathBuf>, String> {
    println!("cargo::rerun-if-env-changed={variable}");
    let Some(path) = std::env::var_os(variable).map(PathBuf::from) else {
        return Ok(None);
    };
    match path.is_file() {
        true => Ok(Some(path)),
        false => Err(format!(
            "{variable} names `{}`, which is not a file; give an absolute path",
            path.display()
        )),
    }
}
