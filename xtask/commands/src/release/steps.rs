//! The step of the version: what `drift` proposes for the specs, and cargo-semver-checks for the crates.

use std::path::Path;
use std::process::Stdio;

use codegen::repository::Entry;
use drift::compare::Semver;
use drift::compare::compare;
use drift::rust;
use openapi::Document;
use xtask::{cargo, saying};

use super::git::git;
use super::packages::Published;
use crate::drift::overlay_of;
use crate::input::at_revision;

/// What the code of a crate proposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// A step.
    Step(Semver),
    /// The crate did not exist at the last release.
    New,
}

/// What is proposed for a crate.
#[derive(Debug)]
pub struct Steps {
    name: String,
    /// By the spec of its API, if it is a client's crate.
    drift: Option<Proposal>,
    /// By the public items of its code.
    code: Proposal,
}

/// The steps of all published crates since a tag.
pub fn since(root: &Path, tag: &str, published: &[Published]) -> Result<Vec<Steps>, String> {
    is_installed()?;
    let entries = Entry::all(root)?;
    let steps = published.iter().map(|one| {
        let entry = entries.iter().find(|entry| entry.crate_name() == one.name);
        let drift = entry.map(|entry| of_spec(root, tag, entry)).transpose()?;
        Ok(Steps {
            name: one.name.clone(),
            drift,
            code: of_code(root, tag, one)?,
        })
    });
    steps.collect()
}

/// The largest step that anything proposes.
pub fn largest(steps: &[Steps]) -> Semver {
    let proposals = steps
        .iter()
        .flat_map(|steps| [steps.drift, Some(steps.code)]);
    let proposals = proposals.flatten().map(|proposal| match proposal {
        Proposal::Step(step) => step,
        Proposal::New => Semver::Minor,
    });
    proposals.max().unwrap_or(Semver::None)
}

/// The proposals, as people read them.
pub fn table(tag: &str, steps: &[Steps]) -> String {
    let shown = |proposal: Option<Proposal>| match proposal {
        None => "-",
        Some(Proposal::New) => "new",
        Some(Proposal::Step(Semver::None)) => "none",
        Some(Proposal::Step(Semver::Patch)) => "patch",
        Some(Proposal::Step(Semver::Minor)) => "minor",
        Some(Proposal::Step(Semver::Major)) => "major",
    };
    let mut text = format!(
        "{:<24}{:<8}cargo-semver-checks\n",
        format!("since {tag}"),
        "drift"
    );
    for steps in steps {
        let (drift, code) = (shown(steps.drift), shown(Some(steps.code)));
        text += &format!("{:<24}{drift:<8}{code}\n", steps.name);
    }
    text + &format!(
        "{:<24}{}\n",
        "the larger step",
        shown(Some(Proposal::Step(largest(steps))))
    )
}

fn of_spec(root: &Path, tag: &str, entry: &Entry) -> Result<Proposal, String> {
    let path = format!("specs/{}/openapi.yaml", entry.name);
    if !is_in(root, tag, &path) {
        return Ok(Proposal::New);
    }
    let old = at_revision(root, tag, &format!("./{path}"))?;
    let old = Document::parse(&format!("git:{tag}"), old).map_err(|error| error.to_string())?;
    let spec = entry.sources().spec;
    let new = Document::read_as(&spec.path, &spec.name).map_err(|error| error.to_string())?;
    let overlay = overlay_of(entry)?;
    let mut report = compare(&old, &new);
    saying("generating both clients", || {
        rust::compute(&mut report, &old, &new, overlay.as_ref());
    });
    Ok(Proposal::Step(report.semver()))
}

/// The smallest step with which cargo-semver-checks agrees.
fn of_code(root: &Path, tag: &str, one: &Published) -> Result<Proposal, String> {
    /// The exit code of a check that found something.
    const FOUND: i32 = 100;
    if !is_in(root, tag, &one.folder.join("Cargo.toml").to_string_lossy()) {
        return Ok(Proposal::New);
    }
    for (step, word) in [(Semver::Patch, "patch"), (Semver::Minor, "minor")] {
        let mut check = cargo();
        check
            .current_dir(root)
            .args(["semver-checks", "--package", &one.name]);
        check.args([
            "--all-features",
            "--baseline-rev",
            tag,
            "--release-type",
            word,
        ]);
        let output = saying(
            &format!("cargo semver-checks: {}, {word}", one.name),
            || check.output(),
        );
        let output = output.map_err(|error| format!("cannot start cargo: {error}"))?;
        match output.status.code() {
            Some(0) => return Ok(Proposal::Step(step)),
            Some(FOUND) => {}
            _ => {
                let words = String::from_utf8_lossy(&output.stderr);
                return Err(format!(
                    "cargo semver-checks, {}: {}",
                    one.name,
                    words.trim()
                ));
            }
        }
    }
    Ok(Proposal::Step(Semver::Major))
}

/// Whether a file exists at a revision.
fn is_in(root: &Path, tag: &str, path: &str) -> bool {
    git(root, &["cat-file", "-e", &format!("{tag}:{path}")]).is_ok()
}

fn is_installed() -> Result<(), String> {
    let mut version = cargo();
    version.args(["semver-checks", "--version"]);
    let status = version.stdout(Stdio::null()).stderr(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => Err(
            "cargo-semver-checks is not installed: run `cargo install --locked cargo-semver-checks`".to_owned(),
        ),
    }
}
