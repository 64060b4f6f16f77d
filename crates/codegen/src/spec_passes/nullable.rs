//! A type is never null, a place is.
//!
//! Progenitor makes of a named schema with `nullable: true` a struct around an `Option` of another type, which for an
//! enum has none of its values' names. Here the schema says what its values are, and each place that refers to it says
//! that they may be null.

use std::collections::BTreeSet;

use openapi::pointer;
use serde_json::{Value, json};

use super::visit::{self, Root};
use crate::api::Api;
use crate::deviations::{Deviations, Pass};
use crate::json;

/// As `DEVIATIONS.md` presents it.
pub const PASS: Pass = Pass {
    name: "Nullable types",
    why: "A named schema that may be null is a type that is not, and an `Option` wherever it is used.",
};

/// Runs the pass.
pub fn run(api: &mut Api, deviations: &mut Deviations) {
    let mut nullable = BTreeSet::new();
    for (name, schema) in api.schemas_mut() {
        if schema["nullable"] == true && visit::makes_type(schema) {
            json::object(schema).remove("nullable");
            nullable.insert(pointer::join("/components/schemas", name));
            deviations.note(&PASS, name, "is an `Option` where it is used");
        }
    }
    if nullable.is_empty() {
        return;
    }
    for schema in api.schemas_mut().values_mut() {
        mark(schema, &nullable);
    }
    api.for_each_operation(|_, operation| {
        for (root, schema) in visit::roots_mut(operation) {
            // A body is sent, or it is not.
            if root != Root::Body || json::reference(schema).is_none() {
                mark(schema, &nullable);
            }
        }
    });
}

/// Makes references to the schemas nullable; after the shapes pass `allOf` is the wrapper of one.
fn mark(schema: &mut Value, nullable: &BTreeSet<String>) {
    let leads_there = |schema: &Value| {
        let target = json::reference(schema).and_then(pointer::target);
        target.is_some_and(|target| nullable.contains(&target))
    };
    if leads_there(schema) {
        *schema = json!({ "allOf": [schema.take()], "nullable": true });
    } else if let Some(part) = schema.pointer("/allOf/0") {
        if leads_there(part) {
            schema["nullable"] = json!(true);
        }
    } else {
        for child in visit::children_mut(schema) {
            mark(child, nullable);
        }
    }
}
