//! Names that an overlay gives to several enums, which are then one type.

use codegen::Failure;
use openapi::{Diagnostic, Document, Severity, overlay, pointer};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The keyword that gives a name.
const NAME: &str = "/x-rust-name";

/// An overlay that takes away the names that a client cannot be generated with; `None` if something else is wrong.
///
/// Where enums of one name are no longer the same, somebody has to give them names of their own. Until then each is named
/// after its place, so that the type of callers changes.
pub(super) fn without_names(
    document: &Document,
    corrections: &Document,
    failure: &Failure,
) -> Option<Document> {
    let Failure::Spec(findings) = failure else {
        return None;
    };
    let is_error = |finding: &&Diagnostic| finding.severity == Severity::Error;
    let errors: Vec<&Diagnostic> = findings.iter().filter(is_error).collect();
    if errors.is_empty() || !errors.iter().all(|error| error.pointer.ends_with(NAME)) {
        return None;
    }
    let mut corrected = document.clone();
    overlay::apply(&mut corrected, corrections).ok()?;
    let remove = |error: &&Diagnostic| {
        let description = "The enum does not have the same values as the others of this name.";
        let target = path(corrected.value(), &error.pointer);
        json!({"target": target, "description": description, "remove": true})
    };
    let actions: Vec<Value> = errors.iter().map(remove).collect();
    let info = json!({"title": "Names", "version": "1"});
    let overlay = json!({"overlay": "1.0.0", "info": info, "actions": actions});
    Document::parse("names", overlay.to_string()).ok()
}

/// The JSONPath of a pointer.
fn path(document: &Value, at: &str) -> String {
    let mut path = "$".to_owned();
    let mut node = Some(document);
    for segment in pointer::segments(at) {
        let index = segment.parse::<usize>().ok();
        let _ = match (node, index) {
            (Some(Value::Array(_)), Some(index)) => write!(path, "[{index}]"),
            _ => write!(path, "[{}]", Value::from(&*segment)),
        };
        node = node.and_then(|node| match (node, index) {
            (Value::Array(items), Some(index)) => items.get(index),
            _ => node.get(&*segment),
        });
    }
    path
}
