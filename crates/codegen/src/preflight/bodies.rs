//! Request and response bodies: media types that can be sent and read.

use openapi::model::{Operation, is_form, is_multipart, preferred_media_type};
use openapi::{Node, pointer};
use serde_json::{Map, Value};

use super::findings::Findings;
use super::schemas;
use crate::json::Object as _;

/// Checks the bodies of an operation.
pub(super) fn check<'a>(findings: &mut Findings<'a>, operation: &Operation<'a>) {
    if let Some(body) = operation.node.get("requestBody")
        && let Some((found, body)) = findings.behind(operation, &body.pointer, body.value)
    {
        request(findings, operation, &found, body);
    }
    let responses = operation.node.get("responses");
    let Some(responses) = responses.filter(|responses| responses.value.is_object()) else {
        findings.error_in(
            operation,
            &operation.node.pointer,
            "the operation has no `responses`",
            "OpenAPI requires `responses`, with at least one",
        );
        return;
    };
    for (status, response) in responses.members() {
        if status.starts_with("x-") {
            continue;
        }
        if !is_status(status) {
            findings.error_in(
                operation,
                &response.pointer,
                format!("`{status}` is not a status"),
                "a response is named by a status such as `200`, by `4XX`, or by `default`",
            );
        }
        let response = findings.behind(operation, &response.pointer, response.value);
        if let Some((found, response)) = response {
            content(findings, operation, &found, response, "response");
        }
    }
}

fn is_status(status: &str) -> bool {
    let bytes = status.as_bytes();
    let tail =
        |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit) || bytes.eq_ignore_ascii_case(b"xx");
    status == "default"
        || (bytes.len() == 3 && (b'1'..=b'5').contains(&bytes[0]) && tail(&bytes[1..]))
}

fn request<'a>(
    findings: &mut Findings<'a>,
    operation: &Operation<'a>,
    at: &str,
    body: &'a Map<String, Value>,
) {
    let media_types = body.map("content").filter(|content| !content.is_empty());
    let Some((media_types, chosen)) =
        media_types.and_then(|content| Some((content, preferred_media_type(content)?)))
    else {
        findings.error_in(
            operation,
            at,
            "the request body has no media type",
            "add the media type it has, such as `application/json`",
        );
        return;
    };
    content(findings, operation, at, body, "request");
    let at = pointer::join(&pointer::join(at, "content"), chosen);
    if is_multipart(chosen) {
        findings.error_in(
            operation,
            &at,
            format!("the request body is `{chosen}`"),
            "bodies of several parts are not supported: offer it as JSON, as a form, or as bytes",
        );
    }
    if is_form(chosen) {
        let schema = Node {
            pointer: at.clone(),
            value: &media_types[chosen],
        };
        let schema = schema
            .get("schema")
            .map(|schema| schema.resolved(findings.document));
        if schema.is_none_or(|schema| schema.get("properties").is_none()) {
            findings.error_in(
                operation,
                &at,
                "the form has no fields",
                "give it a schema of type `object` with the form's fields as properties",
            );
        }
    }
}

/// Checks the media types of a body, and says which one counts where there are several.
fn content<'a>(
    findings: &mut Findings<'a>,
    operation: &Operation<'a>,
    at: &str,
    body: &'a Map<String, Value>,
    side: &str,
) {
    let Some(value) = body.get("content") else {
        return;
    };
    let content = Node {
        pointer: pointer::join(at, "content"),
        value,
    };
    let Some(media_types) = value.as_object() else {
        findings.error_in(
            operation,
            &content.pointer,
            "expected a mapping of media types here",
            "look at the indentation",
        );
        return;
    };
    for (name, media_type) in content.members() {
        if !is_media_type(name) {
            findings.error_in(
                operation,
                &media_type.pointer,
                format!("`{name}` is not a media type"),
                "a media type looks like `application/json`",
            );
        }
        if let Some(schema) = media_type.get("schema") {
            schemas::check(findings, &schema, Some(operation));
        }
    }
    if let Some(chosen) = preferred_media_type(media_types)
        && media_types.len() > 1
    {
        let message = format!("the {side} body has {} media types", media_types.len());
        let help =
            format!("the client uses `{chosen}`: remove the others in the overlay to say so");
        findings.warn_in(operation, &content.pointer, message, help);
    }
}

/// Whether a text is a media type that a header can carry: `type/subtype`, visible characters only.
fn is_media_type(text: &str) -> bool {
    let parts = text
        .split_once('/')
        .is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty());
    parts && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}
