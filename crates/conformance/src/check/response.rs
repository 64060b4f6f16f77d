//! What a server answered, against the spec: failures where it breaks the spec, findings where the spec is silent.

use openapi::pointer;
use serde_json::{Map, Value};

use crate::contract::resolved_schema::{Kind, Shape};
use crate::contract::schema::shown;
use crate::contract::{Content, Operation};
use crate::run::clients::Verdict;
use crate::wire::{Reply, essence};

/// Refusals that any server may give, listed in the spec or not: they say something of the call, not of the server.
const REFUSALS: [u16; 7] = [400, 401, 403, 404, 405, 406, 429];

/// Judges an answer to a correct call.
pub fn judge(operation: &Operation, reply: &Reply, verdict: &mut Verdict) {
    let status = reply.status;
    let Some(response) = operation.response(status) else {
        let unlisted = format!("the status {status} is not in the spec");
        match status {
            400..=499 => {
                let reason = format!("refused with {status}, which the spec does not list");
                verdict.not_judged = Some(reason);
                if !REFUSALS.contains(&status) {
                    verdict.findings.push(unlisted);
                }
            }
            _ => verdict.faults.push(unlisted),
        }
        return;
    };
    verdict.succeeded = status / 100 == 2;
    if response.contents.is_empty() || status == 204 {
        return;
    }
    let sent = reply.header("content-type").next().unwrap_or_default();
    let mut contents = response.contents.iter();
    let Some(content) = contents.find(|content| essence(&content.media_type) == essence(sent))
    else {
        verdict.faults.push(match sent {
            "" => "the answer does not state its media type".to_owned(),
            sent if !is_media_type(&essence(sent)) => "the media type is not one".to_owned(),
            sent => format!("the media type `{}` is not in the spec", essence(sent)),
        });
        return;
    };
    if !content.is_json {
        return;
    }
    match serde_json::from_slice::<Value>(&reply.body) {
        Ok(value) => body(content, &value, verdict),
        Err(_) => verdict.faults.push("the body is not JSON".to_owned()),
    }
}

/// Whether a text is `type/subtype`, by the characters of RFC 9110: any other may be anything, also a secret.
fn is_media_type(text: &str) -> bool {
    let is_token = |part: &str| {
        let allowed =
            |letter: char| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter);
        !part.is_empty() && part.chars().all(allowed)
    };
    text.split_once('/')
        .is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

fn body(content: &Content, value: &Value, verdict: &mut Verdict) {
    let shape = content.schema.shape();
    for fault in content.schema.faults_of(value) {
        match fault.is_choice {
            true => verdict
                .findings
                .push(format!("a new value of the enum at `{}`", shown(&fault.at))),
            false => verdict.faults.push(format!("the body at {fault}")),
        }
    }
    unknown(shape, value, String::new(), &mut verdict.findings);
    let example = content.examples.first().map(|(_, example)| example.clone());
    if let Some(example) = example.or_else(|| shown_by(shape)) {
        missing(&example, value, String::new(), &mut verdict.faults);
    }
    verdict.findings.dedup();
    verdict.faults.dedup();
}

/// The fields that the shape does not know.
fn unknown(shape: &Shape, value: &Value, at: String, found: &mut Vec<String>) {
    match (&shape.kind, value) {
        (Kind::Object { properties, others }, Value::Object(fields)) => {
            for (name, value) in fields {
                let at = pointer::join(&at, name);
                match properties.iter().find(|property| property.name == *name) {
                    Some(property) => unknown(&property.shape, value, at, found),
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

/// What the examples of a schema's properties show together.
fn shown_by(shape: &Shape) -> Option<Value> {
    match &shape.kind {
        Kind::Object { properties, .. } => {
            let fields: Map<String, Value> = properties
                .iter()
                .filter_map(|property| Some((property.name.clone(), shown_by(&property.shape)?)))
                .collect();
            (!fields.is_empty())
                .then_some(Value::Object(fields))
                .or_else(|| shape.example.clone())
        }
        Kind::Array(items) => shown_by(items).map(|item| Value::Array(vec![item])),
        _ => shape.example.clone(),
    }
}

/// The fields that the example has and the answer lacks.
fn missing(example: &Value, value: &Value, at: String, found: &mut Vec<String>) {
    match (example, value) {
        (Value::Object(example), Value::Object(fields)) => {
            for (name, example) in example {
                let at = pointer::join(&at, name);
                match fields.get(name) {
                    Some(value) => missing(example, value, at, found),
                    None => found.push(format!("`{at}` is missing, which the spec's example has")),
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
