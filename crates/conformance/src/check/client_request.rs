//! Whether a client sent the arguments of a call. This is stricter than the contract, which allows a caller more.

use client_core::Location;
use serde_json::Value;

use crate::cases::Given;
use crate::check::difference::{differences, kept_with_nulls};
use crate::check::request::violations;
use crate::contract::path::path_readings;
use crate::contract::resolved_schema::Kind;
use crate::contract::{Operation, Parameter};
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

/// What is wrong with the request of a call with these arguments.
pub fn failures(operation: &Operation, given: &Given, request: &Request) -> Vec<String> {
    let mut failures: Vec<String> = violations(operation, request)
        .into_iter()
        .map(|violation| violation.message)
        .collect();
    accept(operation, request, &mut failures);
    if request
        .header("user-agent")
        .next()
        .is_none_or(str::is_empty)
    {
        failures.push("header `user-agent` is missing".to_owned());
    }
    let encodings: Vec<&str> = request.header("accept-encoding").collect();
    if encodings != ["identity"] {
        failures.push(format!(
            "header `accept-encoding` is `{}`, not `identity`",
            encodings.join("`, `")
        ));
    }
    undeclared_headers(operation, request, &mut failures);
    for (index, parameter) in operation.parameters.iter().enumerate() {
        let value = given.parameters.iter().find(|(given, _)| *given == index);
        carried(
            operation,
            parameter,
            value.map(|(_, value)| value),
            request,
            &mut failures,
        );
    }
    body(operation, given, request, &mut failures);
    failures
}

fn accept(operation: &Operation, request: &Request, failures: &mut Vec<String>) {
    let wanted = operation.accepts().join(", ");
    let sent: Vec<&str> = request.header("accept").collect();
    // Without a response body, any `Accept` will do.
    if !wanted.is_empty() && sent != [wanted.as_str()] {
        failures.push(format!(
            "header `accept` is `{}`, not `{wanted}`",
            sent.join("`, `")
        ));
    }
}

fn undeclared_headers(operation: &Operation, request: &Request, failures: &mut Vec<String>) {
    for (name, _) in &request.headers {
        let declared = operation.parameters.iter().any(|known| {
            known.location == Location::Header && known.name.eq_ignore_ascii_case(name)
        });
        let mut schemes = operation.security.iter().flat_map(|known| &known.schemes);
        let is_credential = schemes.any(|scheme| scheme.header().as_ref() == Some(name));
        let is_media_type = name == "content-type" && !request.body.is_empty();
        if !declared && !is_credential && !is_media_type && !TECHNICAL.contains(&name.as_str()) {
            failures.push(format!("header `{name}` is not declared"));
        }
    }
}

/// Checks that a parameter carries its argument, and is not sent without one.
fn carried(
    operation: &Operation,
    parameter: &Parameter,
    value: Option<&Value>,
    request: &Request,
    failures: &mut Vec<String>,
) {
    let name = &parameter.name;
    let (place, sent): (_, Vec<String>) = match parameter.location {
        Location::Path => {
            let readings = path_readings(&operation.path, request.path());
            let mut readings = readings.into_iter().map(|values| {
                let values = values.into_iter().filter(|(known, _)| known == name);
                let values = values.filter_map(|(_, raw)| decode_segment(raw));
                values.collect::<Vec<String>>()
            });
            let first = readings.next().unwrap_or_default();
            let given = value.map(|value| texts(parameter, value));
            let sent = readings.find(|sent| Some(sent) == given.as_ref());
            ("path parameter", sent.unwrap_or(first))
        }
        Location::Query => {
            let pairs = request.query().into_iter().filter(|(sent, _)| sent == name);
            ("query parameter", pairs.map(|(_, value)| value).collect())
        }
        Location::Header if parameter.fixed.is_some() => return,
        Location::Header => ("header", request.header(name).map(str::to_owned).collect()),
    };
    let wanted = value
        .map(|value| texts(parameter, value))
        .unwrap_or_default();
    match (sent.is_empty(), wanted.is_empty()) {
        _ if sent == wanted => {}
        (true, _) => failures.push(format!("{place} `{name}` was given, but is not sent")),
        (_, true) => failures.push(format!("{place} `{name}` is sent, but was not given")),
        _ => failures.push(format!(
            "{place} `{name}` is sent with another value than was given"
        )),
    }
}

/// The texts that carry a value.
fn texts(parameter: &Parameter, value: &Value) -> Vec<String> {
    match (&parameter.schema.resolved().kind, value) {
        (Kind::Array(_), Value::Array(items)) => {
            let items: Vec<String> = items.iter().map(text).collect();
            match parameter.explode && parameter.location == Location::Query {
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

fn body(operation: &Operation, given: &Given, request: &Request, failures: &mut Vec<String>) {
    let Some(declared) = &operation.body else {
        return;
    };
    match &given.body {
        None if request.body.is_empty() => {}
        None => failures.push("a body is sent, but was not given".to_owned()),
        Some(_) if request.body.is_empty() => {
            failures.push("the body was given, but is not sent".to_owned())
        }
        Some(value) if declared.content.is_json => {
            let schema = declared.content.schema.resolved();
            let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            let differences = differences(&kept_with_nulls(schema, value), &sent).into_iter();
            failures.extend(differences.map(|difference| format!("body field {difference}")));
        }
        Some(Value::String(text)) if text.as_bytes() != request.body => {
            failures.push("the body is not the text that was given".to_owned());
        }
        Some(_) => {}
    }
}
