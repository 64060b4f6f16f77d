//! Request and response bodies: media types that can be sent and read.

use openapi::pointer;
use serde_json::{Map, Value};

use super::{Findings, Place, schemas};
use crate::api;
use crate::json::{self, Object as _};

/// Checks the bodies of an operation.
pub(super) fn check<'a>(
    findings: &mut Findings<'a>,
    place: &Place<'_>,
    operation: &'a Map<String, Value>,
) {
    if let Some(body) = operation.get("requestBody") {
        let at = pointer::join(&place.pointer(), "requestBody");
        if let Some((found, body)) = findings.behind(place, &at, body) {
            request(findings, place, &found, body);
        }
    }
    let at = pointer::join(&place.pointer(), "responses");
    let Some(responses) = operation.map("responses") else {
        let help = "OpenAPI requires `responses`, with at least one";
        findings.error_in(
            place,
            &place.pointer(),
            "the operation has no `responses`",
            help,
        );
        return;
    };
    for (status, response) in responses
        .iter()
        .filter(|(status, _)| !status.starts_with("x-"))
    {
        let at = pointer::join(&at, status);
        if !is_status(status) {
            let help = "a response is named by a status such as `200`, by `4XX`, or by `default`";
            findings.error_in(place, &at, format!("`{status}` is no status"), help);
        }
        if let Some((found, response)) = findings.behind(place, &at, response) {
            content(findings, place, &found, response, "response");
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
    place: &Place<'_>,
    at: &str,
    body: &'a Map<String, Value>,
) {
    let Some(media_types) = body.map("content").filter(|content| !content.is_empty()) else {
        let help = "add the media type it has, such as `application/json`";
        findings.error_in(place, at, "the request body has no media type", help);
        return;
    };
    content(findings, place, at, body, "request");
    let Some(chosen) = api::preferred_media_type(media_types) else {
        return;
    };
    let at = pointer::join(&pointer::join(at, "content"), chosen);
    if chosen.starts_with("multipart/") {
        let help = "progenitor cannot send parts: offer the body as JSON, as a form, or as bytes";
        findings.error_in(place, &at, format!("the request body is `{chosen}`"), help);
    }
    if chosen.starts_with("application/x-www-form-urlencoded") {
        let schema = media_types[chosen]
            .get("schema")
            .and_then(|schema| json::follow(findings.document, schema));
        let object = schema
            .and_then(Value::as_object)
            .is_some_and(|schema| schema.contains_key("properties"));
        if !object {
            let help = "give it a schema of type `object` with the form's fields as properties";
            findings.error_in(place, &at, "the form has no fields", help);
        }
    }
}

/// Checks the media types of a body, and says which one counts where there are several.
fn content<'a>(
    findings: &mut Findings<'a>,
    place: &Place<'_>,
    at: &str,
    body: &'a Map<String, Value>,
    side: &str,
) {
    let Some(content) = body.get("content") else {
        return;
    };
    let at = pointer::join(at, "content");
    let Some(media_types) = content.as_object() else {
        findings.error_in(
            place,
            &at,
            "expected a mapping of media types here",
            "look at the indentation",
        );
        return;
    };
    for (name, media_type) in media_types {
        let at = pointer::join(&at, name);
        if !is_media_type(name) {
            findings.error_in(
                place,
                &at,
                format!("`{name}` is no media type"),
                "it looks like `application/json`",
            );
        }
        if let Some(schema) = media_type.get("schema") {
            schemas::check(findings, &pointer::join(&at, "schema"), schema, Some(place));
        }
    }
    if let Some(chosen) = api::preferred_media_type(media_types)
        && media_types.len() > 1
    {
        let message = format!("the {side} body has {} media types", media_types.len());
        let help =
            format!("the client uses `{chosen}`: remove the others in the overlay to say so");
        findings.warn_in(place, &at, message, help);
    }
}

/// A media type that can stand in a header: `type/subtype` and visible characters only.
fn is_media_type(text: &str) -> bool {
    let parts = text
        .split_once('/')
        .is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty());
    parts && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}
