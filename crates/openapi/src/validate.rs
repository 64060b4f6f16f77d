//! Validators of OpenAPI schemas. JSON Schema does not have the `nullable` of OpenAPI 3.0.

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use crate::pointer;

/// A validator of a schema of a document.
///
/// # Errors
///
/// A reference in the schema leads nowhere, or a pattern is wrong.
pub fn validator(document: &Value, node: &Value) -> Result<Validator, String> {
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
        .with_draft(Draft::Draft4)
        .should_validate_formats(false)
        .build(&schema)
        .map_err(|error| error.to_string())
}

/// An OpenAPI 3.0 schema as a JSON Schema of draft 4. Its references are put into the queue, and lead to
/// `definitions`.
fn convert(schema: &Value, queue: &mut Vec<String>) -> Value {
    let Value::Object(keywords) = schema else {
        return json!({});
    };
    if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
        queue.push(reference.to_owned());
        let name = pointer::join("#/definitions", reference);
        // A reference is a URI, in which these characters have a special meaning.
        let name = name
            .replace('%', "%25")
            .replace("definitions/#", "definitions/%23");
        return json!({ "$ref": name });
    }
    let mut converted = Map::new();
    for (key, value) in keywords {
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
