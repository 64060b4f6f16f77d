//! What is wrong with a document, found before progenitor chokes on it.
//!
//! Progenitor panics on much of what a spec may hold, without saying where. Everything it refuses or panics on, and
//! everything that the passes cannot reconcile, is found here, all in one run, each with the place, the operation, and
//! what to do about it. Warnings are worth knowing and stop nothing.

mod bodies;
#[cfg(feature = "examples")]
mod examples;
mod operations;
mod parameters;
mod schemas;
mod security;

use openapi::{Diagnostic, Severity, pointer};
use serde_json::{Map, Value};

use crate::json::Object as _;

/// Looks a document through. Errors mean that no client can be made of it.
pub(crate) fn run(document: &Value) -> Vec<Diagnostic> {
    let mut findings = Findings {
        document,
        all: Vec::new(),
    };
    if let Some(root) = findings.root() {
        operations::check(&mut findings, root);
        schemas::check_components(&mut findings);
        security::check(&mut findings, root);
        headers_that_others_have(&mut findings);
        #[cfg(feature = "examples")]
        examples::check(&mut findings);
    }
    findings.all
}

/// Why a document is no OpenAPI 3.0 description at all; nothing where it is one.
pub(crate) fn no_openapi(document: &Value) -> Vec<Diagnostic> {
    let mut findings = Findings {
        document,
        all: Vec::new(),
    };
    match findings.root() {
        Some(_) => Vec::new(),
        None => findings.all,
    }
}

/// The findings so far, and the document they are about.
struct Findings<'a> {
    document: &'a Value,
    all: Vec<Diagnostic>,
}

impl<'a> Findings<'a> {
    /// The document as an OpenAPI 3.0 description, or a finding that it is none.
    fn root(&mut self) -> Option<&'a Map<String, Value>> {
        let Some(root) = self.document.as_object() else {
            self.error(
                "",
                "this is no OpenAPI document",
                "a spec is a mapping that starts with `openapi: 3.0.x`",
            );
            return None;
        };
        let version = match root.get("openapi") {
            Some(Value::String(version)) => version.as_str(),
            Some(_) => {
                self.error(
                    "/openapi",
                    "the OpenAPI version is no text",
                    "write it in quotes: `openapi: '3.0.3'`",
                );
                return None;
            }
            None if root.contains_key("swagger") => {
                self.error(
                    "/swagger",
                    "this is Swagger 2.0, not OpenAPI 3.0",
                    "convert it to OpenAPI 3.0 first",
                );
                return None;
            }
            None => {
                self.error(
                    "",
                    "this is no OpenAPI document",
                    "a spec starts with `openapi: 3.0.x`",
                );
                return None;
            }
        };
        if !version.starts_with("3.0.") {
            let help = "progenitor reads OpenAPI 3.0 only: convert the spec to 3.0 first";
            self.error(
                "/openapi",
                format!("OpenAPI {version} is not supported"),
                help,
            );
            return None;
        }
        for key in ["title", "version"] {
            if self
                .document
                .pointer(&format!("/info/{key}"))
                .and_then(Value::as_str)
                .is_none()
            {
                let at = if root.contains_key("info") {
                    "/info"
                } else {
                    ""
                };
                self.error(
                    at,
                    format!("the spec has no `info.{key}`"),
                    "OpenAPI requires it, as text",
                );
            }
        }
        Some(root)
    }

    fn error(&mut self, at: &str, message: impl Into<String>, help: impl Into<String>) {
        self.add(Diagnostic::error(at, message).with_help(help), None);
    }

    fn error_in(
        &mut self,
        operation: &Place<'_>,
        at: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(
            Diagnostic::error(at, message).with_help(help),
            Some(operation),
        );
    }

    fn warn_in(
        &mut self,
        operation: &Place<'_>,
        at: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(
            Diagnostic::warning(at, message).with_help(help),
            Some(operation),
        );
    }

    /// Keeps a finding; what operations share is found once, in the first of them.
    fn add(&mut self, finding: Diagnostic, operation: Option<&Place<'_>>) {
        let finding = match operation {
            Some(place) => finding.with_operation(place.name()),
            None => finding,
        };
        let same = |known: &Diagnostic| {
            known.pointer == finding.pointer && known.message == finding.message
        };
        if !self.all.iter().any(same) {
            self.all.push(finding);
        }
    }

    /// What stands at a place, behind a reference if it is one; a finding where that leads nowhere.
    fn behind(
        &mut self,
        place: &Place<'_>,
        at: &str,
        value: &'a Value,
    ) -> Option<(String, &'a Map<String, Value>)> {
        let (found, value) = match value.get("$ref") {
            None => (at.to_owned(), value),
            Some(Value::String(reference)) => match pointer::resolve(self.document, reference) {
                Some(found) => found,
                None => {
                    let (message, help) = unresolved(self.document, reference);
                    self.error_in(place, &pointer::join(at, "$ref"), message, help);
                    return None;
                }
            },
            Some(_) => {
                self.error_in(
                    place,
                    at,
                    "a `$ref` that is no text",
                    "write `$ref: '#/components/…'`",
                );
                return None;
            }
        };
        match value.as_object() {
            Some(object) => Some((found, object)),
            None => {
                self.error_in(
                    place,
                    &found,
                    "expected a mapping here",
                    "look at the indentation of the lines around",
                );
                None
            }
        }
    }
}

