//! Calls, and what they must look like on the wire.

use serde_json::{Value, json};

use crate::cases::{Case, Expected, Given};
use crate::contract::{Operation, Parameter, Place};
use crate::values::{fitted, sample};
use crate::wire::Reply;

/// The cases of an operation.
pub fn cases(operation: &Operation) -> Vec<Case> {
    let case = |name: &str, given: Given| Case {
        operation: operation.id.clone(),
        name: format!("request: {name}"),
        given,
        reply: reply(operation),
        expected: Expected::Sent,
    };
    vec![
        case("full", full(operation)),
        case("minimal", minimal(operation)),
    ]
}

/// Every parameter, and the body.
pub fn full(operation: &Operation) -> Given {
    Given {
        parameters: arguments(operation, |_| true),
        body: operation
            .body
            .as_ref()
            .map(|body| sample_body(&body.content)),
    }
}

/// What the operation refuses to go without.
pub fn minimal(operation: &Operation) -> Given {
    let body = operation.body.as_ref().filter(|body| body.required);
    Given {
        parameters: arguments(operation, |parameter| parameter.required),
        body: body.map(|body| sample_body(&body.content)),
    }
}

fn arguments(operation: &Operation, wanted: impl Fn(&Parameter) -> bool) -> Vec<(usize, Value)> {
    let parameters = operation.parameters.iter().enumerate();
    parameters
        .filter(|(_, parameter)| parameter.fixed.is_none() && wanted(parameter))
        .map(|(index, parameter)| (index, argument(parameter)))
        .collect()
}

/// A value for a parameter: its example where that fits.
fn argument(parameter: &Parameter) -> Value {
    let shape = parameter.schema.shape();
    let example = parameter
        .example
        .as_ref()
        .and_then(|example| fitted(shape, example));
    let value = example.unwrap_or_else(|| sample(shape));
    match parameter.place {
        // An empty segment of a path is none.
        Place::Path if value == "" => json!("text"),
        _ => value,
    }
}

fn sample_body(content: &crate::contract::Content) -> Value {
    let first = content.samples().into_iter().next();
    first.map_or(Value::Null, |(_, value)| value)
}

/// An answer that the client takes: the first success of the operation.
pub fn reply(operation: &Operation) -> Reply {
    let successes = operation.successes();
    let Some(response) = successes.first() else {
        return Reply::empty(200);
    };
    match response.content() {
        None => Reply::empty(response.code()),
        Some(content) if content.is_json => {
            Reply::json(response.code(), &content.media_type, &sample_body(content))
        }
        Some(content) => Reply {
            status: response.code(),
            headers: vec![("content-type".to_owned(), content.media_type.clone())],
            body: b"bytes".to_vec(),
        },
    }
}
