//! A type is never null, a place is.
//!
//! Progenitor makes of a named schema with `nullable: true` a struct around an `Option` of another type, which for an
//! enum has none of its values' names. Here the schema says what its values are, and each place that refers to it says
//! that they may be null.

use std::collections::BTreeSet;

use openapi::model::child_schemas_mut;
use serde_json::{Value, json};

use crate::api::{Api, Usage};
use crate::deviations::Notes;
use crate::json;
use crate::schemas::{makes_type, reference, wrapped_reference};

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    let mut nullable = BTreeSet::new();
    for (name, schema) in &mut api.schemas {
        if schema["nullable"] == true && makes_type(schema) {
            json::object(schema).remove("nullable");
            nullable.insert(name.clone());
            notes.add(name, "is an `Option` where it is used");
        }
    }
    api.for_each_schema(|_, usage, schema| {
        // A body is sent, or it is not.
        if usage != Some(&Usage::RequestBody) || reference(schema).is_none() {
            mark(schema, &nullable);
        }
    });
}

/// Makes references to the schemas nullable.
fn mark(schema: &mut Value, nullable: &BTreeSet<String>) {
    let leads_there = wrapped_reference(schema).is_some_and(|name| nullable.contains(&name));
    if schema.get("$ref").is_some() {
        if leads_there {
            *schema = json!({ "allOf": [schema.take()], "nullable": true });
        }
    } else if leads_there {
        schema["nullable"] = json!(true);
    } else {
        for child in child_schemas_mut(schema) {
            mark(child, nullable);
        }
    }
}
