//! Walking the schemas of an API.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::api::{self, Api, Success};
use crate::json::{self, Object as _};
use crate::spec_passes::responses::BY_STATUS;

/// The schemas directly inside a schema.
pub(crate) fn children_mut(schema: &mut Value) -> Vec<&mut Value> {
    let Value::Object(object) = schema else {
        return Vec::new();
    };
    let mut children = Vec::new();
    for (key, value) in object {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => children.extend(properties.values_mut()),
            ("items" | "additionalProperties" | "not", value @ Value::Object(_)) => {
                children.push(value)
            }
            ("allOf" | "oneOf" | "anyOf", Value::Array(parts)) => children.extend(parts),
            _ => {}
        }
    }
    children
}

/// The same to be read.
pub(crate) fn children(schema: &Value) -> Vec<&Value> {
    let mut children = Vec::new();
    for (key, value) in schema.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => children.extend(properties.values()),
            ("items" | "additionalProperties" | "not", value @ Value::Object(_)) => {
                children.push(value)
            }
            ("allOf" | "oneOf" | "anyOf", Value::Array(parts)) => children.extend(parts),
            _ => {}
        }
    }
    children
}

/// Calls `change` with a schema and all schemas inside it, the outer before the inner.
pub(crate) fn walk_mut(schema: &mut Value, change: &mut impl FnMut(&mut Value)) {
    change(schema);
    for child in children_mut(schema) {
        walk_mut(child, change);
    }
}

/// The schemas at the places where operations use them, named for messages by operation and place.
pub(crate) fn roots_mut(operation: &mut Map<String, Value>) -> Vec<(Root, &mut Value)> {
    let mut roots = Vec::new();
    for (key, value) in operation {
        match key.as_str() {
            "parameters" => {
                for parameter in value.as_array_mut().into_iter().flatten() {
                    let name = parameter
                        .get("name")
                        .and_then(Value::as_str)
                        .unwrap_or_default()
                        .to_owned();
                    if let Some(schema) = parameter.get_mut("schema") {
                        roots.push((Root::Parameter(name), schema));
                    }
                }
            }
            "requestBody" => {
                roots.extend(content_schemas(value).map(|schema| (Root::Body, schema)))
            }
            "responses" => {
                for response in value.as_object_mut().into_iter().flat_map(Map::values_mut) {
                    roots.extend(content_schemas(response).map(|schema| (Root::Response, schema)));
                }
            }
            BY_STATUS => {
                for entry in value.as_array_mut().into_iter().flatten() {
                    let status = entry
                        .get("status")
                        .and_then(Value::as_str)
                        .unwrap_or_default()
                        .to_owned();
                    if let Some(schema) = entry.get_mut("schema") {
                        roots.push((Root::StatusResponse(status), schema));
                    }
                }
            }
            _ => {}
        }
    }
    roots
}

/// Where an operation uses a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    Parameter(String),
    Body,
    Response,
    StatusResponse(String),
}

fn content_schemas(body: &mut Value) -> impl Iterator<Item = &mut Value> {
    let content = body.get_mut("content").and_then(Value::as_object_mut);
    content
        .into_iter()
        .flat_map(Map::values_mut)
        .filter_map(|media_type| media_type.get_mut("schema"))
}

/// Which way a schema travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Request,
    Response,
}

/// The names of the component schemas that travel in a direction, through any number of references.
pub(crate) fn reachable(api: &Api, direction: Direction) -> BTreeSet<String> {
    let mut queue: Vec<&str> = Vec::new();
    for (_, _, operation) in api::operations(&api.document) {
        match direction {
            Direction::Request => {
                for parameter in operation.list("parameters") {
                    references(&parameter["schema"], &mut queue);
                }
                references_of_body(operation.get("requestBody"), &mut queue);
            }
            Direction::Response => {
                for response in operation.map("responses").into_iter().flat_map(Map::values) {
                    references_of_body(Some(response), &mut queue);
                }
                for entry in operation.list(BY_STATUS) {
                    references(&entry["schema"], &mut queue);
                }
            }
        }
    }
    for operation in &api.operations {
        if let (Success::ByStatus(bodies), Direction::Response) = (&operation.success, direction) {
            queue.extend(bodies.iter().filter_map(|body| body.schema.as_deref()));
        }
    }
    let schemas = &api.document["components"]["schemas"];
    let mut reached = BTreeSet::new();
    while let Some(name) = queue.pop() {
        if !reached.contains(name)
            && let Some(schema) = schemas.get(name)
        {
            references(schema, &mut queue);
            reached.insert(name.to_owned());
        }
    }
    reached
}

fn references_of_body<'a>(body: Option<&'a Value>, names: &mut Vec<&'a str>) {
    let content = body
        .and_then(|body| body.get("content"))
        .and_then(Value::as_object);
    for media_type in content.into_iter().flat_map(Map::values) {
        references(&media_type["schema"], names);
    }
}

/// Adds the names of the component schemas that a schema refers to.
fn references<'a>(schema: &'a Value, names: &mut Vec<&'a str>) {
    names.extend(json::reference(schema).and_then(component));
    match schema {
        Value::Object(object) => object.values().for_each(|value| references(value, names)),
        Value::Array(items) => items.iter().for_each(|item| references(item, names)),
        _ => {}
    }
}

/// The reference that a schema is, or is the wrapper of.
pub(crate) fn wrapped_reference(schema: &Value) -> Option<&str> {
    json::reference(schema).or_else(|| schema.pointer("/allOf/0").and_then(json::reference))
}

/// The component schema that a reference names.
pub(crate) fn component(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/components/schemas/")
}

/// Whether a schema makes a Rust type of its own: an object with properties, or an enum.
pub(crate) fn makes_type(schema: &Value) -> bool {
    schema.as_object().is_some_and(|schema| {
        schema
            .map("properties")
            .is_some_and(|properties| !properties.is_empty())
            || !schema.list("enum").is_empty()
    })
}
