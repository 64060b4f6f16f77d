//! Validators of OpenAPI schemas, by the dialect of their document.
//!
//! OpenAPI 3.1 uses JSON Schema 2020-12. The schemas of OpenAPI 3.0 become JSON Schema of draft 4, which
//! does not have `nullable`.

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use crate::model::{ResolvedSchema, child_schemas_mut};
use crate::{Node, Version, pointer};

/// Which way a value travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the server: what is `readOnly` is not required.
    Request,
    /// From the server to the client: what is `writeOnly` is not required.
    Response,
}

/// A validator of a schema of a document, for values that may travel either way: neither `readOnly` nor `writeOnly`
/// properties are required.
///
/// # Errors
///
/// A reference in the schema leads nowhere, or a pattern is wrong.
pub fn validator(document: &Value, node: &Value) -> Result<Validator, String> {
    build(document, node, None)
}

/// A validator of a schema of a document, for values that travel one way.
///
/// # Errors
///
/// As of [`validator`].
pub fn validator_for(
    document: &Value,
    node: &Value,
    direction: Direction,
) -> Result<Validator, String> {
    build(document, node, Some(direction))
}

fn build(
    document: &Value,
    node: &Value,
    direction: Option<Direction>,
) -> Result<Validator, String> {
    let (draft, convert): (_, fn(&Value, &mut Vec<String>) -> Value) = match Version::of(document) {
        Ok(Version::V3_1) => (Draft::Draft202012, convert_3_1),
        _ => (Draft::Draft4, convert),
    };
    let convert = |schema: &Value, queue: &mut Vec<String>| {
        let mut schema = schema.clone();
        of_direction(document, &mut schema, direction);
        convert(&schema, queue)
    };
    let mut definitions = Map::new();
    let mut queue = Vec::new();
    let mut schema = convert(node, &mut queue);
    while let Some(reference) = queue.pop() {
        if definitions.contains_key(&reference) {
            continue;
        }
        let (_, target) = pointer::resolve(document, &reference)
            .ok_or_else(|| format!("`{reference}` leads nowhere"))?;
        let converted = convert(target, &mut queue);
        definitions.insert(reference, converted);
    }
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("definitions".to_owned(), Value::Object(definitions));
    }
    jsonschema::options()
        .with_draft(draft)
        .should_validate_formats(false)
        .build(&schema)
        .map_err(|error| error.to_string())
}

/// What tells alternatives apart is a property, so that a value may fit several of them.
fn any_of_tagged(keywords: &mut Map<String, Value>) {
    if keywords.contains_key("discriminator")
        && !keywords.contains_key("anyOf")
        && let Some(alternatives) = keywords.remove("oneOf")
    {
        keywords.insert("anyOf".to_owned(), alternatives);
    }
}

/// Takes the properties that do not travel this way out of `required`, in a schema and those inside it.
fn of_direction(document: &Value, schema: &mut Value, direction: Option<Direction>) {
    let flags: &[&str] = match direction {
        Some(Direction::Request) => &["readOnly"],
        Some(Direction::Response) => &["writeOnly"],
        None => &["readOnly", "writeOnly"],
    };
    let absent: Vec<String> = match schema.get("required") {
        Some(Value::Array(_)) => {
            let resolved = ResolvedSchema::new(document, &Node::root(schema));
            let properties = resolved.properties().into_iter();
            properties
                .filter(|(_, property)| {
                    let property = ResolvedSchema::new(document, property);
                    flags.iter().any(|flag| property.flag(flag))
                })
                .map(|(name, _)| name.to_owned())
                .collect()
        }
        _ => Vec::new(),
    };
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| !absent.iter().any(|absent| name == absent));
    }
    for child in child_schemas_mut(schema) {
        of_direction(document, child, direction);
    }
}

/// The reference to a definition of the document's schema that `reference` names.
fn to_definition(reference: &str) -> String {
    // A reference is a URI, whose fragment holds few characters as they are.
    let mut uri = "#".to_owned();
    for byte in pointer::join("/definitions", reference).bytes() {
        match byte {
            byte if byte.is_ascii_alphanumeric() || b"-._~/:@!$&'()*+,;=".contains(&byte) => {
                uri.push(char::from(byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// An OpenAPI 3.1 schema as a JSON Schema that stands for itself. Its references are put into the queue,
/// and lead to `definitions`.
fn convert_3_1(schema: &Value, queue: &mut Vec<String>) -> Value {
    let mut converted = schema.clone();
    if let Some(keywords) = converted.as_object_mut() {
        any_of_tagged(keywords);
        // Other bases of references, and what no value is judged by.
        const LEFT_OUT: [&str; 8] = [
            "$schema",
            "$id",
            "$anchor",
            "$dynamicAnchor",
            "$dynamicRef",
            "$defs",
            "discriminator",
            "xml",
        ];
        keywords.retain(|key, _| !LEFT_OUT.contains(&key.as_str()));
        if let Some(Value::String(reference)) = keywords.get_mut("$ref") {
            queue.push(reference.clone());
            *reference = to_definition(reference);
        }
    }
    for child in child_schemas_mut(&mut converted) {
        *child = convert_3_1(child, queue);
    }
    converted
}

/// An OpenAPI 3.0 schema as a JSON Schema of draft 4. Its references are put into the queue, and lead to
/// `definitions`.
fn convert(schema: &Value, queue: &mut Vec<String>) -> Value {
    let Value::Object(keywords) = schema else {
        return json!({});
    };
    if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
        queue.push(reference.to_owned());
        return json!({ "$ref": to_definition(reference) });
    }
    let mut keywords = keywords.clone();
    any_of_tagged(&mut keywords);
    let mut converted = Map::new();
    for (key, value) in &keywords {
        let value = match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => properties
                .iter()
                .map(|(name, schema)| (name.clone(), convert(schema, queue)))
                .collect(),
            ("allOf" | "oneOf" | "anyOf", Value::Array(parts)) => {
                parts.iter().map(|part| convert(part, queue)).collect()
            }
            ("items" | "not" | "additionalProperties", Value::Object(_)) => convert(value, queue),
            (
                "type"
                | "enum"
                | "required"
                | "additionalProperties"
                | "minimum"
                | "maximum"
                | "exclusiveMinimum"
                | "exclusiveMaximum"
                | "multipleOf"
                | "minLength"
                | "maxLength"
                | "pattern"
                | "minItems"
                | "maxItems"
                | "uniqueItems"
                | "minProperties"
                | "maxProperties",
                value,
            ) => value.clone(),
            _ => continue,
        };
        converted.insert(key.clone(), value);
    }
    // Draft 4 requires a bound beside these, and at least one name in `required`.
    for (flag, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if !converted.contains_key(bound) {
            converted.remove(flag);
        }
    }
    if converted
        .get("required")
        .and_then(Value::as_array)
        .is_none_or(Vec::is_empty)
    {
        converted.remove("required");
    }
    if keywords.get("nullable") == Some(&Value::Bool(true)) {
        return nullable(converted);
    }
    Value::Object(converted)
}

/// The schema, or null. With `null` among the types, errors still name the place they are at.
fn nullable(mut schema: Map<String, Value>) -> Value {
    let Some(kind) = schema.get("type").cloned() else {
        return match schema.is_empty() {
            true => json!({}),
            false => json!({ "anyOf": [{ "type": "null" }, schema] }),
        };
    };
    schema.insert("type".to_owned(), json!([kind, "null"]));
    if let Some(choices) = schema.get_mut("enum").and_then(Value::as_array_mut)
        && !choices.contains(&Value::Null)
    {
        choices.push(Value::Null);
    }
    Value::Object(schema)
}
