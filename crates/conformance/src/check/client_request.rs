//! Whether a client sent what it was given: stricter than the contract, which leaves a caller some freedom.

use serde_json::Value;

use crate::cases::Given;
use crate::check::difference as lossless;
use crate::check::request::{path_values, violations};
use crate::contract::resolved_schema::Kind;
use crate::contract::{Operation, Parameter, Place, Security};
use crate::wire::{Request, decode_segment};

/// Headers that any HTTP client may send.
const TECHNICAL: [&str; 7] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "transfer-encoding",
    "user-agent",
];

/// What is wrong with the request of a call that was given this.
pub fn faults(operation: &Operation, given: &Given, request: &Request) -> Vec<String> {
    let mut faults: Vec<String> = violations(operation, request)
        .into_iter()
        .map(|violation| violation.message)
        .collect();
    accept(operation, request, &mut faults);
    if request
        .header("user-agent")
        .next()
        .is_none_or(str::is_empty)
    {
        faults.push("header `user-agent` is missing".to_owned());
    }
    undeclared_headers(operation, request, &mut faults);
    for (index, parameter) in operation.parameters.iter().enumerate() {
        let value = given.parameters.iter().find(|(given, _)| *given == index);
        carried(
            operation,
            parameter,
            value.map(|(_, value)| value),
            request,
            &mut faults,
        );
    }
    body(operation, given, request, &mut faults);
    faults
}

fn accept(operation: &Operation, request: &Request, faults: &mut Vec<String>) {
    let wanted = operation.accepts().join(", ");
    let sent: Vec<&str> = request.header("accept").collect();
    // Where nothing is answered, nothing need be asked for.
    if !wanted.is_empty() && sent != [wanted.as_str()] {
        faults.push(format!(
            "header `accept` is `{}`, not `{wanted}`",
            sent.join("`, `")
        ));
    }
}

fn undeclared_headers(operation: &Operation, request: &Request, faults: &mut Vec<String>) {
    for (name, _) in &request.headers {
        let declared = operation
            .parameters
            .iter()
            .any(|known| known.place == Place::Header && known.name.eq_ignore_ascii_case(name));
        let secret = operation.security.iter().any(|scheme| match scheme {
            Security::Header(header) => header.eq_ignore_ascii_case(name),
            Security::Basic | Security::Bearer => name == "authorization",
        });
        let typed = name == "content-type" && !request.body.is_empty();
        if !declared && !secret && !typed && !TECHNICAL.contains(&name.as_str()) {
            faults.push(format!("header `{name}` is not declared"));
        }
    }
}

/// Whether a parameter carries the value it was given, and nothing where it was given none.
fn carried(
    operation: &Operation,
    parameter: &Parameter,
    value: Option<&Value>,
    request: &Request,
    faults: &mut Vec<String>,
) {
    let name = &parameter.name;
    let (place, sent): (_, Vec<String>) = match parameter.place {
        Place::Path => {
            let values = path_values(&operation.path, request.path()).unwrap_or_default();
            let values = values.into_iter().filter(|(known, _)| known == name);
            (
                "path parameter",
                values.filter_map(|(_, raw)| decode_segment(raw)).collect(),
            )
        }
        Place::Query => {
            let pairs = request.query().into_iter().filter(|(sent, _)| sent == name);
            ("query parameter", pairs.map(|(_, value)| value).collect())
        }
        Place::Header if parameter.fixed.is_some() => return,
        Place::Header => ("header", request.header(name).map(str::to_owned).collect()),
    };
    let wanted = value
        .map(|value| texts(parameter, value))
        .unwrap_or_default();
    match (sent.is_empty(), wanted.is_empty()) {
        _ if sent == wanted => {}
        (true, _) => faults.push(format!("{place} `{name}` was given and is not sent")),
        (_, true) => faults.push(format!("{place} `{name}` is sent and was not given")),
        _ => faults.push(format!(
            "{place} `{name}` arrives as another value than was given"
        )),
    }
}

/// A value as the texts that carry it.
fn texts(parameter: &Parameter, value: &Value) -> Vec<String> {
    match (&parameter.schema.shape().kind, value) {
        (Kind::Array(_), Value::Array(items)) => {
            let items: Vec<String> = items.iter().map(text).collect();
            match parameter.explode {
                true => items,
                false => vec![items.join(",")],
            }
        }
        (_, value) => vec![text(value)],
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn body(operation: &Operation, given: &Given, request: &Request, faults: &mut Vec<String>) {
    let Some(declared) = &operation.body else {
        return;
    };
    match &given.body {
        None if request.body.is_empty() => {}
        None => faults.push("a body is sent and was not given".to_owned()),
        Some(_) if request.body.is_empty() => {
            faults.push("the body was given and is not sent".to_owned())
        }
        Some(value) if declared.content.is_json => {
            let shape = declared.content.schema.shape();
            let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            let differences = lossless::differences(&lossless::kept(shape, value), &sent);
            faults.extend(
                differences
                    .iter()
                    .map(|difference| format!("body field {difference}")),
            );
        }
        Some(_) => {}
    }
}
