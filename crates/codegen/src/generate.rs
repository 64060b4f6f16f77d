//! From a document to the files of a client, step by step.

use openapi::{Diagnostic, Severity, lower};
use serde_json::Value;
use syn::Item;

use crate::api::Api;
use crate::code::{Call, Code};
use crate::deviations::Deviations;
use crate::failure::Failure;
use crate::input::Input;
use crate::markdown::sentence;
use crate::skip::{self, Skipped};
use crate::{corrections, emit, operation_ids, passes, preflight, progenitor, read};

/// The sources of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The files of the module `generated`, as name and content.
    pub files: Vec<(String, String)>,
    /// What was changed on the way to Rust, as Markdown.
    pub deviations: String,
    /// The version of the API, as its document has it: `info.version`.
    pub api_version: String,
    /// How many operations the client has.
    pub operations: usize,
    /// Findings about the document that do not stop generation.
    pub warnings: Vec<Diagnostic>,
    /// The operations that cannot be generated and were left out, each by its `operationId`.
    pub skipped: Vec<String>,
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
    attempt(input, |ready, deviations, code| {
        let Ready {
            document,
            warnings,
            api,
            skipped,
        } = ready;
        Ok(Generated {
            files: emit::files(input, document, api, code).map_err(fault)?,
            deviations: deviations.to_markdown(&input.facts.title),
            api_version: match &document["info"]["version"] {
                Value::String(version) => version.clone(),
                _ => String::new(),
            },
            operations: api.operations.len(),
            warnings: warnings.clone(),
            skipped: skip::operations(skipped),
        })
    })
}

/// The items that callers of a client can name, as [`generate`] would write them.
///
/// # Errors
///
/// As of [`generate`].
pub fn surface(input: &Input<'_>) -> Result<Surface, Failure> {
    attempt(input, |ready, _, code| {
        let operation = |call: &Call<'_>| SurfaceOperation {
            label: call.operation.label(),
            method: call.operation.name.clone(),
            builder: call.builder.to_string(),
        };
        Ok(Surface {
            operations: code.calls.iter().map(operation).collect(),
            modules: emit::surface(input, &ready.api, code).map_err(fault)?,
        })
    })
}

/// A document that a client can be made of, and what the passes made of it.
struct Ready {
    /// The document as published, corrected, and without the operations that are left out.
    document: Value,
    /// Findings that stop nothing.
    warnings: Vec<Diagnostic>,
    api: Api,
    skipped: Vec<Skipped>,
}

/// Generates the code and hands it on; again without the operations that progenitor refuses, if they may be left out.
fn attempt<T>(
    input: &Input<'_>,
    mut take: impl FnMut(&Ready, &Deviations, Code<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut skipped = Vec::new();
    loop {
        let mut deviations = Deviations::default();
        let ready = read(input, skipped, &mut deviations)?;
        match code(&ready.api) {
            Ok(code) => return take(&ready, &deviations, code),
            Err(Failure::Spec(findings)) if input.skip_unsupported => {
                let more = skip::unsupported(&ready.document, &findings);
                if more.is_empty() {
                    return Err(Failure::Spec(findings));
                }
                skipped = [ready.skipped, more].concat();
            }
            Err(failure) => return Err(failure),
        }
    }
}

/// The corrected document without what is left out, checked, and run through the passes.
fn read(
    input: &Input<'_>,
    mut skipped: Vec<Skipped>,
    deviations: &mut Deviations,
) -> Result<Ready, Failure> {
    // Before the overlay, whose every action would be stale.
    let findings = preflight::not_openapi(input.document.value());
    if !findings.is_empty() {
        return Err(Failure::Spec(findings));
    }
    let mut document = corrections::apply(input, deviations)?.value().clone();
    operation_ids::complete(&mut document, deviations);
    let listed = skip::listed(&document, input.facts, input.strict).map_err(Failure::Spec)?;
    skip::remove(&mut document, &listed);
    skip::remove(&mut document, &skipped);
    let (effective, changes, warnings) = loop {
        let mut effective = document.clone();
        let changes = lower::to_3_0(&mut effective);
        let findings = preflight::check(&effective);
        let is_error = |finding: &Diagnostic| finding.severity == Severity::Error;
        if !findings.iter().any(is_error) {
            break (effective, changes, findings);
        }
        let more = skip::unsupported(&effective, &findings);
        // What only the listed operations need goes with them.
        let allowed =
            input.skip_unsupported || (!listed.is_empty() && skip::operations(&more).is_empty());
        if more.is_empty() || !allowed {
            return Err(Failure::Spec(findings));
        }
        skip::remove(&mut document, &more);
        skipped.extend(more);
    };
    skip::note(deviations, listed.iter().chain(&skipped));
    let mut notes = deviations.section(
        "OpenAPI 3.1",
        "The client is generated from OpenAPI 3.0: what 3.1 says in other words is rewritten, and what 3.0 cannot say is left out.",
    );
    for change in changes {
        notes.add(change.pointer, sentence(&change.what));
    }
    let mut api = read::read(&effective);
    passes::run_on_document(&mut api, deviations);
    Ok(Ready {
        document,
        warnings,
        api,
        skipped,
    })
}

fn code(api: &Api) -> Result<Code<'_>, Failure> {
    let mut code = progenitor::generate(api).map_err(Failure::Spec)?;
    passes::run_on_code(&mut code, api).map_err(fault)?;
    Ok(code)
}

fn fault(message: String) -> Failure {
    Failure::Spec(vec![Diagnostic::error("", message)])
}
