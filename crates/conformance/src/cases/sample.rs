//! A sample value of a schema: the same one every time.

use serde_json::{Map, Value, json};

use crate::cases::pattern;
use crate::contract::Content;
use crate::contract::media_type::essence;
use crate::contract::resolved_schema::{Kind, ResolvedSchema};

/// The longest list that is made.
const MOST_ITEMS: u64 = 100;

/// A value of the schema, with every property: the schema's example if it has one that fits.
pub fn sample(schema: &ResolvedSchema) -> Value {
    let example = schema.example.as_ref();
    if let Some(example) = example.and_then(|example| fitted(schema, example)) {
        return example;
    }
    sample_of(schema, 0)
}

/// A value of the schema that takes one of its alternatives, by its place.
pub fn sample_of(schema: &ResolvedSchema, alternative: usize) -> Value {
    match (schema.alternatives.get(alternative), &schema.kind) {
        (Some(alternative), Kind::Any) => sample(alternative),
        (Some(alternative), Kind::Object { .. }) => {
            let mut whole = plain(schema);
            if let (Value::Object(fields), Value::Object(more)) = (&mut whole, sample(alternative))
            {
                fields.extend(more);
            }
            whole
        }
        _ => plain(schema),
    }
}

/// A value of the schema, apart from its alternatives.
fn plain(schema: &ResolvedSchema) -> Value {
    if let Some(choice) = schema.choices.first() {
        return choice.clone();
    }
    match &schema.kind {
        Kind::Any | Kind::Recursive => json!("anything"),
        Kind::Boolean => json!(true),
        Kind::Integer => json!(within(schema, 1.0) as i64),
        Kind::Number => json!(within(schema, 1.5)),
        Kind::String => json!(text(schema)),
        Kind::Array(items) => match items.kind {
            Kind::Recursive => json!([]),
            _ => {
                let least = schema.keywords.get("minItems").and_then(Value::as_u64);
                vec![sample(items); least.unwrap_or(1).clamp(1, MOST_ITEMS) as usize].into()
            }
        },
        Kind::Object { properties, others } => {
            let mut object: Map<String, Value> = properties
                .iter()
                .filter(|property| {
                    property.required
                        || !(matches!(property.schema.kind, Kind::Recursive)
                            || is_unknown(&property.schema))
                })
                .map(|property| (property.name.clone(), sample(&property.schema)))
                .collect();
            // A map shows its values, beside the properties if the schema speaks of both.
            let is_map = object.is_empty() || schema.keywords.contains_key("additionalProperties");
            if let (true, Some(others)) = (is_map, others)
                && !matches!(others.kind, Kind::Recursive)
            {
                object.insert("key".to_owned(), sample(others));
            }
            Value::Object(object)
        }
    }
}

/// The value converted to the schema's type, as specs show numbers as strings and strings as numbers. `None` if that
/// gives no value of the schema.
pub fn fitted(schema: &ResolvedSchema, value: &Value) -> Option<Value> {
    let converted = match (&schema.kind, value) {
        (Kind::String, Value::Number(_) | Value::Bool(_)) => json!(value.to_string()),
        (Kind::Boolean | Kind::Integer | Kind::Number, Value::String(text)) => {
            serde_json::from_str(text.trim()).ok()?
        }
        (Kind::Array(items), value) if !value.is_array() => json!([fitted(items, value)?]),
        (Kind::Array(items), Value::Array(values)) => values
            .iter()
            .map(|value| fitted(items, value))
            .collect::<Option<_>>()?,
        (Kind::Object { properties, .. }, Value::Object(object)) => {
            let named = |name: &str| properties.iter().find(|property| property.name == name);
            let complete = properties
                .iter()
                .all(|property| !property.required || object.contains_key(&property.name));
            let fields = object.iter().map(|(name, value)| {
                let value = match named(name) {
                    Some(property) => fitted(&property.schema, value)?,
                    None => value.clone(),
                };
                Some((name.clone(), value))
            });
            Value::Object(complete.then(|| fields.collect::<Option<Map<_, _>>>())??)
        }
        _ => value.clone(),
    };
    schema.fits(&converted).then_some(converted)
}

