//! Whether the response of a server follows the contract: failures if it contradicts the spec, warnings if it goes
//! beyond the spec.

use openapi::pointer;
use serde_json::{Map, Value};

use crate::check::case_result::CaseResult;
use crate::contract::media_type::{essence, is_media_type};
use crate::contract::resolved_schema::{Kind, ResolvedSchema};
use crate::contract::schema::shown;
use crate::contract::{Content, Operation};
use crate::wire::Reply;

/// Refusals that any server may respond with, also where the spec does not list them.
const REFUSALS: [u16; 7] = [400, 401, 403, 404, 405, 406, 429];

/// Checks the response to a correct request.
pub fn check(operation: &Operation, reply: &Reply, result: &mut CaseResult) {
    let status = reply.status;
    let Some(response) = operation.response(status) else {
        let unlisted = format!("the status {status} is not in the spec");
        match status {
            400..=499 => {
                let reason = format!("refused with {status}, which the spec does not list");
                result.not_judged = Some(reason);
                if !REFUSALS.contains(&status) {
                    result.warnings.push(unlisted);
                }
            }
            _ => result.failures.push(unlisted),
        }
        return;
    };
    result.succeeded = status / 100 == 2;
    if response.contents.is_empty() {
        return;
    }
    let sent = reply.header("content-type").next().unwrap_or_default();
    let mut contents = response.contents.iter();
    let Some(content) = contents.find(|content| essence(&content.media_type) == essence(sent))
    else {
        result.failures.push(match sent {
            "" => "the response has no media type".to_owned(),
            sent if !is_media_type(&essence(sent)) => "the media type is not valid".to_owned(),
            sent => format!("the media type `{}` is not in the spec", essence(sent)),
        });
        return;
    };
    if !content.is_json {
        return;
    }
    match serde_json::from_slice::<Value>(&reply.body) {
        Ok(value) => body(content, &value, result),
        Err(_) => result.failures.push("the body is not JSON".to_owned()),
    }
}

fn body(content: &Content, value: &Value, result: &mut CaseResult) {
    let schema = content.schema.resolved();
    for error in content.schema.errors(value) {
        match error.is_unknown_enum_value {
            true => result.warnings.push(format!(
                "a new value of the enum at `{}`",
                shown(&error.pointer)
            )),
            false => result.failures.push(format!("the body at {error}")),
        }
    }
    unknown(schema, value, String::new(), &mut result.warnings);
    let example = content.examples.first().map(|(_, example)| example.clone());
    if let Some(example) = example.or_else(|| shown_by(schema)) {
        missing(&example, value, String::new(), &mut result.failures);
    }
    result.warnings.dedup();
    result.failures.dedup();
}

/// The fields that the schema does not have.
fn unknown(schema: &ResolvedSchema, value: &Value, at: String, found: &mut Vec<String>) {
    match (&schema.kind, value) {
        (Kind::Object { properties, others }, Value::Object(fields)) => {
            for (name, value) in fields {
                let at = pointer::join(&at, name);
                match properties.iter().find(|property| property.name == *name) {
                    Some(property) => unknown(&property.schema, value, at, found),
                    None if others.is_none() => found.push(format!("a new field `{at}`")),
                    None => {}
                }
            }
        }
        (Kind::Array(items), Value::Array(values)) => {
            for value in values {
                unknown(items, value, format!("{at}/*"), found);
            }
        }
        _ => {}
    }
}

/// An example of a schema, put together from those of its properties.
fn shown_by(schema: &ResolvedSchema) -> Option<Value> {
    match &schema.kind {
        Kind::Object { properties, .. } => {
            let fields: Map<String, Value> = properties
                .iter()
                .filter_map(|property| Some((property.name.clone(), shown_by(&property.schema)?)))
                .collect();
            (!fields.is_empty())
                .then_some(Value::Object(fields))
                .or_else(|| schema.example.clone())
        }
        Kind::Array(items) => shown_by(items).map(|item| Value::Array(vec![item])),
        _ => schema.example.clone(),
    }
}

/// The fields that the example has and the response lacks.
fn missing(example: &Value, value: &Value, at: String, found: &mut Vec<String>) {
    match (example, value) {
        (Value::Object(example), Value::Object(fields)) => {
            for (name, example) in example {
                let at = pointer::join(&at, name);
                match fields.get(name) {
                    Some(value) => missing(example, value, at, found),
                    None => found.push(format!("`{at}` is missing, but the spec's example has it")),
                }
            }
        }
        (Value::Array(example), Value::Array(values)) => {
            if let Some(example) = example.first() {
                for value in values {
                    missing(example, value, format!("{at}/*"), found);
                }
            }
        }
        _ => {}
    }
}
