//! Schemas: what OpenAPI 3.0 does not know, and references that lead nowhere.

use openapi::model::{Operation, child_schemas};
use openapi::{Diagnostic, Node, pointer};
use serde_json::Value;

use super::findings::{Findings, unresolved};
use crate::json::Object as _;

/// Checks the component schemas.
pub(super) fn check_components(findings: &mut Findings<'_>) {
    let document = findings.document;
    let Some(value) = document.pointer("/components/schemas") else {
        return;
    };
    let schemas = Node {
        pointer: "/components/schemas".to_owned(),
        value,
    };
    if !value.is_object() {
        findings.error(
            &schemas.pointer,
            "expected a mapping of schemas here",
            "look at the indentation",
        );
        return;
    }
    for (name, schema) in schemas.members() {
        check(findings, &schema, None);
        if circular(document, schema.value) {
            findings.error(
                &schema.pointer,
                format!("the schema `{name}` consists of itself"),
                "a type cannot be made of itself: remove it from its own `allOf` or `$ref`",
            );
        }
    }
}

/// Checks a schema and those inside it.
pub(super) fn check(
    findings: &mut Findings<'_>,
    schema: &Node<'_>,
    operation: Option<&Operation<'_>>,
) {
    let mut found = Vec::new();
    look(findings.document, schema, &mut found);
    for finding in found {
        findings.add(finding, operation);
    }
}

fn look(document: &Value, schema: &Node<'_>, found: &mut Vec<Diagnostic>) {
    let mut error = |at: String, message: &str, help: &str| {
        found.push(Diagnostic::error(at, message).with_help(help));
    };
    let within = |key: &str| pointer::join(&schema.pointer, key);
    let object = match schema.value {
        Value::Object(object) => object,
        Value::Bool(_) => {
            error(
                schema.pointer.clone(),
                "a schema that is `true` or `false`",
                "OpenAPI 3.0 has none: write `{}` for anything",
            );
            return;
        }
        _ => {
            error(
                schema.pointer.clone(),
                "expected a schema here",
                "a schema is a mapping, such as `type: string`",
            );
            return;
        }
    };
    if let Some(reference) = object.get("$ref") {
        match reference.as_str() {
            None => error(
                within("$ref"),
                "this `$ref` is not a text",
                "write `$ref: '#/components/schemas/…'`",
            ),
            Some(reference) => match pointer::resolve(document, reference) {
                None => {
                    let (message, help) = unresolved(document, reference);
                    error(within("$ref"), &message, help);
                }
                Some(_) if !is_component(reference) => error(
                    within("$ref"),
                    &format!("`{reference}` leads into a part of the document"),
                    "move what it names into `components/schemas` and refer to that",
                ),
                Some(_) => {}
            },
        }
        return;
    }
    match object.get("type") {
        None => {}
        Some(Value::Array(_)) => error(
            within("type"),
            "a list of types",
            "that is OpenAPI 3.1: write one type, and `nullable: true` if null is meant",
        ),
        Some(Value::String(known)) if is_type(known) => {}
        Some(other) => error(
            within("type"),
            &format!("{other} is not a type"),
            "a type is one of string, number, integer, boolean, array and object",
        ),
    }
    for key in ["allOf", "oneOf", "anyOf", "enum", "required"] {
        if object.get(key).is_some_and(|value| !value.is_array()) {
            let help = if key == "required" {
                "list the required properties on the object"
            } else {
                "write a list"
            };
            error(within(key), &format!("`{key}` is not a list"), help);
        }
    }
    if object.get("items").is_some_and(Value::is_array) {
        error(
            within("items"),
            "a list of schemas for the items",
            "OpenAPI 3.0 knows one schema for all items",
        );
        return;
    }
    if object
        .get("properties")
        .is_some_and(|properties| !properties.is_object())
    {
        error(
            within("properties"),
            "expected a mapping of properties here",
            "look at the indentation of the lines around",
        );
    }
    // What holds something else than a schema; `additionalProperties` may be `true` or `false`.
    for key in ["items", "not", "additionalProperties"] {
        let inner = schema.get(key).filter(|inner| !inner.value.is_object());
        if let Some(inner) = inner
            && !(key == "additionalProperties" && inner.value.is_boolean())
        {
            look(document, &inner, found);
        }
    }
    for inner in child_schemas(schema) {
        look(document, &inner, found);
    }
}

fn is_type(name: &str) -> bool {
    matches!(
        name,
        "string" | "number" | "integer" | "boolean" | "array" | "object"
    )
}

fn is_component(reference: &str) -> bool {
    reference
        .strip_prefix("#/components/schemas/")
        .is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

/// Whether a schema is made of itself, through `allOf` and references alone.
fn circular(document: &Value, schema: &Value) -> bool {
    fn reaches<'a>(document: &'a Value, schema: &'a Value, target: &Value, depth: usize) -> bool {
        if depth > 64 {
            return true;
        }
        let Some(object) = schema.as_object() else {
            return false;
        };
        let next = object
            .str("$ref")
            .and_then(|reference| document.pointer(&pointer::target(reference)?));
        next.into_iter()
            .chain(object.list("allOf"))
            .any(|next| std::ptr::eq(next, target) || reaches(document, next, target, depth + 1))
    }
    reaches(document, schema, schema, 0)
}
