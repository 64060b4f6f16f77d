//! Null, absent and a value are three things in a request.
//!
//! An update leaves alone what is absent and clears what is null, but an `Option` is one of two. What is optional and
//! may be null in a request is an `Option<Option<_>>`; the pass Double options makes it so.

use serde_json::json;

use crate::api::{Api, Direction};
use crate::deviations::Notes;
use crate::json::Object as _;
use crate::names::field_name;
use crate::schemas::walk_mut;

/// Marks a property that may be null in Rust only: see the pass Lenient responses.
pub(super) const ONLY_IN_RUST: &str = "x-null-only-in-rust";

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    let sent = api.carried(Direction::Request);
    for (name, schema) in &api.schemas {
        let Some(object) = schema.as_object().filter(|_| sent.contains(name)) else {
            continue;
        };
        for (property, schema) in object.map("properties").into_iter().flatten() {
            let is_required = object.list("required").contains(&json!(property));
            if !is_required && schema["nullable"] == true && schema.get(ONLY_IN_RUST).is_none() {
                notes.add(
                    format!("{name}.{property}"),
                    "can be sent as null: `Some(None)`, or its method that ends in `_null`",
                );
                api.nulls.insert((name.clone(), field_name(property)));
            }
        }
    }
    api.for_each_schema(|_, _, schema| {
        walk_mut(schema, &mut |schema| {
            if let Some(object) = schema.as_object_mut() {
                object.remove(ONLY_IN_RUST);
            }
        });
    });
}
