//! Names for plain values stand for what they name.
//!
//! Progenitor makes a struct of every named schema, so that a `UserGuid` which is a string is a type that a string is
//! not, with a dozen impls, and a named list is no `Vec`. Here a reference to a schema that makes no type of its own
//! is replaced by that schema, in every place.

use serde_json::Value;

use super::visit;
use crate::api::Api;
use crate::deviations::{Deviations, Pass};
use crate::json;

/// As `DEVIATIONS.md` presents it.
pub const PASS: Pass = Pass {
    name: "Aliases",
    why: "A named schema that is a plain value, a list or a map is that, and no type of its own.",
};

/// How many aliases may lead to each other; more form a circle, and stay types.
const DEPTH: usize = 8;

/// Runs the pass.
pub fn run(api: &mut Api, deviations: &mut Deviations) {
    let document = api.document.clone();
    for schema in api.schemas_mut().values_mut() {
        replace(schema, &document, deviations);
    }
    api.for_each_operation(|_, operation| {
        for (_, schema) in visit::roots_mut(operation) {
            replace(schema, &document, deviations);
        }
    });
}

fn replace(schema: &mut Value, document: &Value, deviations: &mut Deviations) {
    if let Some(reference) = visit::wrapped_reference(schema).map(str::to_owned)
        && let Some(target) = json::follow(document, schema.pointer("/allOf/0").unwrap_or(schema))
        && !visit::makes_type(target)
        && !is_circular(target, document, &reference, DEPTH)
    {
        let mut plain = target.clone();
        for key in ["description", "nullable"] {
            if let Some(value) = schema.get(key) {
                plain[key] = value.clone();
            }
        }
        // Null says nothing of a value that may be anything.
        if plain.get("type").is_none() {
            json::object(&mut plain).remove("nullable");
        }
        *schema = plain;
        deviations.note(
            &PASS,
            visit::component(&reference).unwrap_or(&reference),
            "is a plain value",
        );
    }
    for child in visit::children_mut(schema) {
        replace(child, document, deviations);
    }
}

/// Whether a schema leads back to a reference to it, through plain schemas and what stands in them alone: a reference
/// to a schema that makes a type stays one, and ends the way.
fn is_circular(schema: &Value, document: &Value, reference: &str, depth: usize) -> bool {
    visit::children(schema)
        .into_iter()
        .any(|part| match json::reference(part) {
            Some(same) if same == reference => true,
            Some(_) => json::follow(document, part).is_some_and(|target| {
                let plain = !visit::makes_type(target);
                plain && (depth == 0 || is_circular(target, document, reference, depth - 1))
            }),
            None => is_circular(part, document, reference, depth),
        })
}
