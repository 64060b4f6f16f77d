//! A name for plain values means what it names.
//!
//! Progenitor makes a struct of every named schema, so that a `UserGuid` which is a string is a type that a string is
//! not, with a dozen impls, and a named list is not a `Vec`. Here a reference to a schema that makes no type of its own
//! is replaced by that schema, in every place.

use openapi::Node;
use openapi::model::{child_schemas, child_schemas_mut};
use serde_json::Value;

use crate::api::Api;
use crate::deviations::Notes;
use crate::json;
use crate::schemas::{
    REQUIRED_IN_REQUESTS, Schemas, follow, makes_type, reference, wrapped_reference,
};

/// How many aliases may lead to each other; more form a circle, and stay types.
const DEPTH: usize = 8;

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    let named = api.schemas.clone();
    api.for_each_schema(|_, _, schema| replace(schema, &named, notes));
}

fn replace(schema: &mut Value, named: &Schemas, notes: &mut Notes<'_>) {
    if let Some(name) = wrapped_reference(schema)
        && let Some(target) = follow(named, schema.pointer("/allOf/0").unwrap_or(schema))
        && !makes_type(target)
        && !is_circular(target, named, &name, DEPTH)
    {
        let mut plain = target.clone();
        for key in ["description", "nullable", REQUIRED_IN_REQUESTS] {
            if let Some(value) = schema.get(key) {
                plain[key] = value.clone();
            }
        }
        // Null says nothing of a value that may be anything.
        if plain.get("type").is_none() && plain.get("allOf").is_none() {
            json::object(&mut plain).remove("nullable");
        }
        *schema = plain;
        notes.add(name, "is a plain value");
    }
    for child in child_schemas_mut(schema) {
        replace(child, named, notes);
    }
}

/// Whether a schema leads back to a name, through plain schemas and what they hold alone: a reference to a schema
/// that makes a type stays one, and ends the way.
fn is_circular(schema: &Value, named: &Schemas, name: &str, depth: usize) -> bool {
    child_schemas(&Node::root(schema))
        .into_iter()
        .any(|part| match reference(part.value) {
            Some(same) if same == name => true,
            Some(_) => follow(named, part.value).is_some_and(|target| {
                let plain = !makes_type(target);
                plain && (depth == 0 || is_circular(target, named, name, depth - 1))
            }),
            None => is_circular(part.value, named, name, depth),
        })
}
