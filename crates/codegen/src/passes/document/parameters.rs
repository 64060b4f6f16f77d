//! Parameters that a path, a query or a header can carry.
//!
//! Progenitor turns a list in a path into code that does not compile, and a parameter that may be null into an
//! argument that may be nothing. Here a parameter in the path or a header is a scalar or text, and none is null:
//! a parameter that is not sent is left out.

use serde_json::json;

use crate::api::Api;
use crate::deviations::Notes;
use crate::json;
use crate::markdown::code;
use crate::schemas::{UNION, follow, makes_type};

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    for operation in &mut api.operations {
        for parameter in &mut operation.parameters {
            let schema = &mut parameter.schema;
            if let Some(reference) = schema.pointer("/allOf/0") {
                *schema = reference.clone();
            }
            json::object(schema).remove("nullable");
            // What is sent of a union is a scalar, given as it stands.
            if follow(&api.schemas, schema).is_some_and(|target| target.get(UNION).is_some()) {
                *schema = json!({});
            }
            let target = follow(&api.schemas, schema).unwrap_or(schema);
            let scalar = matches!(
                target["type"].as_str(),
                Some("string" | "integer" | "number" | "boolean")
            );
            if parameter.location != "query" && !scalar && !makes_type(target) {
                notes.add(
                    &operation.id,
                    format!("{} is given as text", code(&parameter.name)),
                );
                *schema = json!({ "type": "string" });
            }
        }
    }
}
