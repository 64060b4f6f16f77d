//! Enums to which the overlay gives one name are one type.
//!
//! Specs repeat an enum in every schema that has it, and each would be a type of its own whose values no other takes.
//! An enum with `x-rust-name` is the component schema of that name, and each place that had it refers to it; the
//! preflight has checked that all enums of a name have the same values.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::api::Api;
use crate::deviations::Notes;
use crate::json::Object as _;
use crate::names::type_name;
use crate::schemas::{REQUIRED_IN_REQUESTS, RUST_NAME, Schemas, reference, reference_to, walk_mut};

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    let mut shared = Schemas::new();
    let mut components: BTreeMap<String, String> = BTreeMap::new();
    for (name, schema) in std::mem::take(&mut api.schemas) {
        match name_of(&schema) {
            Some(rust) => {
                notes.add(&name, format!("is the type `{rust}`"));
                components.insert(name, rust.clone());
                shared.entry(rust).or_insert_with(|| enum_of(&schema));
            }
            None => _ = api.schemas.insert(name, schema),
        }
    }
    api.for_each_schema(|place, _, schema| {
        lift(schema, place, &mut shared, notes);
        walk_mut(schema, &mut |schema| {
            if let Some(rust) = reference(schema).and_then(|name| components.get(&name)) {
                *schema = reference_to(rust);
            }
        });
    });
    api.schemas.extend(shared);
}

/// Moves the enums inside a schema that have a name into the components.
fn lift(schema: &mut Value, place: &str, shared: &mut Schemas, notes: &mut Notes<'_>) {
    if let Some(rust) = name_of(schema) {
        notes.add(place, format!("is the type `{rust}`"));
        shared.entry(&rust).or_insert_with(|| enum_of(schema));
        let mut wrapper = json!({ "allOf": [reference_to(&rust)] });
        for key in ["description", "nullable", REQUIRED_IN_REQUESTS] {
            if let Some(value) = schema.get(key) {
                wrapper[key] = value.clone();
            }
        }
        let is_bare = wrapper.as_object().is_some_and(|only| only.len() == 1);
        *schema = if is_bare {
            reference_to(&rust)
        } else {
            wrapper
        };
        return;
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for (name, property) in properties {
            lift(property, &format!("{place}.{name}"), shared, notes);
        }
    }
    for inner in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get_mut(inner) {
            lift(inner, place, shared, notes);
        }
    }
}

/// The name that an overlay gives to an enum.
fn name_of(schema: &Value) -> Option<String> {
    let object = schema.as_object()?;
    let name = object.str(RUST_NAME)?;
    (!object.list("enum").is_empty()).then(|| type_name(name))
}

/// The enum itself. What a place says of it stays there.
fn enum_of(schema: &Value) -> Value {
    json!({ "type": "string", "enum": schema["enum"] })
}
