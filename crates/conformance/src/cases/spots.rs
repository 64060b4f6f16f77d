//! The parts of a value, and the value with a part changed.

use serde_json::Value;

use crate::contract::resolved_schema::{Kind, ResolvedSchema};

/// A part of a value, with its schema.
pub struct Spot<'a> {
    /// JSON pointer to it.
    pub at: String,
    /// How deep it is.
    pub depth: usize,
    /// Its schema.
    pub schema: &'a ResolvedSchema,
    /// Whether it is required, if it is a property.
    pub required: Option<bool>,
}

/// The parts of a value, the inner before the outer. Of a list only the first item is taken.
pub fn spots<'a>(schema: &'a ResolvedSchema, value: &Value) -> Vec<Spot<'a>> {
    let mut found = Vec::new();
    collect(schema, value, String::new(), None, &mut found);
    found
}

fn collect<'a>(
    schema: &'a ResolvedSchema,
    value: &Value,
    at: String,
    required: Option<bool>,
    spots: &mut Vec<Spot<'a>>,
) {
    match (&schema.kind, value) {
        (Kind::Object { properties, others }, Value::Object(fields)) => {
            // Of a map only the first value is taken.
            let named = |name: &str| properties.iter().any(|property| property.name == name);
            let mut rest = fields.iter().filter(|(name, _)| !named(name));
            if let (Some(others), Some((name, value))) = (others, rest.next()) {
                collect(
                    others,
                    value,
                    openapi::pointer::join(&at, name),
                    None,
                    spots,
                );
            }
            for property in properties {
                if let Some(value) = fields.get(&property.name) {
                    let at = openapi::pointer::join(&at, &property.name);
                    collect(&property.schema, value, at, Some(property.required), spots);
                }
            }
        }
        (Kind::Array(items), Value::Array(values)) => {
            if let Some(first) = values.first() {
                collect(items, first, format!("{at}/0"), None, spots);
            }
        }
        _ => {}
    }
    spots.push(Spot {
        depth: at.matches('/').count(),
        at,
        schema,
        required,
    });
}

/// The value with `replacement` at the spots, or without them.
pub fn changed(base: &Value, spots: &[&Spot<'_>], replacement: Option<&Value>) -> Value {
    let mut value = base.clone();
    for spot in spots {
        match (replacement, openapi::pointer::split_last(&spot.at)) {
            (Some(replacement), _) => {
                if let Some(slot) = value.pointer_mut(&spot.at) {
                    *slot = replacement.clone();
                }
            }
            (None, Some((parent, name))) => {
                if let Some(Value::Object(fields)) = value.pointer_mut(parent) {
                    fields.remove(&*name);
                }
            }
            (None, None) => {}
        }
    }
    value
}
