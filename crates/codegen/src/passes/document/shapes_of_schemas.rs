//! Schemas in the few shapes that become good Rust types.
//!
//! Progenitor's type generator panics on many schemas that OpenAPI allows (an enum of null, a property without type,
//! `allOf` of what does not merge, defaults of another type), turns constraints into types that fail a whole response
//! when a limit changes, and sends defaults that the caller never gave. After this pass a schema is a reference, an
//! untyped value, a scalar, a string enum, an array, a map, or an object with properties. Constraints and defaults
//! are the server's to apply; the conformance suite judges by the spec as published.

use openapi::model::child_schemas_mut;
use serde_json::{Map, Value, json};

use crate::api::Api;
use crate::deviations::Notes;
use crate::json::Object as _;
use crate::schemas::{REQUIRED_IN_REQUESTS, RUST_NAME, Schemas, UNION, follow, reference};

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    let published = api.schemas.clone();
    api.for_each_schema(|place, _, schema| {
        shape(schema, &published, &[], &mut |what| notes.add(place, what));
    });
}

/// `around` are the references whose content was merged into the schemas around this one.
fn shape(
    schema: &mut Value,
    published: &Schemas,
    around: &[String],
    note: &mut dyn FnMut(&'static str),
) {
    let mut within = around.to_vec();
    *schema = shaped(schema, published, &mut within, note);
    // The wrapper of a reference is in its final shape.
    if schema.get("allOf").is_none() {
        for child in child_schemas_mut(schema) {
            shape(child, published, &within, note);
        }
    }
}

fn shaped(
    schema: &Value,
    published: &Schemas,
    within: &mut Vec<String>,
    note: &mut dyn FnMut(&'static str),
) -> Value {
    let Some(schema) = schema.as_object() else {
        return json!({});
    };
    let merged;
    let only = only_part(schema);
    let schema = if schema.contains_key("$ref") {
        return shaped_reference(schema);
    } else if let Some(target) = only.and_then(|only| only.get("$ref")) {
        let mut wrapper = schema.clone();
        wrapper.insert("$ref".into(), target.clone());
        return shaped_reference(&wrapper);
    } else if only.is_some() || schema.contains_key("allOf") {
        let mut parts = Vec::new();
        merged = merge(schema, published, 0, &mut parts);
        if parts.iter().any(|part| within.contains(part)) {
            note("a schema that is merged into itself is an untyped value");
            return described(schema, json!({}));
        }
        if only.is_none()
            && ["oneOf", "anyOf"]
                .iter()
                .any(|key| merged.contains_key(*key))
        {
            note("a choice between schemas is an untyped value");
            return described(schema, json!({}));
        }
        if only.is_none() {
            note("`allOf` is merged into one schema");
        }
        within.append(&mut parts);
        &merged
    } else if schema.contains_key("oneOf") || schema.contains_key("anyOf") {
        note("a choice between schemas is an untyped value");
        return described(schema, json!({}));
    } else {
        schema
    };
    let nullable = schema.flag("nullable") || schema.list("enum").contains(&Value::Null);
    let mut shape = match type_of(schema) {
        Some("object") => object(schema),
        Some("array") => {
            json!({ "type": "array", "items": schema.get("items").cloned().unwrap_or_else(|| json!({})) })
        }
        Some("string") => string(schema),
        Some(scalar) => {
            if !schema.list("enum").is_empty() {
                note("an enum of values that are not strings is its plain type");
            }
            let mut shape = json!({ "type": scalar });
            if scalar == "integer" && schema.str("format") == Some("uint64") {
                shape["format"] = json!("uint64");
            }
            shape
        }
        None => json!({}),
    };
    if nullable {
        shape["nullable"] = json!(true);
    }
    described(schema, shape)
}

/// A reference, wrapped where it carries a description or may be null: OpenAPI 3.0 ignores the siblings of `$ref`.
fn shaped_reference(schema: &Map<String, Value>) -> Value {
    let target = json!({ "$ref": schema["$ref"] });
    if !schema.flag("nullable")
        && !["description", REQUIRED_IN_REQUESTS]
            .iter()
            .any(|key| schema.contains_key(*key))
    {
        return target;
    }
    let mut wrapper = json!({ "allOf": [target] });
    if schema.flag("nullable") {
        wrapper["nullable"] = json!(true);
    }
    described(schema, wrapper)
}

/// The only part of an `allOf`, `oneOf` or `anyOf` that says something of the value, where nothing is said beside it.
fn only_part(schema: &Map<String, Value>) -> Option<&Value> {
    if schema.contains_key("properties") {
        return None;
    }
    ["allOf", "oneOf", "anyOf"].into_iter().find_map(|key| {
        // In a choice, a part that says nothing is a choice, too.
        let parts = schema.list(key).iter();
        let mut telling = parts.filter(|part| key != "allOf" || says_something(part));
        telling.next().filter(|_| telling.next().is_none())
    })
}

fn says_something(part: &Value) -> bool {
    let words = [
        "description",
        "title",
        "example",
        "deprecated",
        "readOnly",
        "writeOnly",
    ];
    part.as_object()
        .is_some_and(|part| part.keys().any(|key| !words.contains(&key.as_str())))
}

/// One schema that says what all parts of an `allOf` say; what is said outside the parts comes last. The references
/// among the parts are added to `parts`.
pub(super) fn merge(
    schema: &Map<String, Value>,
    published: &Schemas,
    depth: usize,
    parts: &mut Vec<String>,
) -> Map<String, Value> {
    let mut merged = Map::new();
    // A choice of one is no choice.
    let consists_of = |key: &&str| *key == "allOf" || schema.list(key).len() == 1;
    let keys: Vec<&str> = ["allOf", "oneOf", "anyOf"]
        .into_iter()
        .filter(consists_of)
        .collect();
    if depth < 32 {
        for part in keys.iter().flat_map(|key| schema.list(key)) {
            parts.extend(reference(part));
            if let Some(part) = follow(published, part).and_then(Value::as_object) {
                let part = if part.contains_key("allOf") {
                    merge(part, published, depth + 1, parts)
                } else {
                    part.clone()
                };
                add(&mut merged, &part);
            }
        }
    }
    let mut own = schema.clone();
    for key in keys {
        own.remove(key);
    }
    add(&mut merged, &own);
    merged
}

fn add(merged: &mut Map<String, Value>, part: &Map<String, Value>) {
    for (key, value) in part {
        match (key.as_str(), merged.get_mut(key), value) {
            ("properties", Some(Value::Object(known)), Value::Object(more)) => {
                known.extend(
                    more.iter()
                        .map(|(name, schema)| (name.clone(), schema.clone())),
                );
            }
            ("required", Some(Value::Array(known)), Value::Array(more)) => {
                for name in more {
                    if !known.contains(name) {
                        known.push(name.clone());
                    }
                }
            }
            // `allOf` narrows: a value is null only if every part allows it.
            ("nullable", Some(known), _) => *known = json!(known == true && value == true),
            _ => {
                merged.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The type of a schema, from its other words where it is not stated.
pub(super) fn type_of(schema: &Map<String, Value>) -> Option<&str> {
    match schema.get("type") {
        Some(Value::String(stated)) => match stated.as_str() {
            known @ ("object" | "array" | "string" | "integer" | "number" | "boolean") => {
                Some(known)
            }
            _ => None,
        },
        Some(_) => None,
        None if schema.contains_key("properties")
            || schema.contains_key("additionalProperties") =>
        {
            Some("object")
        }
        None if schema.contains_key("items") => Some("array"),
        None => {
            let mut values = schema
                .list("enum")
                .iter()
                .filter(|value| !value.is_null())
                .peekable();
            (values.peek().is_some() && values.all(Value::is_string)).then_some("string")
        }
    }
}

fn object(schema: &Map<String, Value>) -> Value {
    let mut shape = json!({ "type": "object" });
    let properties = schema
        .map("properties")
        .filter(|properties| !properties.is_empty());
    if let Some(properties) = properties {
        shape["properties"] = Value::Object(properties.clone());
        let required: Vec<Value> = schema
            .list("required")
            .iter()
            .filter(|name| {
                name.as_str()
                    .is_some_and(|name| properties.contains_key(name))
            })
            .cloned()
            .collect();
        if !required.is_empty() {
            shape["required"] = Value::Array(required);
        }
    }
    match schema.get("additionalProperties") {
        Some(values @ Value::Object(_)) => shape["additionalProperties"] = values.clone(),
        // Progenitor makes a map of the schema of anything, and leaves out what is merely allowed.
        Some(Value::Bool(true)) if properties.is_some() => {
            shape["additionalProperties"] = json!({})
        }
        _ => {}
    }
    shape
}

fn string(schema: &Map<String, Value>) -> Value {
    let mut shape = json!({ "type": "string" });
    let mut values: Vec<Value> = Vec::new();
    for value in schema.list("enum") {
        // YAML reads an unquoted `no` or `1` as another type: its text is meant.
        let text = match value {
            Value::Null => continue,
            Value::String(text) => json!(text),
            other => json!(other.to_string()),
        };
        if !values.contains(&text) {
            values.push(text);
        }
    }
    if !values.is_empty() {
        shape["enum"] = Value::Array(values);
        if let Some(name) = schema.get(RUST_NAME) {
            shape[RUST_NAME] = name.clone();
        }
    } else if schema.str("format") == Some("password") {
        shape["format"] = json!("password");
    }
    shape
}

fn described(schema: &Map<String, Value>, mut shape: Value) -> Value {
    if let Some(description) = schema
        .get("description")
        .filter(|description| description.is_string())
    {
        shape["description"] = description.clone();
    }
    for mark in [REQUIRED_IN_REQUESTS, UNION] {
        if let Some(value) = schema.get(mark) {
            shape[mark] = value.clone();
        }
    }
    shape
}
