//! From an OpenAPI document to the sources of a client.
//!
//! A small compiler: the document with its overlay is lowered by the [`spec_passes`] to what progenitor takes, and
//! progenitor's output by the [`rust_passes`] to what the clients are. What the passes changed is told in
//! [`Generated::deviations`]. The same input gives the same bytes, and nothing here touches the network.

pub mod api;
pub mod build;
pub mod deviations;
mod dispatch;
mod environment;
mod json;
mod markdown;
mod mock;
mod operations_table;
mod preflight;
mod print;
mod progenitor;
mod prune;
pub mod repository;
pub mod rust_passes;
pub mod spec_passes;
pub mod target;

use openapi::{Diagnostic, Document, Severity};

use crate::deviations::{Deviations, Pass};

/// What is to be generated, and what is said of it in the files' headers.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// The API's name for people, such as `MX Platform API`.
    pub title: &'a str,
    /// The spec as published; its name stands in the headers.
    pub document: &'a Document,
    /// The corrections to it.
    pub overlay: Option<&'a Document>,
    /// Whether a correction that matches nothing is an error: for the spec that the overlay was written for.
    pub strict: bool,
}

/// The sources of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The files of the module `generated`, as name and content.
    pub files: Vec<(String, String)>,
    /// What the passes changed, as Markdown.
    pub deviations: String,
    /// Findings that do not stop generation, about the document.
    pub warnings: Vec<Diagnostic>,
}

/// Why nothing was generated.
#[derive(Clone, Debug)]
pub enum Failure {
    /// Findings about the document.
    Spec(Vec<Diagnostic>),
    /// Findings about the overlay.
    Overlay(Vec<Diagnostic>),
}

const OVERLAY: Pass = Pass {
    name: "Overlay",
    why: "Corrections to the spec, each with its reason, from `overlay.yaml`.",
};

const INFERENCE: Pass = Pass {
    name: "Schema from example",
    why: "JSON content with examples and no schema gets one inferred: every property optional and nullable.",
};

/// Generates the sources of a client.
///
/// # Errors
///
/// Everything that is wrong with the document or its overlay, in one go.
pub fn generate(input: &Input<'_>) -> Result<Generated, Failure> {
    let mut deviations = Deviations::default();
    let mut document = input.document.clone();
    // Before the overlay, whose every action would be stale.
    let findings = preflight::no_openapi(document.value());
    if !findings.is_empty() {
        return Err(Failure::Spec(findings));
    }
    // Before the overlay, so that a correction can name a part of an inferred schema; and after it, for the examples
    // that the overlay brings.
    infer(&mut document, &mut deviations);
    if let Some(overlay) = input.overlay {
        correct(&mut document, overlay, input.strict, &mut deviations)?;
        infer(&mut document, &mut deviations);
    }
    let effective = document.value().clone();
    let findings = preflight::run(&effective);
    if findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        return Err(Failure::Spec(findings));
    }
    let mut api = spec_passes::inline::run(&effective);
    spec_passes::run(&mut api, &mut deviations);
    let stuck = |message: String| Failure::Spec(vec![Diagnostic::error("", message)]);
    let file = progenitor::generate(&api).map_err(Failure::Spec)?;
    let mut code = rust_passes::take(file).map_err(stuck)?;
    let builders = rust_passes::run(&mut code, &api).map_err(stuck)?;
    Ok(Generated {
        files: print::files(input, &effective, &api, code, &builders).map_err(stuck)?,
        deviations: deviations.to_markdown(input.title),
        warnings: findings,
    })
}

fn infer(document: &mut Document, deviations: &mut Deviations) {
    for inferred in openapi::infer::infer_schemas(document.value_mut()) {
        deviations.note(
            &INFERENCE,
            inferred.pointer,
            "has the schema of its examples",
        );
    }
}

fn correct(
    document: &mut Document,
    overlay: &Document,
    strict: bool,
    deviations: &mut Deviations,
) -> Result<(), Failure> {
    let applied = openapi::overlay::apply(document, overlay).map_err(Failure::Overlay)?;
    let stale = openapi::overlay::stale(&applied);
    if strict && !stale.is_empty() {
        return Err(Failure::Overlay(stale));
    }
    for action in applied {
        for pointer in action.pointers {
            deviations.note(&OVERLAY, pointer, action.description.clone());
        }
    }
    Ok(())
}
