//! Parameters that a path, a query or a header can carry.
//!
//! Progenitor turns a list in a path into code that does not compile, and a parameter that may be null into an
//! argument that may be nothing. Here a parameter in the path or a header is a scalar or text, and none is null:
//! a parameter that is not sent is left out.

use serde_json::{Value, json};

use crate::api::Api;
use crate::deviations::{Deviations, Pass};
use crate::json;
use crate::schemas as visit;

/// As `DEVIATIONS.md` presents it.
pub const PASS: Pass = Pass {
    name: "Parameters",
    why: "A list or an untyped value in a path or a header is given as the text that is sent.",
};

/// Runs the pass.
pub fn run(api: &mut Api, deviations: &mut Deviations) {
    let document = api.document.clone();
    api.for_each_operation(|facts, operation| {
        let objects = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for (parameter, object) in facts.parameters.iter().zip(objects.into_iter().flatten()) {
            let Some(schema) = object.get_mut("schema") else {
                continue;
            };
            if let Some(reference) = schema.pointer("/allOf/0") {
                *schema = reference.clone();
            }
            json::object(schema).remove("nullable");
            let target = json::follow(&document, schema).unwrap_or(schema);
            let scalar = matches!(
                target["type"].as_str(),
                Some("string" | "integer" | "number" | "boolean")
            );
            if parameter.location != "query" && !scalar && !visit::makes_type(target) {
                deviations.note(
                    &PASS,
                    &facts.id,
                    format!("`{}` is given as text", parameter.name),
                );
                *schema = json!({ "type": "string" });
            }
        }
    });
}
