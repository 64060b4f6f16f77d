//! Values that must not be printed become `Sensitive`.
//!
//! Generated types derive `Debug`, so a logged response shows whatever it holds. A string whose schema says
//! `format: password` (OpenAPI's own hint) becomes a type that reads like a string and prints as `[hidden]`.

use serde_json::{Value, json};

use super::names;
use crate::api::Api;
use crate::deviations::{Deviations, Pass};
use crate::schemas as visit;

/// As `DEVIATIONS.md` presents it.
pub const PASS: Pass = Pass {
    name: "Sensitive values",
    why: "A string with `format: password` is a `Sensitive`: read like a `&str`, shown as `[hidden]`.",
};

/// Runs the pass. Parameters stay strings: builders never print their arguments.
pub fn run(api: &mut Api, deviations: &mut Deviations) {
    let mut sensitive = "Sensitive".to_owned();
    while api
        .schemas_mut()
        .keys()
        .any(|name| names::type_name(name) == sensitive)
    {
        sensitive.push_str("Text");
    }
    let mut found = false;
    for (name, schema) in api.schemas_mut() {
        hide(schema, &sensitive, name, &mut found, deviations);
    }
    api.for_each_operation(|facts, operation| {
        for (root, schema) in visit::roots_mut(operation) {
            if !matches!(root, visit::Root::Parameter(_)) {
                hide(schema, &sensitive, &facts.id, &mut found, deviations);
            }
        }
    });
    if found {
        api.schemas_mut()
            .insert(sensitive.clone(), json!({ "type": "string" }));
        api.sensitive = Some(sensitive);
    }
}

fn hide(
    schema: &mut Value,
    sensitive: &str,
    place: &str,
    found: &mut bool,
    deviations: &mut Deviations,
) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for (name, property) in properties {
            hide(
                property,
                sensitive,
                &format!("{place}.{name}"),
                found,
                deviations,
            );
        }
    }
    for inner in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get_mut(inner) {
            hide(inner, sensitive, place, found, deviations);
        }
    }
    if schema["format"] == "password" {
        *found = true;
        deviations.note(&PASS, place, "is hidden in `Debug`");
        let mut wrapper =
            json!({ "allOf": [{ "$ref": format!("#/components/schemas/{sensitive}") }] });
        for key in ["description", "nullable"] {
            if let Some(value) = schema.get(key) {
                wrapper[key] = value.clone();
            }
        }
        *schema = wrapper;
    }
}
