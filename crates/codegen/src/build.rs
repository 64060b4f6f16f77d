//! Generation at build time: what the clients' `build.rs` runs.

use std::path::{Path, PathBuf};

use openapi::{Document, ReadError};

use crate::generate::{Failure, Generated, generate};
use crate::input::Input;
use crate::output::Plan;
use crate::repository::Entry;

/// Generates the client of an API into `OUT_DIR`, and stops the build with a readable reason where that fails.
///
/// The spec is the repository's, or the file that `<API>_CLIENT_SPEC` names; cargo runs this again when the file or
/// the variable changes.
pub fn run(api: &str, manifest: &str) {
    let entry = Entry {
        name: api.to_owned(),
        root: root(manifest),
    };
    let variable = entry.spec_variable();
    println!("cargo::rerun-if-env-changed={variable}");
    let given = std::env::var_os(&variable).map(PathBuf::from);
    for path in [
        given.clone().unwrap_or_else(|| entry.spec()),
        entry.overlay(),
    ] {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    let out = std::env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    let result = from_entry(&entry, given.as_deref()).and_then(|sources| {
        for line in sources.warnings.lines() {
            println!("cargo::warning={line}");
        }
        let mut plan = Plan::default();
        plan.add_code(&out.join("generated"), &sources.generated);
        plan.write().map_err(|error| error.to_string())
    });
    if let Err(message) = result {
        eprintln!("{message}");
        std::process::exit(1);
    }
}

/// The repository that holds the client's crate, `crates/<api>-client`.
fn root(manifest: &str) -> PathBuf {
    Path::new(manifest)
        .ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .unwrap_or_default()
}

/// A client's sources, and the warnings about its spec, drawn as text.
#[derive(Debug)]
pub struct Sources {
    /// The sources.
    pub generated: Generated,
    /// The warnings; empty where there are none.
    pub warnings: String,
}

/// Generates from an entry's own spec, or from another file with the entry's overlay. Failures are drawn as text.
///
/// # Errors
///
/// What is wrong with the spec or the overlay, drawn with the lines concerned.
pub fn from_entry(entry: &Entry, other: Option<&Path>) -> Result<Sources, String> {
    let shown = |error: ReadError| error.to_string();
    let document = match other {
        // Called by its file name alone, so that the generated code does not show where it was built.
        Some(path) => {
            let name = path
                .file_name()
                .unwrap_or(path.as_os_str())
                .to_string_lossy();
            Document::read_as(path, &name).map_err(shown)?
        }
        None => entry.read(&entry.spec()).map_err(shown)?,
    };
    let overlay = entry.read_overlay().map_err(shown)?;
    let facts = entry.facts();
    let input = Input {
        facts: &facts,
        document: &document,
        overlay: overlay.as_ref(),
        strict: other.is_none(),
    };
    match generate(&input) {
        Ok(generated) => {
            let warnings = match generated.warnings.as_slice() {
                [] => String::new(),
                findings => openapi::render(findings, &document, false),
            };
            Ok(Sources {
                generated,
                warnings,
            })
        }
        Err(Failure::Overlay(findings)) => Err(openapi::render(
            &findings,
            overlay.as_ref().unwrap_or(&document),
            false,
        )),
        Err(Failure::Spec(findings)) => Err(openapi::render(&findings, &document, false)),
    }
}
