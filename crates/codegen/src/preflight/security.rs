//! Security: credentials that the clients can send.

use openapi::{Diagnostic, pointer};
use serde_json::{Map, Value};

use super::parameters::belongs_to_http;
use super::{Findings, Place};
use crate::api::{self, SchemeKind};
use crate::json::Object as _;
use crate::spec_passes::inline;

/// Checks what the document and its operations ask for.
pub(super) fn check<'a>(findings: &mut Findings<'a>, root: &'a Map<String, Value>) {
    if let Some(requirements) = root.get("security") {
        requirements_at(findings, "/security", requirements, None);
    }
    for (path, method, operation) in api::operations(findings.document) {
        if let Some(requirements) = operation.get("security") {
            let place = Place {
                method,
                path,
                id: operation.str("operationId"),
            };
            let at = pointer::join(&place.pointer(), "security");
            requirements_at(findings, &at, requirements, Some(&place));
        }
    }
}

fn requirements_at(
    findings: &mut Findings<'_>,
    at: &str,
    requirements: &Value,
    place: Option<&Place<'_>>,
) {
    let document = findings.document;
    let supported = inline::schemes(document);
    let alternatives = requirements.as_array().map_or(&[][..], Vec::as_slice);
    let mut usable = alternatives.is_empty();
    let mut unusable = None;
    for (index, alternative) in alternatives.iter().enumerate() {
        let at = pointer::join(at, &index.to_string());
        let names = alternative
            .as_object()
            .map(|names| names.keys().collect::<Vec<_>>())
            .unwrap_or_default();
        usable |= names.is_empty();
        for name in &names {
            if document
                .pointer(&pointer::join("/components/securitySchemes", name))
                .is_none()
            {
                let help = "describe it under `components/securitySchemes`";
                let finding = Diagnostic::error(
                    pointer::join(&at, name),
                    format!("nothing describes the security scheme `{name}`"),
                );
                findings.add(finding.with_help(help), place);
                usable = true; // Said once.
            } else if let Some(scheme) = supported.iter().find(|scheme| scheme.name == **name) {
                usable = true;
                if let SchemeKind::Header(header) = &scheme.kind
                    && belongs_to_http(header)
                {
                    let help = "the HTTP library sets it for each connection: the key needs a header of its own";
                    let at = pointer::join("/components/securitySchemes", name);
                    let message =
                        format!("`{header}` is a header of HTTP itself, and cannot carry a key");
                    findings.add(Diagnostic::error(at, message).with_help(help), place);
                }
            } else {
                unusable = Some(pointer::join(&at, name));
            }
        }
        if names.len() > 1 {
            let help = "the client sends the first only";
            let finding =
                Diagnostic::warning(&at, "several security schemes at once").with_help(help);
            findings.add(finding, place);
        }
    }
    if let (false, Some(at)) = (usable, unusable) {
        let help = "the clients send HTTP Basic, bearer tokens, and keys in a header";
        let finding = Diagnostic::error(at, "credentials of a kind that the clients cannot send");
        findings.add(finding.with_help(help), place);
    }
}
