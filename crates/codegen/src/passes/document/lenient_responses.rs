//! Responses decode leniently, and what is empty is sent.
//!
//! Servers send `null` for what a spec merely calls optional. For optional arrays and maps the generated types take
//! absence but not null, so that one null would fail a whole response; and they cannot tell an empty one from an absent
//! one, so that a request could not empty a list. Such a property also accepts null, which makes it an `Option`.

use serde_json::{Value, json};

use crate::api::Api;
use crate::deviations::{Deviations, Pass};
use crate::json::{self, Object as _};
use crate::schemas::{self as visit, Direction};

/// As `DEVIATIONS.md` presents it.
pub const PASS: Pass = Pass {
    name: "Lenient responses",
    why: "In what responses carry, a property that is not required also accepts `null`.",
};

const EMPTY: Pass = Pass {
    name: "Empty lists",
    why: "In what requests carry, a list or map that is not required can be absent or empty, which are two things.",
};

/// Runs the pass.
pub fn run(api: &mut Api, deviations: &mut Deviations) {
    let carried = visit::reachable(api, Direction::Response);
    let document = api.document.clone();
    for (name, schema) in api.schemas_mut() {
        let pass = if carried.contains(name) {
            &PASS
        } else {
            &EMPTY
        };
        visit::walk_mut(schema, &mut |schema| {
            soften(schema, &document, pass, name, deviations)
        });
    }
    api.for_each_operation(|facts, operation| {
        for (root, schema) in visit::roots_mut(operation) {
            let received = matches!(root, visit::Root::Response | visit::Root::StatusResponse(_));
            let pass = if received { &PASS } else { &EMPTY };
            visit::walk_mut(schema, &mut |schema| {
                soften(schema, &document, pass, &facts.id, deviations)
            });
        }
    });
}

fn soften(
    schema: &mut Value,
    document: &Value,
    pass: &'static Pass,
    place: &str,
    deviations: &mut Deviations,
) {
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
        let target = target(property, document);
        let map = target["type"] == "object" && !visit::makes_type(target);
        if target["type"] != "array" && !map {
            continue; // An optional scalar or struct takes null as it is.
        }
        if let Some(reference) = json::reference(property).map(str::to_owned) {
            *property = json!({ "allOf": [{ "$ref": reference }] });
        }
        property["nullable"] = json!(true);
        deviations.note(pass, format!("{place}.{name}"), "also accepts null");
    }
}

/// What a property is, behind a reference or the wrapper of one.
fn target<'a>(property: &'a Value, document: &'a Value) -> &'a Value {
    let part = property.pointer("/allOf/0").unwrap_or(property);
    json::follow(document, part).unwrap_or(part)
}
