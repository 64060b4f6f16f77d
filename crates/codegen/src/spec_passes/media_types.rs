//! Vendor JSON media types become typed JSON.
//!
//! Progenitor types `application/json` only: any other response is a stream of bytes without an `Accept`, and any
//! other request body is refused. Here a body keeps one media type, spelled `application/json` for progenitor if it
//! is JSON, and the operations table keeps what goes on the wire.

use serde_json::{Map, Value, json};

use crate::api::{self, Api, Body, FORM};
use crate::deviations::{Deviations, Pass};
use crate::json::{self, Object as _};

/// As `DEVIATIONS.md` presents it.
pub const PASS: Pass = Pass {
    name: "Media types",
    why: "Any JSON media type is typed; what is sent in `Accept` and `Content-Type` stays as the spec spells it.",
};

const JSON: &str = "application/json";
const BYTES: &str = "application/octet-stream";

/// Runs the pass.
pub fn run(api: &mut Api, deviations: &mut Deviations) {
    api.for_each_operation(|facts, operation| {
        if let Some(Value::Object(body)) = operation.get_mut("requestBody") {
            let required = body.flag("required");
            match keep_one(body) {
                Some(media_type) => {
                    note(deviations, &facts.id, "request", &media_type);
                    facts.body = Some(Body {
                        media_type,
                        required,
                    });
                }
                None => {
                    operation.remove("requestBody");
                }
            }
        }
        let mut accept: Vec<String> = Vec::new();
        let documented = operation
            .map("responses")
            .is_some_and(|all| all.keys().any(|key| api::is_success(key)));
        for (status, response) in json::entry_object(operation, "responses") {
            let Some(media_type) = response.as_object_mut().and_then(keep_one) else {
                continue;
            };
            note(deviations, &facts.id, "response", &media_type);
            let success = api::is_success(status) || (!documented && status == "default");
            if success && !accept.contains(&media_type) {
                accept.push(media_type);
            }
        }
        facts.accept = (!accept.is_empty()).then(|| accept.join(", "));
    });
}

/// Keeps the preferred media type of a body, under progenitor's name for it, and returns its own.
fn keep_one(body: &mut Map<String, Value>) -> Option<String> {
    let Some(Value::Object(content)) = body.get_mut("content") else {
        return None;
    };
    let media_type = api::preferred_media_type(content)?.to_owned();
    let mut kept = content.remove(&media_type)?;
    json::object(&mut kept).remove("encoding");
    let name = if openapi::infer::is_json(&media_type) {
        // JSON that nothing describes can be anything.
        json::object(&mut kept)
            .entry("schema")
            .or_insert_with(|| json!({}));
        JSON
    } else if media_type.starts_with(FORM) {
        FORM
    } else {
        kept = json!({ "schema": {} });
        BYTES
    };
    *content = Map::from_iter([(name.to_owned(), kept)]);
    Some(media_type)
}

fn note(deviations: &mut Deviations, operation: &str, side: &str, media_type: &str) {
    if media_type != JSON && openapi::infer::is_json(media_type) {
        deviations.note(
            &PASS,
            operation,
            format!("{side} body `{media_type}` is typed JSON"),
        );
    }
}
