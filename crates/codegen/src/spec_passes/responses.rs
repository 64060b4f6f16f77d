//! One type for the successes of an operation, one error for all its failures.
//!
//! Progenitor panics where two successes or two errors of an operation differ in type, and on `200` beside
//! `default`. Errors have one type in these clients, so their schemas go; successes are reconciled: a body that some
//! statuses lack is optional, bodies of several types become an enum by status, a mix of JSON and bytes is bytes.

use serde_json::{Value, json};

use crate::api::{self, Api, Success};
use crate::deviations::{Deviations, Pass};
use crate::json::{self, Object as _};

/// As `DEVIATIONS.md` presents it.
pub const PASS: Pass = Pass {
    name: "One response type",
    why: "Several success types of an operation are reconciled to one.",
};

/// Where the schemas of an operation whose statuses differ are kept for the passes that follow.
pub const BY_STATUS: &str = "x-by-status";

enum Kind {
    Empty,
    Json(Value),
    Bytes,
}

/// Runs the pass.
pub fn run(api: &mut Api, deviations: &mut Deviations) {
    api.for_each_operation(|facts, operation| {
        let responses = json::entry_object(operation, "responses");
        let mut successes: Vec<(String, Kind)> = Vec::new();
        for (status, response) in responses.iter() {
            if api::is_success(status) {
                successes.push((status.clone(), kind(response)));
            }
        }
        if successes.is_empty()
            && let Some(response) = responses.get("default")
        {
            successes.push(("default".into(), kind(response)));
        }
        let mut schemas: Vec<&Value> = Vec::new();
        for (_, kind) in &successes {
            if let Kind::Json(schema) = kind
                && !schemas.contains(&schema)
            {
                schemas.push(schema);
            }
        }
        let empty = successes
            .iter()
            .any(|(_, kind)| matches!(kind, Kind::Empty));
        // A spec that documents no success says nothing of its body: the caller gets the bytes.
        let bytes = successes.is_empty()
            || successes
                .iter()
                .any(|(_, kind)| matches!(kind, Kind::Bytes));
        facts.success = match schemas.as_slice() {
            _ if bytes => Success::Stream,
            [] => Success::Empty,
            [_] if empty => Success::OptionalJson,
            [_] => Success::Json,
            [..] => Success::ByStatus(Vec::new()),
        };
        if let (Success::OptionalJson | Success::ByStatus(_), _) | (Success::Stream, [_, ..]) =
            (&facts.success, schemas.as_slice())
        {
            let what = match facts.success {
                Success::OptionalJson => "a body that some success statuses lack is an `Option`",
                Success::Stream => "JSON beside other bytes is handed on as a stream",
                _ => "bodies that differ by status are an enum by status",
            };
            deviations.note(&PASS, &facts.id, what);
        }
        let by_status: Option<Value> = matches!(facts.success, Success::ByStatus(_)).then(|| {
            successes
                .iter()
                .map(|(status, kind)| match kind {
                    Kind::Json(schema) => json!({ "status": status, "schema": schema }),
                    _ => json!({ "status": status }),
                })
                .collect()
        });
        let mut kept = json!({ "description": "" });
        match (&facts.success, schemas.first()) {
            (Success::Stream, _) => kept["content"] = json!({ "application/octet-stream": {} }),
            (Success::Json | Success::OptionalJson, Some(schema)) => {
                kept["content"] = json!({ "application/json": { "schema": schema } });
            }
            _ => {}
        }
        operation.insert("responses".into(), json!({ "200": kept }));
        if let Some(by_status) = by_status {
            operation.insert(BY_STATUS.into(), by_status);
        }
    });
}

fn kind(response: &Value) -> Kind {
    let content = response
        .as_object()
        .and_then(|response| response.map("content"));
    match content.and_then(|content| content.iter().next()) {
        None => Kind::Empty,
        Some((name, media_type)) if openapi::infer::is_json(name) => {
            Kind::Json(media_type["schema"].clone())
        }
        Some(_) => Kind::Bytes,
    }
}
