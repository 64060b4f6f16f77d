//! The root of a document: whether it is OpenAPI 3.0 or 3.1.

use openapi::Version;
use serde_json::{Map, Value};

use super::findings::Findings;

/// The root as an OpenAPI description; `None`, with a finding, where it is something else.
pub(super) fn check<'a>(findings: &mut Findings<'a>) -> Option<&'a Map<String, Value>> {
    let document = findings.document;
    if let Err(finding) = Version::of(document) {
        findings.add(finding, None);
        return None;
    }
    let root = document.as_object()?;
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
