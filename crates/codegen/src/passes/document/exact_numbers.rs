//! Numbers keep their digits.
//!
//! Progenitor makes an `f64` of each JSON number, which changes most amounts of money: 0.1 is none. A number that is not
//! an integer becomes a `Decimal`.

use serde_json::{Value, json};

use crate::api::Api;
use crate::deviations::Notes;
use crate::names::type_name;
use crate::schemas::{reference_to, walk_mut};

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    let mut decimal = "Decimal".to_owned();
    while api.schemas.keys().any(|name| type_name(name) == decimal) {
        decimal.push_str("Number");
    }
    let mut found = false;
    api.for_each_schema(|place, _, schema| {
        let before = found;
        found = false;
        walk_mut(schema, &mut |schema| found |= replace(schema, &decimal));
        if found {
            notes.add(place, "has numbers that are `Decimal`");
        }
        found |= before;
    });
    if found {
        api.schemas
            .insert(decimal.clone(), json!({ "type": "string" }));
        api.decimal = Some(decimal);
    }
}

/// Replaces a number by a reference to the component; whether it was one.
fn replace(schema: &mut Value, decimal: &str) -> bool {
    if schema["type"] != "number" {
        return false;
    }
    let mut wrapper = json!({ "allOf": [reference_to(decimal)] });
    for key in ["description", "nullable"] {
        if let Some(value) = schema.get(key) {
            wrapper[key] = value.clone();
        }
    }
    *schema = wrapper;
    true
}