/// The examples of a body, by name; a sample of its schema if it has none.
pub fn samples(content: &Content) -> Vec<(String, Value)> {
    match content.examples.is_empty() {
        true => {
            let value = sample(content.schema.resolved());
            vec![("from schema".to_owned(), value)]
        }
        false => content.examples.clone(),
    }
}

/// Whether no text is known that matches the pattern of a schema.
fn is_unknown(schema: &ResolvedSchema) -> bool {
    let pattern = schema.keywords.get("pattern").and_then(Value::as_str);
    let is_text = matches!(schema.kind, Kind::String) && schema.choices.is_empty();
    is_text
        && pattern.is_some_and(|pattern| {
            !sample(schema)
                .as_str()
                .is_some_and(|text| pattern::matches(pattern, text))
        })
}

/// The first of the [`samples`] that the schema allows; text for what is neither JSON nor a form.
pub fn sample_body(content: &Content) -> Value {
    let mut samples = samples(content).into_iter().map(|(_, value)| value);
    if !content.is_json && essence(&content.media_type) != "application/x-www-form-urlencoded" {
        return match samples.next() {
            Some(Value::String(text)) if !content.examples.is_empty() => text.into(),
            Some(other) if !content.examples.is_empty() => other.to_string().into(),
            _ => "text".into(),
        };
    }
    let allowed = samples.find(|value| content.schema.allows(value));
    allowed.unwrap_or_else(|| sample(content.schema.resolved()))
}

/// The number next to `wanted` that is within the bounds.
fn within(schema: &ResolvedSchema, wanted: f64) -> f64 {
    let bound = |key: &str| schema.keywords.get(key).and_then(Value::as_f64);
    let exclusive = |key: &str| schema.keywords.get(key) == Some(&Value::Bool(true));
    // OpenAPI 3.1 has a number of its own for an exclusive bound.
    let least_excluded = bound("exclusiveMinimum").map_or(f64::MIN, |least| least + 1.0);
    let most_excluded = bound("exclusiveMaximum").map_or(f64::MAX, |most| most - 1.0);
    let least = bound("minimum").map_or(f64::MIN, |least| {
        least + f64::from(u8::from(exclusive("exclusiveMinimum")))
    });
    let most = bound("maximum").map_or(f64::MAX, |most| {
        most - f64::from(u8::from(exclusive("exclusiveMaximum")))
    });
    wanted
        .min(most.min(most_excluded))
        .max(least.max(least_excluded))
}

fn text(schema: &ResolvedSchema) -> String {
    let format = schema.keywords.get("format").and_then(Value::as_str);
    let mut text = match format.unwrap_or_default() {
        "date" => "2025-02-24".to_owned(),
        "date-time" => "2025-02-24T12:00:00Z".to_owned(),
        "time" => "12:00:00Z".to_owned(),
        "email" => "user@example.com".to_owned(),
        "uuid" => "6d7f5a4e-3c2b-4a19-8f0e-1d2c3b4a5968".to_owned(),
        "uri" | "url" => "https://example.com/".to_owned(),
        "byte" => "dGV4dA==".to_owned(),
        _ => "text".to_owned(),
    };
    if let Some(pattern) = schema.keywords.get("pattern").and_then(Value::as_str)
        && !pattern::matches(pattern, &text)
        && let Some(matching) = pattern::text(pattern)
    {
        return matching;
    }
    let length = |key: &str| schema.keywords.get(key).and_then(Value::as_u64);
    if let Some(most) = length("maxLength") {
        text.truncate(most as usize);
    }
    while length("minLength").is_some_and(|least| (text.len() as u64) < least) {
        text.push('x');
    }
    text
}
