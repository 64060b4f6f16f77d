//! An id for every operation.

use std::collections::BTreeSet;

use openapi::model;
use serde_json::{Value, json};

use crate::deviations::Deviations;
use crate::markdown::code;
use crate::names::snake;

/// Gives each operation without `operationId` one that is made of its method and path.
pub(crate) fn complete(document: &mut Value, deviations: &mut Deviations) {
    let mut notes = deviations.section(
        "Names of operations",
        "An operation without `operationId` would have no method: it is named after its method and path.",
    );
    let operations = model::operations(document);
    let id = |operation: &model::Operation<'_>| {
        let id = operation.id().filter(|id| !id.trim().is_empty());
        id.map(str::to_owned)
    };
    let mut taken: BTreeSet<String> = operations
        .iter()
        .filter_map(id)
        .map(|id| snake(&id))
        .collect();
    let mut given = Vec::new();
    for operation in operations
        .iter()
        .filter(|operation| id(operation).is_none())
        // What is there and is not a name is refused by the preflight.
        .filter(|operation| {
            operation
                .node
                .get("operationId")
                .is_none_or(|id| id.value.is_string())
        })
    {
        let plain = snake(&format!("{} {}", operation.method, operation.path));
        let numbered = (2_u32..).map(|number| format!("{plain}_{number}"));
        let mut candidates = std::iter::once(plain.clone()).chain(numbered);
        let Some(name) = candidates.find(|name| taken.insert(snake(name))) else {
            continue;
        };
        notes.add(
            operation.label(),
            format!("has the `operationId` {}", code(&name)),
        );
        given.push((operation.node.pointer.clone(), name));
    }
    for (at, name) in given {
        if let Some(operation) = document.pointer_mut(&at) {
            operation["operationId"] = json!(name);
        }
    }
}
