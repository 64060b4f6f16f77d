//! The places of a value, and the value with something else there.

use serde_json::Value;

use crate::contract::resolved_schema::{Kind, Shape};

/// A place in a value, with its shape.
pub struct Spot<'a> {
    /// JSON pointer to it.
    pub at: String,
    /// How deep it is.
    pub depth: usize,
    /// Its shape.
    pub shape: &'a Shape,
    /// Of a property: whether it is required.
    pub required: Option<bool>,
}

/// The places of a value, the inner before the outer; of lists, the first item stands for all.
pub fn spots<'a>(shape: &'a Shape, value: &Value) -> Vec<Spot<'a>> {
    let mut found = Vec::new();
    collect(shape, value, String::new(), None, &mut found);
    found
}

fn collect<'a>(
    shape: &'a Shape,
    value: &Value,
    at: String,
    required: Option<bool>,
    spots: &mut Vec<Spot<'a>>,
) {
    match (&shape.kind, value) {
        (Kind::Object { properties, .. }, Value::Object(fields)) => {
            for property in properties {
                if let Some(value) = fields.get(&property.name) {
                    let at = openapi::pointer::join(&at, &property.name);
                    collect(&property.shape, value, at, Some(property.required), spots);
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
        shape,
        required,
    });
}

/// The value with something else at the spots, or without them.
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
