//! A header that the client fixes is sent by every operation.
//!
//! A spec that declares `Accept-Version` with nearly all of its operations forgot it with the others, which the server
//! refuses. Where most operations declare such a header and all of them agree on its value, the others get it.

use std::collections::BTreeMap;

use openapi::model::{self, HeaderSender};
use serde_json::{Value, json};

use crate::markdown::code;

/// A header as the operations declare it.
#[derive(Default)]
struct Header {
    /// The parameter of the first of them.
    parameter: Value,
    /// The values on which they fix it; `None` for one that leaves it to the caller.
    values: Vec<Option<String>>,
    /// The pointers of the operations.
    operations: Vec<String>,
}

/// Adds the headers to the operations that lack them, and calls `note` with each operation and what it gets.
pub(crate) fn complete(document: &mut Value, note: &mut dyn FnMut(String, String)) {
    let mut headers: BTreeMap<String, Header> = BTreeMap::new();
    let mut all = Vec::new();
    for operation in model::operations(document) {
        let pointer = operation.node.pointer.clone();
        for parameter in model::parameters(document, &operation) {
            let value = match model::header_sender(document, &operation, &parameter) {
                HeaderSender::Fixed(value) => Some(value),
                HeaderSender::Caller if parameter.location == "header" => None,
                _ => continue,
            };
            let header = headers
                .entry(parameter.name.to_ascii_lowercase())
                .or_default();
            if header.operations.is_empty() {
                header.parameter = parameter.node.value.clone();
            }
            header.values.push(value);
            header.operations.push(pointer.clone());
        }
        all.push((pointer, operation.id().unwrap_or_default().to_owned()));
    }
    for header in headers.into_values() {
        let agreed = header.values[0]
            .as_ref()
            .filter(|_| header.values.iter().all(|value| *value == header.values[0]));
        let Some(value) = agreed.filter(|_| header.operations.len() * 2 > all.len()) else {
            continue;
        };
        let name = header.parameter["name"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        for (pointer, id) in &all {
            let Some(operation) = document
                .pointer_mut(pointer)
                .filter(|_| !header.operations.contains(pointer))
            else {
                continue;
            };
            let parameters = crate::json::object(operation)
                .entry("parameters")
                .or_insert(json!([]));
            if let Value::Array(parameters) = parameters {
                parameters.push(header.parameter.clone());
                note(
                    id.clone(),
                    format!(
                        "{} is sent, as with all other operations",
                        code(&format!("{name}: {value}"))
                    ),
                );
            }
        }
    }
}
