//! The root of a document: whether it is OpenAPI 3.0.

use serde_json::{Map, Value};

use super::findings::Findings;

/// The root as an OpenAPI 3.0 description; `None`, with a finding, where it is something else.
pub(super) fn check<'a>(findings: &mut Findings<'a>) -> Option<&'a Map<String, Value>> {
    let document = findings.document;
    let Some(root) = document.as_object() else {
        findings.error(
            "",
            "this is not an OpenAPI document",
            "a spec is a mapping that starts with `openapi: 3.0.x`",
        );
        return None;
    };
    let version = match root.get("openapi") {
        Some(Value::String(version)) => version.as_str(),
        Some(_) => {
            findings.error(
                "/openapi",
                "the OpenAPI version is not a text",
                "write it in quotes: `openapi: '3.0.3'`",
            );
            return None;
        }
        None if root.contains_key("swagger") => {
            findings.error(
                "/swagger",
                "this is Swagger 2.0, not OpenAPI 3.0",
                "convert it to OpenAPI 3.0 first",
            );
            return None;
        }
        None => {
            findings.error(
                "",
                "this is not an OpenAPI document",
                "a spec starts with `openapi: 3.0.x`",
            );
            return None;
        }
    };
    if !version.starts_with("3.0.") {
        findings.error(
            "/openapi",
            format!("OpenAPI {version} is not supported"),
            "progenitor reads OpenAPI 3.0 only: convert the spec to 3.0 first",
        );
        return None;
    }
    for key in ["title", "version"] {
        let value = document.pointer(&format!("/info/{key}"));
        if value.and_then(Value::as_str).is_none() {
            let at = if root.contains_key("info") {
                "/info"
            } else {
                ""
            };
            findings.error(
                at,
                format!("the spec has no `info.{key}`"),
                "OpenAPI requires it, as text",
            );
        }
    }
    Some(root)
}
