//! Values that must not be printed become `Sensitive`.
//!
//! Generated types derive `Debug`, so a logged response shows whatever it holds. A string whose schema says
//! `format: password` (OpenAPI's own hint) becomes a type that reads like a string and prints as `[hidden]`.

use serde_json::{Value, json};

use crate::api::{Api, Usage};
use crate::deviations::Notes;
use crate::names::type_name;
use crate::schemas::{REQUIRED_IN_REQUESTS, reference_to};

/// Runs the pass. Parameters stay strings: builders never print their arguments.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    let mut sensitive = "Sensitive".to_owned();
    while api.schemas.keys().any(|name| type_name(name) == sensitive) {
        sensitive.push_str("Text");
    }
    let mut found = false;
    api.for_each_schema(|place, usage, schema| {
        if !matches!(usage, Some(Usage::Parameter(_))) {
            hide(schema, &sensitive, place, &mut found, notes);
        }
    });
    if found {
        api.schemas
            .insert(sensitive.clone(), json!({ "type": "string" }));
        api.sensitive = Some(sensitive);
    }
}

fn hide(schema: &mut Value, sensitive: &str, place: &str, found: &mut bool, notes: &mut Notes<'_>) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for (name, property) in properties {
            hide(
                property,
                sensitive,
                &format!("{place}.{name}"),
                found,
                notes,
            );
        }
    }
    for inner in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get_mut(inner) {
            hide(inner, sensitive, place, found, notes);
        }
    }
    if schema["format"] == "password" {
        *found = true;
        notes.add(place, "is hidden in `Debug`");
        let mut wrapper = json!({ "allOf": [reference_to(sensitive)] });
        for key in ["description", "nullable", REQUIRED_IN_REQUESTS] {
            if let Some(value) = schema.get(key) {
                wrapper[key] = value.clone();
            }
        }
        *schema = wrapper;
    }
}
