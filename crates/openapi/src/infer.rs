//! Schemas for JSON content that has examples but no schema.
//!
//! MX publishes some responses as an example only, for which progenitor generates no type. An
//! example shows one case, so every property is optional and nullable.

use crate::keywords::Keys;
use crate::model::{child_schemas_mut, is_json};
use crate::{Version, pointer};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// A schema that was inferred.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inferred {
    /// JSON pointer to the media type object that now has a schema.
    pub pointer: String,
    /// The media type, such as `application/vnd.mx.nexus.v1+json`.
    pub media_type: String,
    /// The number of examples that the schema was inferred from.
    pub examples: usize,
}

/// Adds a schema to each JSON media type object (`application/json` or any `+json`) that has
/// examples and no schema. It is inferred from all of the examples; references to examples are
/// followed.
pub fn infer_schemas(document: &mut Value) -> Vec<Inferred> {
    let null_is_a_type = Version::of(document) == Ok(Version::V3_1);
    let mut found = Vec::new();
    find_contents(document, String::new(), Keys::Keywords, &mut found);
    let mut inferred = Vec::new();
    for (pointer, media_type) in found {
        let Some(media) = document.pointer(&pointer) else {
            continue;
        };
        let samples = examples(document, media);
        let Some(mut schema) = infer(&samples) else {
            continue;
        };
        if null_is_a_type {
            name_null(&mut schema);
        }
        let examples = samples.len();
        if let Some(Value::Object(media)) = document.pointer_mut(&pointer) {
            media.insert("schema".to_owned(), schema);
            inferred.push(Inferred {
                pointer,
                media_type,
                examples,
            });
        }
    }
    inferred
}

/// Finds the JSON media type objects without a schema.
fn find_contents(node: &Value, at: String, keys: Keys, found: &mut Vec<(String, String)>) {
    match node {
        Value::Object(object) => {
            for (key, child) in object {
                let Some(below) = keys.below(key) else {
                    continue;
                };
                let at = pointer::join(&at, key);
                if keys == Keys::Keywords && key == "content" {
                    for (media_type, media) in child.as_object().into_iter().flatten() {
                        if is_json(media_type) && media.is_object() && media.get("schema").is_none()
                        {
                            found.push((pointer::join(&at, media_type), media_type.clone()));
                        }
                    }
                }
                find_contents(child, at, below, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                find_contents(item, format!("{at}/{index}"), Keys::Keywords, found);
            }
        }
        _ => {}
    }
}

/// The values of `example` and `examples` of a media type object.
fn examples<'a>(document: &'a Value, media: &'a Value) -> Vec<&'a Value> {
    let named = media.get("examples").and_then(Value::as_object);
    let named = named
        .into_iter()
        .flat_map(Map::values)
        .filter_map(
            |example| match example.get("$ref").and_then(Value::as_str) {
                Some(reference) => pointer::resolve(document, reference)?.1.get("value"),
                None => example.get("value"),
            },
        );
    media.get("example").into_iter().chain(named).collect()
}

/// A schema that allows all samples, in the words of OpenAPI 3.0; `None` if there are none.
pub fn infer(samples: &[&Value]) -> Option<Value> {
    let merged = samples
        .iter()
        .map(|sample| representative(sample))
        .reduce(merge)?;
    let generator = SchemaSettings::openapi3()
        .with(|settings| settings.meta_schema = None)
        .into_generator();
    let root = generator.into_root_schema_for_value(&merged).ok()?;
    let mut schema = root.to_value();
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("example");
        schema.remove("examples");
    }
    loosen(&mut schema, samples);
    Some(schema)
}

/// The value with each array reduced to one item that has the parts of all.
fn representative(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(
            items
                .iter()
                .map(representative)
                .reduce(merge)
                .into_iter()
                .collect(),
        ),
        Value::Object(object) => object
            .iter()
            .map(|(key, value)| (key.clone(), representative(value)))
            .collect(),
        other => other.clone(),
    }
}

/// A representative of both. Where they contradict each other, either is right: `loosen` finds it.
fn merge(left: Value, right: Value) -> Value {
    match (left, right) {
        (Value::Null, other) => other,
        (Value::Object(mut left), Value::Object(right)) => {
            for (key, value) in right {
                let slot = left.entry(key).or_insert(Value::Null);
                *slot = merge(slot.take(), value);
            }
            Value::Object(left)
        }
        (Value::Array(left), Value::Array(right)) => Value::Array(
            left.into_iter()
                .chain(right)
                .reduce(merge)
                .into_iter()
                .collect(),
        ),
        (Value::Number(left), Value::Number(right)) if right.is_f64() && !left.is_f64() => {
            right.into()
        }
        (left, _) => left,
    }
}

/// Makes every property nullable, and removes the type where samples contradict each other.
fn loosen(schema: &mut Value, samples: &[&Value]) {
    let kind = schema
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let fits = |sample: &&Value| match sample {
        Value::Null => true,
        Value::Bool(_) => kind == "boolean",
        Value::Number(number) => kind == "number" || (kind == "integer" && !number.is_f64()),
        Value::String(_) => kind == "string",
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
    };
    if kind.is_empty() || !samples.iter().all(fits) {
        *schema = json!({});
        return;
    }
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for (name, property) in properties {
            let values: Vec<&Value> = samples
                .iter()
                .filter_map(|sample| sample.get(name))
                .collect();
            loosen(property, &values);
            set_nullable(property);
        }
    }
    if let Some(items) = schema.get_mut("items") {
        let values: Vec<&Value> = samples
            .iter()
            .filter_map(|sample| sample.as_array())
            .flatten()
            .collect();
        loosen(items, &values);
        if values.iter().any(|value| value.is_null()) {
            set_nullable(items);
        }
    }
}

/// `nullable` needs a `type` beside it; a schema without one allows `null` anyway.
fn set_nullable(schema: &mut Value) {
    if let Some(object) = schema
        .as_object_mut()
        .filter(|object| object.contains_key("type"))
    {
        object.insert("nullable".to_owned(), Value::Bool(true));
    }
}

/// The same in the words of OpenAPI 3.1, in which null is a type.
fn name_null(schema: &mut Value) {
    if let Some(object) = schema.as_object_mut()
        && object.remove("nullable").is_some()
        && let Some(kind) = object.get_mut("type")
    {
        *kind = json!([kind.take(), "null"]);
    }
    for child in child_schemas_mut(schema) {
        name_null(child);
    }
}
