//! From a document to the files of a client, step by step.

use openapi::{Diagnostic, Severity, lower};
use serde_json::Value;

use crate::deviations::Deviations;
use crate::failure::Failure;
use crate::input::Input;
use crate::{corrections, emit, passes, preflight, progenitor, read};

/// The sources of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The files of the module `generated`, as name and content.
    pub files: Vec<(String, String)>,
    /// What was changed on the way to Rust, as Markdown.
    pub deviations: String,
    /// How many operations the client has.
    pub operations: usize,
    /// Findings about the document that do not stop generation.
    pub warnings: Vec<Diagnostic>,
}

/// Generates the sources of a client.
///
/// # Errors
///
/// Everything that is wrong with the document or its overlay, in one go.
pub fn generate(input: &Input<'_>) -> Result<Generated, Failure> {
    let mut deviations = Deviations::default();
    // Before the overlay, whose every action would be stale.
    let findings = preflight::not_openapi(input.document.value());
    if !findings.is_empty() {
        return Err(Failure::Spec(findings));
    }
    let corrected = corrections::apply(input, &mut deviations)?;
    let effective = &lowered(corrected.value(), &mut deviations);
    let findings = preflight::check(effective);
    if findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        return Err(Failure::Spec(findings));
    }
    let fault = |message: String| Failure::Spec(vec![Diagnostic::error("", message)]);
    let mut api = read::read(effective);
    passes::run_on_document(&mut api, &mut deviations);
    let mut code = progenitor::generate(&api).map_err(Failure::Spec)?;
    passes::run_on_code(&mut code, &api).map_err(fault)?;
    Ok(Generated {
        files: emit::files(input, corrected.value(), &api, code).map_err(fault)?,
        deviations: deviations.to_markdown(&input.facts.title),
        operations: api.operations.len(),
        warnings: findings,
    })
}

/// The document in OpenAPI 3.0, which is what the passes and progenitor know.
fn lowered(document: &Value, deviations: &mut Deviations) -> Value {
    let mut notes = deviations.section(
        "OpenAPI 3.1",
        "The client is generated from OpenAPI 3.0: what 3.1 says in other words is rewritten, and what 3.0 cannot say is left out.",
    );
    let mut lowered = document.clone();
    for change in lower::to_3_0(&mut lowered) {
        notes.add(change.pointer, change.what);
    }
    lowered
}
