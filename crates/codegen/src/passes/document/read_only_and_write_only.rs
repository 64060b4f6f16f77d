//! `readOnly` and `writeOnly` count in their direction.
//!
//! A property that is required and `readOnly` is in responses only, one that is required and `writeOnly` in requests
//! only. One type carries both ways, so such a property is an `Option` where the other direction lacks it; the
//! constructor still takes what requests need.

use openapi::Node;
use openapi::model::ResolvedSchema;
use serde_json::{Value, json};

use crate::api::{Api, Direction, Usage};
use crate::deviations::Notes;
use crate::schemas::{REQUIRED_IN_REQUESTS, walk_mut};

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    let sent = api.carried(Direction::Request);
    let received = api.carried(Direction::Response);
    let published = json!({ "components": { "schemas": api.schemas } });
    api.for_each_schema(|place, usage, schema| {
        let (sent, received) = match usage.map(Usage::direction) {
            None => (sent.contains(place), received.contains(place)),
            Some(direction) => (
                direction == Direction::Request,
                direction == Direction::Response,
            ),
        };
        walk_mut(schema, &mut |schema| {
            let lacking = lacking(&published, schema, sent, received);
            for (name, flag) in lacking {
                notes.add(
                    format!("{place}.{name}"),
                    format!("is required and `{flag}`, so it is optional in the type"),
                );
                let own = schema.pointer_mut("/properties");
                if let Some(property) = own.and_then(|own| own.get_mut(&name))
                    && flag == "writeOnly"
                    && sent
                    && property.is_object()
                {
                    property[REQUIRED_IN_REQUESTS] = json!(true);
                }
                no_longer_required(schema, &name);
            }
        });
    });
}

/// The required properties of a schema that one of its directions lacks, each with its flag.
fn lacking(
    published: &Value,
    schema: &Value,
    sent: bool,
    received: bool,
) -> Vec<(String, &'static str)> {
    if schema.get("required").is_none() && schema.get("allOf").is_none() {
        return Vec::new();
    }
    let resolved = ResolvedSchema::new(published, &Node::root(schema));
    let flag = |property: &Node<'_>| {
        let property = ResolvedSchema::new(published, property);
        if sent && property.flag("readOnly") {
            Some("readOnly")
        } else if received && property.flag("writeOnly") {
            Some("writeOnly")
        } else {
            None
        }
    };
    let properties = resolved.properties();
    let required = properties.iter().filter(|(name, _)| {
        let mut lists = std::iter::once(schema).chain(parts(schema));
        lists.any(|part| requires(part, name))
    });
    required
        .filter_map(|(name, property)| Some(((*name).to_owned(), flag(property)?)))
        .collect()
}

fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    schema["allOf"].as_array().into_iter().flatten()
}

fn requires(schema: &Value, name: &str) -> bool {
    let required = schema["required"].as_array();
    required.is_some_and(|required| required.iter().any(|known| known == name))
}

fn no_longer_required(schema: &mut Value, name: &str) {
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|known| known != name);
    }
    let parts = schema.get_mut("allOf").and_then(Value::as_array_mut);
    for part in parts.into_iter().flatten() {
        no_longer_required(part, name);
    }
}
