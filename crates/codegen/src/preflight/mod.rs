//! What is wrong with a document, found before progenitor fails on it.
//!
//! Progenitor panics on much of what a spec may hold, without saying where. Everything that it refuses or panics on,
//! and everything that the passes cannot reconcile, is found here, all in one run, each with the place, the operation,
//! and what to do about it. Warnings are worth knowing and stop nothing.

mod bodies;
#[cfg(feature = "examples")]
mod examples;
mod findings;
mod headers;
mod operations;
mod parameters;
mod root;
mod schemas;
mod security;
mod shared_enums;

use openapi::Diagnostic;
use serde_json::Value;

use self::findings::Findings;

/// Checks a document. Errors mean that no client can be made of it.
pub(crate) fn check(document: &Value) -> Vec<Diagnostic> {
    let mut findings = Findings::new(document);
    if let Some(root) = root::check(&mut findings) {
        operations::check(&mut findings, root);
        schemas::check_components(&mut findings);
        shared_enums::check(&mut findings);
        security::check(&mut findings);
        headers::check_all(&mut findings);
        #[cfg(feature = "examples")]
        examples::check(&mut findings);
    }
    findings.all
}

/// Why a document is not an OpenAPI description at all; nothing where it is one.
pub(crate) fn not_openapi(document: &Value) -> Vec<Diagnostic> {
    let mut findings = Findings::new(document);
    match root::check(&mut findings) {
        Some(_) => Vec::new(),
        None => findings.all,
    }
}
