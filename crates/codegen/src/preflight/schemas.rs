//! Schemas: what OpenAPI 3.0 does not know, and references that lead nowhere.

use openapi::{Diagnostic, pointer};
use serde_json::{Map, Value};

use super::{Findings, Place, unresolved};
use crate::json::Object as _;

/// Checks the component schemas.
pub(super) fn check_components(findings: &mut Findings<'_>) {
    let document = findings.document;
    let Some(schemas) = document.pointer("/components/schemas") else {
        return;
    };
    let Some(schemas) = schemas.as_object() else {
        findings.error(
            "/components/schemas",
            "expected a mapping of schemas here",
            "look at the indentation",
        );
        return;
    };
    for (name, schema) in schemas {
        check(
            findings,
            &pointer::join("/components/schemas", name),
            schema,
            None,
        );
        if circular(document, schema) {
            let at = pointer::join("/components/schemas", name);
            let help = "a type cannot be made of itself: remove it from its own `allOf` or `$ref`";
            findings.error(&at, format!("the schema `{name}` consists of itself"), help);
        }
    }
}

/// Checks a schema and those inside it.
pub(super) fn check(
    findings: &mut Findings<'_>,
    at: &str,
    schema: &Value,
    place: Option<&Place<'_>>,
) {
    let mut found = Vec::new();
    look(findings.document, at, schema, &mut found);
    for finding in found {
        findings.add(finding, place);
    }
}

fn look(document: &Value, at: &str, schema: &Value, found: &mut Vec<Diagnostic>) {
    let mut error = |at: &str, message: String, help: &str| {
        found.push(Diagnostic::error(at, message).with_help(help))
    };
    let schema = match schema {
        Value::Object(schema) => schema,
        Value::Bool(_) => {
            error(
                at,
                "a schema that is `true` or `false`".into(),
                "OpenAPI 3.0 has none: write `{}` for anything",
            );
            return;
        }
        _ => {
            error(
                at,
                "expected a schema here".into(),
                "a schema is a mapping, such as `type: string`",
            );
            return;
        }
    };
    if let Some(reference) = schema.get("$ref") {
        let at = pointer::join(at, "$ref");
        match reference.as_str() {
            None => error(
                &at,
                "a `$ref` that is no text".into(),
                "write `$ref: '#/components/schemas/…'`",
            ),
            Some(reference) => match pointer::resolve(document, reference) {
                None => {
                    let (message, help) = unresolved(document, reference);
                    error(&at, message, help);
                }
                Some(_) if !is_component(reference) => {
                    let help = "move what it names into `components/schemas` and refer to that";
                    error(
                        &at,
                        format!("`{reference}` leads into a part of the document"),
                        help,
                    );
                }
                Some(_) => {}
            },
        }
        return;
    }
    match schema.get("type") {
        None => {}
        Some(Value::Array(_)) => {
            let help = "that is OpenAPI 3.1: write one type, and `nullable: true` if null is meant";
            error(&pointer::join(at, "type"), "a list of types".into(), help);
        }
        Some(Value::String(known)) if is_type(known) => {}
        Some(other) => {
            let help = "a type is one of string, number, integer, boolean, array and object";
            error(
                &pointer::join(at, "type"),
                format!("{other} is no type"),
                help,
            );
        }
    }
    let lists = ["allOf", "oneOf", "anyOf", "enum", "required"];
    for key in lists
        .iter()
        .filter(|key| schema.get(**key).is_some_and(|value| !value.is_array()))
    {
        let help = if *key == "required" {
            "list the required properties on the object"
        } else {
            "write a list"
        };
        error(&pointer::join(at, key), format!("`{key}` is no list"), help);
    }
    if schema.get("items").is_some_and(Value::is_array) {
        let help = "OpenAPI 3.0 knows one schema for all items";
        error(
            &pointer::join(at, "items"),
            "a list of schemas for the items".into(),
            help,
        );
        return;
    }
    if schema
        .get("properties")
        .is_some_and(|properties| !properties.is_object())
    {
        let at = pointer::join(at, "properties");
        error(
            &at,
            "expected a mapping of properties here".into(),
            "look at the indentation of the lines around",
        );
    }
    for (at, inner) in inner(at, schema) {
        look(document, &at, inner, found);
    }
}

/// The schemas directly inside a schema, with their places.
fn inner<'a>(at: &str, schema: &'a Map<String, Value>) -> Vec<(String, &'a Value)> {
    let mut inner = Vec::new();
    if let Some(properties) = schema.map("properties") {
        let at = pointer::join(at, "properties");
        inner.extend(
            properties
                .iter()
                .map(|(name, schema)| (pointer::join(&at, name), schema)),
        );
    }
    for key in ["items", "not"] {
        inner.extend(
            schema
                .get(key)
                .map(|schema| (pointer::join(at, key), schema)),
        );
    }
    // `true` and `false` are fine here.
    let more = schema
        .get("additionalProperties")
        .filter(|more| !more.is_boolean());
    inner.extend(more.map(|schema| (pointer::join(at, "additionalProperties"), schema)));
    for key in ["allOf", "oneOf", "anyOf"] {
        let at = pointer::join(at, key);
        inner.extend(
            schema
                .list(key)
                .iter()
                .enumerate()
                .map(|(index, schema)| (pointer::join(&at, &index.to_string()), schema)),
        );
    }
    inner
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
