//! Vendor JSON media types become typed JSON.
//!
//! Progenitor types `application/json` only: any other response is a stream of bytes without an `Accept`, and any
//! other request body is refused. Here any JSON has a schema, what is not JSON or a form is bytes, and the operations
//! table keeps what goes on the wire.

use openapi::model::counts_as_success;
use serde_json::json;

use crate::api::{Api, Content, Format};
use crate::deviations::Notes;
use crate::markdown::code;

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    for operation in &mut api.operations {
        if let Some(body) = &mut operation.body {
            type_content(&mut body.content, &operation.id, "request", notes);
        }
        let statuses: Vec<String> = operation
            .responses
            .iter()
            .map(|response| response.status.clone())
            .collect();
        let mut accept: Vec<String> = Vec::new();
        for response in &mut operation.responses {
            let Some(content) = &mut response.content else {
                continue;
            };
            type_content(content, &operation.id, "response", notes);
            let statuses = statuses.iter().map(String::as_str);
            let success = counts_as_success(&response.status, statuses);
            if success && !accept.contains(&content.media_type) {
                accept.push(content.media_type.clone());
            }
        }
        operation.accept = (!accept.is_empty()).then(|| accept.join(", "));
    }
}

fn type_content(content: &mut Content, operation: &str, side: &str, notes: &mut Notes<'_>) {
    match content.format() {
        Format::Json => {
            // JSON that nothing describes can be anything.
            if content.schema.is_null() {
                content.schema = json!({});
            }
            let media_type = &content.media_type;
            if media_type != "application/json" {
                notes.add(
                    operation,
                    format!("{side} body {} is typed JSON", code(media_type)),
                );
            }
        }
        Format::Form => {}
        Format::Bytes => content.schema = json!({}),
    }
}
