//! From a document to the files of a client, step by step.

use openapi::{Diagnostic, Document, Severity, lower};
use serde_json::Value;
use syn::Item;

use crate::api::Api;
use crate::code::{Call, Code};
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

/// The items that callers of a client can name.
#[derive(Debug)]
pub struct Surface {
    /// The items of each module: `builder`, `client`, `environment`, `types`.
    pub modules: Vec<(&'static str, Vec<Item>)>,
    /// The operations.
    pub operations: Vec<SurfaceOperation>,
}

/// An operation, and what calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurfaceOperation {
    /// What people call it: `GET /users/{user_guid}`.
    pub label: String,
    /// The client's method.
    pub method: String,
    /// The type that builds a call.
    pub builder: String,
}

/// Generates the sources of a client.
///
/// # Errors
///
/// Everything that is wrong with the document or its overlay, in one go.
pub fn generate(input: &Input<'_>) -> Result<Generated, Failure> {
    let mut deviations = Deviations::default();
    let (corrected, warnings, api) = read(input, &mut deviations)?;
    let code = code(&api)?;
    Ok(Generated {
        files: emit::files(input, corrected.value(), &api, code).map_err(fault)?,
        deviations: deviations.to_markdown(&input.facts.title),
        operations: api.operations.len(),
        warnings,
    })
}

/// The items that callers of a client can name, as [`generate`] would write them.
///
/// # Errors
///
/// As of [`generate`].
pub fn surface(input: &Input<'_>) -> Result<Surface, Failure> {
    let (_, _, api) = read(input, &mut Deviations::default())?;
    let code = code(&api)?;
    let operation = |call: &Call<'_>| SurfaceOperation {
        label: call.operation.label(),
        method: call.operation.name.clone(),
        builder: call.builder.to_string(),
    };
    Ok(Surface {
        operations: code.calls.iter().map(operation).collect(),
        modules: emit::surface(input, &api, code).map_err(fault)?,
    })
}

/// The corrected document, the findings about it that stop nothing, and what the passes make of it.
fn read(
    input: &Input<'_>,
    deviations: &mut Deviations,
) -> Result<(Document, Vec<Diagnostic>, Api), Failure> {
    // Before the overlay, whose every action would be stale.
    let findings = preflight::not_openapi(input.document.value());
    if !findings.is_empty() {
        return Err(Failure::Spec(findings));
    }
    let corrected = corrections::apply(input, deviations)?;
    let effective = lowered(corrected.value(), deviations);
    let findings = preflight::check(&effective);
    let is_error = |finding: &Diagnostic| finding.severity == Severity::Error;
    if findings.iter().any(is_error) {
        return Err(Failure::Spec(findings));
    }
    let mut api = read::read(&effective);
    passes::run_on_document(&mut api, deviations);
    Ok((corrected, findings, api))
}

fn code(api: &Api) -> Result<Code<'_>, Failure> {
    let mut code = progenitor::generate(api).map_err(Failure::Spec)?;
    passes::run_on_code(&mut code, api).map_err(fault)?;
    Ok(code)
}

fn fault(message: String) -> Failure {
    Failure::Spec(vec![Diagnostic::error("", message)])
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
