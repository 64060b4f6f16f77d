//! OpenAPI schemas as validators.

use std::sync::{Arc, OnceLock};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};
use spec::pointer;

use crate::shape::Shape;

/// A schema of a document. Its validator and shape are made when they are first asked for.
#[derive(Debug)]
pub struct Schema {
    document: Arc<Value>,
    node: Value,
    shape: OnceLock<Shape>,
    validator: OnceLock<Result<Validator, String>>,
}

impl Schema {
    /// A schema of the document.
    pub fn new(document: &Arc<Value>, node: &Value) -> Self {
        Self {
            document: Arc::clone(document),
            node: node.clone(),
            shape: OnceLock::new(),
            validator: OnceLock::new(),
        }
    }

    /// What values of it look like.
    pub fn shape(&self) -> &Shape {
        self.shape
            .get_or_init(|| Shape::of(&self.document, &self.node))
    }

    /// What is wrong with a value, in words.
    pub fn faults(&self, value: &Value) -> Vec<String> {
        let faults = self.faults_of(value).into_iter();
        faults.map(|fault| fault.to_string()).collect()
    }

    /// What is wrong with a value: where, and which rule it breaks; never the value itself.
    pub fn faults_of(&self, value: &Value) -> Vec<Fault> {
        let validator = self
            .validator
            .get_or_init(|| validator(&self.document, &self.node));
        match validator {
            Ok(validator) => validator
                .iter_errors(value)
                .map(|error| Fault {
                    at: error.instance_path().to_string(),
                    is_choice: matches!(error.kind(), ValidationErrorKind::Enum { .. })
                        && error.instance().is_string(),
                    message: error.masked_with("it").to_string(),
                })
                .collect(),
            Err(reason) => vec![Fault {
                at: String::new(),
                is_choice: false,
                message: format!("the schema cannot be used: {reason}"),
            }],
        }
    }
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer to the place.
    pub at: String,
    /// Whether it is a text that is not among the values of an enum.
    pub is_choice: bool,
    message: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`: {}", shown(&self.at), self.message)
    }
}

/// A JSON pointer for people.
pub fn shown(pointer: &str) -> &str {
    if pointer.is_empty() { "/" } else { pointer }
}

fn validator(document: &Value, node: &Value) -> Result<Validator, String> {
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

/// An OpenAPI 3.0 schema as a JSON Schema of draft 4, which it extends by `nullable`. The references it holds are
/// put into the queue, and lead to `definitions`.
fn convert(schema: &Value, queue: &mut Vec<String>) -> Value {
    let Value::Object(keywords) = schema else {
        return json!({});
    };
    if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
        queue.push(reference.to_owned());
        let name = pointer::join("#/definitions", reference);
        // A reference is a URI, in which these characters have a meaning of their own.
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
    // Draft 4 wants a bound beside these, and names in `required`.
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

/// The schema, or null. Where it can be said in `type`, faults keep telling the place they are at.
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
