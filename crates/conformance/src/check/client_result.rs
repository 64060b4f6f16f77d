//! Whether a call had the expected result: the request that arrived, and what the client returned for the response.

use client_core::Error;
use client_core::dispatch::{Response, ResponseBody};
use serde_json::Value;

use crate::cases::{Case, Expected};
use crate::check::client_request;
use crate::check::difference::{differences, kept, kept_with_nulls};
use crate::contract::Operation;
use crate::wire::{Reply, Request};

/// What is wrong with the requests that arrived and with the result of the call.
pub fn failures(
    operation: &Operation,
    case: &Case,
    arrived: &[Request],
    result: Result<Response, Error>,
) -> Vec<String> {
    if let Expected::Refused { parameter } = &case.expected {
        return refused(parameter, arrived, &result);
    }
    let request = match arrived {
        [request] => request,
        [] => {
            let reason = result
                .err()
                .map_or_else(String::new, |error| format!(": {error}"));
            return vec![format!("no request arrived{reason}")];
        }
        several => return vec![format!("{} requests arrived for one call", several.len())],
    };
    match &case.expected {
        Expected::Refused { .. } => Vec::new(),
        Expected::Sent => {
            let mut failures = client_request::failures(operation, &case.given, request);
            if let Err(error) = result {
                failures.push(format!("the call failed: {error}"));
            }
            failures
        }
        Expected::Answer { .. } => match result {
            Ok(response) => answered(operation, &case.reply, &response),
            Err(error) => vec![format!("the call failed: {error}")],
        },
        Expected::Read => match result {
            Ok(_) => Vec::new(),
            Err(error) => vec![format!("the client cannot read the response: {error}")],
        },
        Expected::Error { kind, message } => match result {
            Ok(_) => vec![format!("the call succeeded; it must fail with `{kind:?}`")],
            Err(error) => {
                let mut failures = Vec::new();
                if error.kind() != *kind {
                    failures.push(format!("the error is `{:?}`, not `{kind:?}`", error.kind()));
                }
                let status = error.status().map(|status| status.as_u16());
                if status != Some(case.reply.status) {
                    let wanted = case.reply.status;
                    failures.push(format!("the error does not have the status {wanted}"));
                }
                if message.is_some() && error.message() != *message {
                    failures.push("the error does not have the server's message".to_owned());
                }
                failures
            }
        },
    }
}

fn refused(parameter: &str, arrived: &[Request], result: &Result<Response, Error>) -> Vec<String> {
    if !arrived.is_empty() {
        return vec![format!("a request was sent with an invalid `{parameter}`")];
    }
    match result {
        Ok(_) => vec!["the call succeeded without a request".to_owned()],
        Err(error) if error.to_string().contains(&format!("`{parameter}`")) => Vec::new(),
        Err(error) => vec![format!("the error does not name `{parameter}`: {error}")],
    }
}

/// Compares what the client returned with what the server sent.
fn answered(operation: &Operation, reply: &Reply, response: &Response) -> Vec<String> {
    let mut failures = Vec::new();
    let (status, wanted) = (response.status.as_u16(), reply.status);
    if status != wanted {
        failures.push(format!("the result's status is {status}, not {wanted}"));
    }
    let read_as = operation.success(reply.status);
    match (
        read_as.and_then(|response| response.content()),
        &response.body,
    ) {
        (_, ResponseBody::Bytes(bytes)) => {
            if *bytes != reply.body {
                failures.push("the result's bytes are not those of the response".to_owned());
            }
        }
        (None, ResponseBody::Json(Value::Null)) => {}
        (None, _) => {
            failures.push("the result has a value, but the response has no body".to_owned());
        }
        (Some(content), ResponseBody::Json(found)) => {
            let schema = content.schema.resolved();
            let sent: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
            let lost = differences(&kept(schema, &sent), &kept(schema, found)).into_iter();
            failures.extend(lost.map(|difference| format!("response field {difference}")));
            // A type that requests carry as well tells null from absent.
            let added = differences(&kept_with_nulls(schema, &sent), found);
            if added
                .iter()
                .any(|difference| difference.ends_with("is added"))
            {
                let message =
                    "the result has fields or nulls that the response's type does not have";
                failures.push(message.to_owned());
            }
        }
        (Some(_), _) => failures.push("the result is of an unknown kind".to_owned()),
    }
    failures
}
