//! An API as the document that progenitor reads.
//!
//! What the passes gave a Rust name has numbers here, so that no name of the spec passes through progenitor's own rules
//! for names.

use openapi::pointer;
use serde_json::{Map, Value, json};

use crate::api::{Format, Operation, Success};
use crate::json;
use crate::schemas::Schemas;

/// The name of the operation of a number.
pub(super) fn operation_name(operation: usize) -> String {
    format!("op{operation}")
}

/// The name of a parameter of the operation of a number.
pub(super) fn parameter_name(operation: usize, parameter: usize) -> String {
    format!("p{operation}x{parameter}")
}

/// The document with these operations and schemas.
pub(super) fn lower(operations: &[&Operation], schemas: &Schemas) -> Value {
    let mut paths = Map::new();
    for (index, operation) in operations.iter().enumerate() {
        let path = path(index, operation);
        json::entry_object(&mut paths, &path).insert(
            operation.method.to_owned(),
            lower_operation(index, operation),
        );
    }
    let mut schemas = schemas.clone();
    // The pass String enums writes the variants; here two values of one Rust name would make a panic.
    for schema in schemas.values_mut() {
        let values = schema.get_mut("enum").and_then(Value::as_array_mut);
        for (index, value) in values.into_iter().flatten().enumerate() {
            *value = json!(format!("V{index}"));
        }
    }
    json!({
        "openapi": "3.0.3",
        "info": { "title": "", "version": "" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

/// The path template with the names that the parameters have here.
fn path(index: usize, operation: &Operation) -> String {
    let mut path = String::new();
    let mut rest = operation.path.as_str();
    while let Some((before, (name, after))) = rest
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        let mut parameters = operation.parameters.iter();
        let parameter =
            parameters.position(|parameter| parameter.location == "path" && parameter.name == name);
        let name = parameter.map_or(name.to_owned(), |place| parameter_name(index, place));
        path.push_str(&format!("{before}{{{name}}}"));
        rest = after;
    }
    path + rest
}

fn lower_operation(index: usize, operation: &Operation) -> Value {
    let parameters = operation.parameters.iter().enumerate();
    let parameters: Vec<Value> = parameters
        .map(|(place, parameter)| {
            json!({
                "name": parameter_name(index, place),
                "in": parameter.location,
                "required": parameter.required,
                "schema": parameter.schema,
            })
        })
        .collect();
    let mut response = json!({ "description": "" });
    match &operation.success {
        Success::Json(schema) | Success::OptionalJson(schema) => {
            response["content"] = json!({ "application/json": { "schema": schema } });
        }
        Success::Stream => response["content"] = json!({ "application/octet-stream": {} }),
        Success::Empty | Success::ByStatus(_) => {}
    }
    let mut lowered = json!({
        "operationId": operation_name(index),
        "parameters": parameters,
        "responses": { "200": response },
    });
    if let Some(body) = &operation.body {
        let schema = &body.content.schema;
        let content = match body.content.format() {
            Format::Json => json!({ "application/json": { "schema": schema } }),
            Format::Form => json!({ "application/x-www-form-urlencoded": { "schema": schema } }),
            Format::Bytes => json!({
                "application/octet-stream": { "schema": { "type": "string", "format": "binary" } },
            }),
        };
        lowered["requestBody"] = json!({ "required": body.required, "content": content });
    }
    lowered
}

/// The JSON pointer to an operation in the spec.
pub(super) fn pointer_to(operation: &Operation) -> String {
    pointer::join(&pointer::join("/paths", &operation.path), operation.method)
}