/// Why a reference leads nowhere, and what to do.
fn unresolved(document: &Value, reference: &str) -> (String, &'static str) {
    match pointer::target(reference) {
        None => (
            format!("`{reference}` leads out of this document"),
            "put what it names into `components` and refer to that",
        ),
        Some(target) if document.pointer(&target).is_some() => (
            format!("`{reference}` leads back to itself"),
            "put what is meant in place of one of these references",
        ),
        Some(_) => (
            format!("`{reference}` names nothing"),
            "correct the reference, or add what it names",
        ),
    }
}

/// An operation, for messages.
struct Place<'a> {
    method: &'a str,
    path: &'a str,
    id: Option<&'a str>,
}

impl Place<'_> {
    fn name(&self) -> String {
        let route = format!("{} {}", self.method.to_ascii_uppercase(), self.path);
        self.id
            .map_or(route.clone(), |id| format!("{id} ({route})"))
    }

    /// The JSONPath of the operation, for overlay snippets.
    fn json_path(&self) -> String {
        format!("$.paths['{}'].{}", self.path, self.method)
    }

    /// The JSON pointer to the operation.
    fn pointer(&self) -> String {
        pointer::join(&pointer::join("/paths", self.path), self.method)
    }
}

/// An overlay action as text, for help.
fn overlay(target: &str, update: &str) -> String {
    format!(
        "or correct it in the overlay:\n  - target: {target}\n    description: why\n    update:\n      {update}"
    )
}

/// Warns of operations that lack a client-level header which most others have, such as `Accept-Version`.
fn headers_that_others_have(findings: &mut Findings<'_>) {
    if findings
        .all
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        return; // The operations cannot be read.
    }
    let api = crate::spec_passes::inline::run(findings.document);
    let fixed = |operation: &crate::api::Operation| {
        let object = api.document["paths"][&operation.path][&operation.method].as_object();
        let parameters = object
            .map_or(&[][..], |object| object.list("parameters"))
            .iter();
        parameters
            .filter_map(Value::as_object)
            .filter(|parameter| {
                crate::spec_passes::client_headers::fixed_value(parameter).is_some()
            })
            .filter_map(|parameter| parameter.str("name").map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let headers: Vec<Vec<String>> = api.operations.iter().map(fixed).collect();
    let mut names: Vec<&String> = headers.iter().flatten().collect();
    names.sort();
    names.dedup();
    for name in names {
        let having = headers
            .iter()
            .filter(|headers| headers.contains(name))
            .count();
        if having * 2 <= headers.len() {
            continue;
        }
        for (operation, headers) in api.operations.iter().zip(&headers) {
            if !headers.contains(name) {
                let place = Place {
                    method: &operation.method,
                    path: &operation.path,
                    id: Some(&operation.id),
                };
                let message =
                    format!("`{name}` is missing here, though {having} other operations have it");
                findings.warn_in(
                    &place,
                    &place.pointer(),
                    message,
                    "add the parameter if the server wants it here too",
                );
            }
        }
    }
}
