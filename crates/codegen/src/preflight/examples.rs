//! Examples: one that its own schema rejects means that one of the two is wrong.

use openapi::validate::validator;
use openapi::{Diagnostic, Node, pointer};
use serde_json::{Map, Value};

use super::findings::Findings;
use crate::json::Object as _;

/// Checks every example that stands beside a schema, and those inside schemas.
pub(super) fn check(findings: &mut Findings<'_>) {
    let document = findings.document;
    look(findings, document, "");
}

fn look(findings: &mut Findings<'_>, value: &Value, at: &str) {
    match value {
        Value::Object(object) => {
            match object.get("schema") {
                // A media type or a parameter.
                Some(schema) => beside(findings, object, schema, at),
                None if is_schema(object) => beside(findings, object, value, at),
                None => {}
            }
            for (key, value) in object {
                // What an example holds is not a part of the spec.
                if !matches!(key.as_str(), "example" | "examples" | "default" | "enum") {
                    look(findings, value, &pointer::join(at, key));
                }
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                look(findings, value, &pointer::join(at, &index.to_string()));
            }
        }
        _ => {}
    }
}

fn is_schema(object: &Map<String, Value>) -> bool {
    object.contains_key("example")
        && (object.contains_key("type") || object.contains_key("properties"))
}

fn beside(findings: &mut Findings<'_>, object: &Map<String, Value>, schema: &Value, at: &str) {
    let document = findings.document;
    let mut examples: Vec<(String, &Value)> = Vec::new();
    examples.extend(
        object
            .get("example")
            .map(|example| (pointer::join(at, "example"), example)),
    );
    for (name, example) in object.map("examples").into_iter().flatten() {
        let example = Node::root(example).resolved(document);
        let value = example.value.get("value");
        let at = pointer::join(&pointer::join(at, "examples"), name);
        examples.extend(value.map(|value| (at, value)));
    }
    // Most examples are plain values of plain types; making a validator for each would take longer than all the rest.
    examples.retain(|(_, example)| !is_plain(schema, example));
    if examples.is_empty() {
        return;
    }
    let Ok(validator) = validator(document, schema) else {
        return; // The schema itself is at fault, and said to be.
    };
    for (at, example) in examples {
        if let Some(fault) = validator.iter_errors(example).next() {
            let place = fault.instance_path().to_string();
            let inside = if place.is_empty() {
                String::new()
            } else {
                format!(", at `{place}`")
            };
            let message = format!(
                "the schema rejects this example{inside}: {}",
                fault.masked_with("it")
            );
            let help = "correct whichever is wrong, in the overlay if need be";
            findings.add(Diagnostic::warning(at, message).with_help(help), None);
        }
    }
}

/// Whether a schema asks for nothing but a type, and the value has it.
fn is_plain(schema: &Value, value: &Value) -> bool {
    let Some(schema) = schema.as_object() else {
        return false;
    };
    let says_nothing = [
        "type",
        "description",
        "title",
        "example",
        "nullable",
        "default",
        "deprecated",
        "format",
    ];
    let fits = match schema.str("type") {
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("number") => value.is_number(),
        Some("integer") => value.is_i64() || value.is_u64(),
        _ => false,
    };
    fits && schema
        .keys()
        .all(|key| says_nothing.contains(&key.as_str()))
}
