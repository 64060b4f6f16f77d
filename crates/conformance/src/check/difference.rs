//! How a value differs from another.

use openapi::pointer;
use serde_json::{Map, Value};

use crate::contract::resolved_schema::{Kind, ResolvedSchema};
use crate::contract::schema::shown;

/// The value without what a typed client may lose of a response: fields that the schema does not have, and nulls of
/// properties that are not required, which mean the same as an absent property.
pub fn kept(schema: &ResolvedSchema, value: &Value) -> Value {
    known(schema, value, &|_| false)
}

/// The value without what a typed client may lose of a request: fields that the schema does not have, and nulls that it
/// does not allow. A null that it allows clears a field, and an absent one leaves it alone.
pub fn kept_with_nulls(schema: &ResolvedSchema, value: &Value) -> Value {
    known(schema, value, &|property| property.nullable)
}

fn known(
    schema: &ResolvedSchema,
    value: &Value,
    keeps_null: &dyn Fn(&ResolvedSchema) -> bool,
) -> Value {
    let kept = |schema: &ResolvedSchema, value: &Value| known(schema, value, keeps_null);
    match (&schema.kind, value) {
        // Which of the alternatives it is, a client may or may not know.
        _ if !schema.alternatives.is_empty() => value.clone(),
        (Kind::Object { properties, others }, Value::Object(fields)) => {
            let mut object = Map::new();
            for (name, value) in fields {
                let property = properties.iter().find(|property| property.name == *name);
                match (property, others) {
                    (Some(property), _)
                        if value.is_null()
                            && !property.required
                            && !keeps_null(&property.schema) => {}
                    (Some(property), _) => {
                        object.insert(name.clone(), kept(&property.schema, value));
                    }
                    (None, Some(others)) => {
                        object.insert(name.clone(), kept(others, value));
                    }
                    (None, None) => {}
                }
            }
            Value::Object(object)
        }
        (Kind::Array(items), Value::Array(values)) => {
            values.iter().map(|value| kept(items, value)).collect()
        }
        _ => value.clone(),
    }
}

/// What was lost, added and changed between two values. Numbers are compared by their value.
pub fn differences(before: &Value, after: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(before, after, String::new(), &mut found);
    found
}

fn compare(before: &Value, after: &Value, at: String, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (name, value) in before {
                let at = pointer::join(&at, name);
                match after.get(name) {
                    Some(other) => compare(value, other, at, found),
                    None => found.push(format!("`{at}` is lost")),
                }
            }
            for name in after.keys().filter(|name| !before.contains_key(*name)) {
                found.push(format!("`{}` is added", pointer::join(&at, name)));
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (value, other)) in before.iter().zip(after).enumerate() {
                compare(value, other, format!("{at}/{index}"), found);
            }
        }
        (Value::Number(left), Value::Number(right))
            if (left.is_f64() || right.is_f64()) && left.as_f64() == right.as_f64() => {}
        (left, right) if left == right => {}
        _ => found.push(format!("`{}` is changed", shown(&at))),
    }
}
