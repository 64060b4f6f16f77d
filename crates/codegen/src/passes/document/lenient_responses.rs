//! Responses decode leniently.
//!
//! Servers send `null` for what a spec merely calls optional. For optional arrays and maps the generated types take
//! absence but not null, so that one null would fail a whole response. Such a property also accepts null, which makes
//! it an `Option`.

use serde_json::{Value, json};

use super::null_in_requests::ONLY_IN_RUST;
use crate::api::{Api, Direction, Usage};
use crate::deviations::Notes;
use crate::json::Object as _;
use crate::schemas::{Schemas, follow, makes_type, walk_mut};

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    soften(api, notes, |received| received);
}

/// Lets optional lists and maps be null, in the schemas that `wanted` takes by whether responses carry them.
pub(super) fn soften(api: &mut Api, notes: &mut Notes<'_>, wanted: impl Fn(bool) -> bool) {
    let carried = api.carried(Direction::Response);
    let named = api.schemas.clone();
    api.for_each_schema(|place, usage, schema| {
        let direction = usage.map(Usage::direction);
        let received = match direction {
            None => carried.contains(place),
            Some(direction) => direction == Direction::Response,
        };
        if wanted(received) {
            walk_mut(schema, &mut |schema| {
                soften_one(schema, &named, place, notes)
            });
        }
    });
}

fn soften_one(schema: &mut Value, named: &Schemas, place: &str, notes: &mut Notes<'_>) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    let required: Vec<Value> = object.list("required").to_vec();
    let Some(Value::Object(properties)) = object.get_mut("properties") else {
        return;
    };
    for (name, property) in properties {
        if required.contains(&json!(name)) || property["nullable"] == true {
            continue;
        }
        let part = property.pointer("/allOf/0").unwrap_or(property);
        let target = follow(named, part).unwrap_or(part);
        let map = target["type"] == "object" && !makes_type(target);
        if target["type"] != "array" && !map {
            continue; // An optional scalar or struct takes null as it is.
        }
        if property.get("$ref").is_some() {
            *property = json!({ "allOf": [property.take()] });
        }
        property["nullable"] = json!(true);
        property[ONLY_IN_RUST] = json!(true);
        notes.add(format!("{place}.{name}"), "also accepts null");
    }
}
