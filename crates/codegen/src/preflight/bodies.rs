//! Request and response bodies: media types that can be sent and read.

use openapi::model::{Operation, ResolvedSchema, is_form, is_multipart, preferred_media_type};
use openapi::{Node, pointer};
use serde_json::{Map, Value};

use super::findings::{Findings, action};
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
        form(findings, operation, &at, &media_types[chosen]);
    }
}

/// A form is sent field by field, each item of a list for itself. Nothing else that a spec may ask for is done.
fn form(findings: &mut Findings<'_>, operation: &Operation<'_>, at: &str, media_type: &Value) {
    let document = findings.document;
    let media_type = Node {
        pointer: at.to_owned(),
        value: media_type,
    };
    let Some(schema) = media_type.get("schema") else {
        return;
    };
    let encoding = media_type.get("encoding");
    for (name, field) in ResolvedSchema::new(document, &schema).properties() {
        let resolved = ResolvedSchema::new(document, &field);
        let items = resolved.get("items");
        let item = items.map(|items| ResolvedSchema::new(document, &items));
        let is_nested = holds_object(&resolved)
            || item.is_some_and(|item| holds_object(&item) || item.get("items").is_some());
        if is_nested {
            let change = remove_field(findings, &field);
            findings.error_in(
                operation,
                &field.pointer,
                format!("the field `{name}` of the form is not flat"),
                format!(
                    "the fields of a form are texts, numbers, booleans and lists of these: {change}"
                ),
            );
            continue;
        }
        let Some(encoding) = encoding.as_ref().and_then(|encoding| encoding.get(name)) else {
            continue;
        };
        let is_list = resolved.get("items").is_some()
            || resolved.get("type").is_some_and(|it| it.value == "array");
        let is_usual = |(key, value): (&str, Node<'_>)| match key {
            "style" => value.value == "form",
            // A field that is no list is written the same either way.
            "explode" => value.value == true || !is_list,
            "contentType" => value.value == "text/plain",
            "allowReserved" => value.value == false,
            key => key.starts_with("x-"),
        };
        if let Some((key, value)) = encoding
            .members()
            .find(|(key, value)| !is_usual((*key, value.clone())))
        {
            let remove = action(&findings.path_to(&value.pointer), "remove: true");
            findings.error_in(
                operation,
                &value.pointer,
                format!("the field `{name}` of the form has `{key}: {}`", value.value),
                format!(
                    "a form is sent with `style: form`, `explode: true`: if the server takes that, in the overlay:\n{remove}"
                ),
            );
        }
    }
}

/// Whether values of a schema are, or may be, objects.
fn holds_object(schema: &ResolvedSchema<'_>) -> bool {
    let stated = schema.get("type").and_then(|kind| kind.value.as_str());
    let has = |key: &str| schema.get(key).is_some_and(|node| !node.value.is_null());
    stated == Some("object")
        || (stated.is_none() && (has("properties") || has("additionalProperties")))
}

/// What removes a field, if it stands in the operation or a component by itself.
fn remove_field(findings: &Findings<'_>, field: &Node<'_>) -> String {
    let remove = action(&findings.path_to(&field.pointer), "remove: true");
    format!("change it, or remove it in the overlay:\n{remove}")
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
