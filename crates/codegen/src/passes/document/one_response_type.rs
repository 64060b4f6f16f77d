//! One type for the successes of an operation, one error for all its failures.
//!
//! Progenitor panics where two successes or two errors of an operation differ in type, and on `200` beside
//! `default`. Errors have one type in these clients, so their schemas are left out. Successes are reconciled: a body
//! that some statuses lack is optional, bodies of several types become an enum by status, a mix of JSON and bytes is
//! bytes.

use openapi::model::counts_as_success;
use serde_json::Value;

use crate::api::{Api, Content, Format, Operation, Response, StatusBody, Success};
use crate::deviations::Notes;

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    for operation in &mut api.operations {
        operation.success = success(operation);
        let json = bodies(operation)
            .flatten()
            .any(|content| content.format() == Format::Json);
        let what = match &operation.success {
            Success::OptionalJson(_) => "a body that some success statuses lack is an `Option`",
            Success::Stream if json => "JSON beside other bytes is passed on as a stream",
            Success::ByStatus(_) => "bodies that differ by status are an enum by status",
            _ => continue,
        };
        notes.add(&operation.id, what);
    }
}

fn successes(operation: &Operation) -> impl Iterator<Item = &Response> {
    let statuses = || {
        operation
            .responses
            .iter()
            .map(|response| response.status.as_str())
    };
    operation
        .responses
        .iter()
        .filter(move |response| counts_as_success(&response.status, statuses()))
}

/// The body of each success.
fn bodies(operation: &Operation) -> impl Iterator<Item = Option<&Content>> {
    successes(operation).map(|response| response.content.as_ref())
}

fn success(operation: &Operation) -> Success {
    // A spec that documents no success says nothing of its body: the caller gets the bytes.
    let mut stream = true;
    let mut empty = false;
    let mut schemas: Vec<&Value> = Vec::new();
    for body in bodies(operation) {
        match body {
            None => empty = true,
            Some(content) if content.format() != Format::Json => return Success::Stream,
            Some(content) if schemas.contains(&&content.schema) => {}
            Some(content) => schemas.push(&content.schema),
        }
        stream = false;
    }
    match schemas.as_slice() {
        _ if stream => Success::Stream,
        [] => Success::Empty,
        [schema] if empty => Success::OptionalJson((*schema).clone()),
        [schema] => Success::Json((*schema).clone()),
        [..] => Success::ByStatus(
            successes(operation)
                .map(|response| StatusBody {
                    status: response.status.clone(),
                    schema: response
                        .content
                        .as_ref()
                        .map(|content| content.schema.clone()),
                })
                .collect(),
        ),
    }
}
