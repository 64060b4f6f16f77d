//! Whether the response of a server follows the spec: failures if it contradicts the published spec, warnings if it
//! goes beyond it.

use openapi::pointer;
use serde_json::{Map, Value};

use crate::check::case_result::CaseResult;
use crate::check::json;
use crate::check::warning::{Warning, WarningKind};
use crate::contract::media_type::{essence, is_media_type};
use crate::contract::resolved_schema::{Kind, ResolvedSchema};
use crate::contract::schema::shown;
use crate::contract::{Content, Operation, Response};
use crate::wire::Reply;

/// Refusals that any server may respond with, also where the spec does not list them.
const REFUSALS: [u16; 9] = [400, 401, 403, 404, 405, 406, 409, 422, 429];

/// An operation as it was published, and with the corrections of the overlay.
#[derive(Clone, Copy)]
pub struct Readings<'a> {
    /// As it was published.
    pub published: &'a Operation,
    /// With the corrections.
    pub corrected: &'a Operation,
}

/// Something wrong with a response.
struct Finding {
    /// What it is about: two readings that find something at the same place agree.
    place: String,
    message: String,
}

/// Checks the response to a correct request.
pub fn check(readings: Readings<'_>, reply: &Reply, result: &mut CaseResult) {
    let status = reply.status;
    let documented = readings
        .corrected
        .response(status)
        .or_else(|| readings.published.response(status));
    let is_success = status / 100 == 2;
    if !is_success && (300..500).contains(&status) && is_refusal(documented, reply) {
        let how = match documented {
            Some(_) => " and a page",
            None => "",
        };
        result.not_judged = Some(format!(
            "refused with {status}{how}, which the spec does not list"
        ));
        if status >= 400 && !REFUSALS.contains(&status) {
            let message = format!("the status {status} is not in the spec");
            let warning = WarningKind::UnlistedStatus.warning(message);
            result.warnings.push(warning);
        }
        return;
    }
    if documented.is_none() {
        let failure = format!("the status {status} is not in the spec");
        result.failures.push(failure);
        return;
    }
    result.succeeded = is_success || (status < 400 && has_no_success(readings.corrected));
    merge(
        findings(readings.published, reply),
        findings(readings.corrected, reply),
        result,
    );
    if let Some(value) = value(reply) {
        let corrected = content(readings.corrected, reply);
        if let Some(content) = corrected {
            let schema = content.schema.resolved();
            unknown(schema, &value, String::new(), &mut result.warnings);
        }
        let content = content(readings.published, reply).or(corrected);
        if let Some(example) = content.and_then(example) {
            absent(&example, &value, result);
        }
    }
    result.warnings.dedup();
    result.failures.dedup();
    if !result.succeeded && result.failures.is_empty() {
        result.not_judged = Some(format!("refused with {status}, which the spec lists"));
    }
}

/// Whether a response says no to the request without saying it in the way that the spec documents: no response of the
/// status is documented, or it is the page of a gateway or firewall.
fn is_refusal(documented: Option<&Response>, reply: &Reply) -> bool {
    let sent = essence(reply.header("content-type").next().unwrap_or_default());
    documented.is_none_or(|response| {
        let mut contents = response.contents.iter();
        sent == "text/html" && !contents.any(|content| essence(&content.media_type) == sent)
    })
}

/// Whether a redirect is the best that an operation documents.
fn has_no_success(operation: &Operation) -> bool {
    let mut responses = operation.responses.iter();
    !responses.any(|response| response.is_success() || response.status == "default")
}

/// Both readings contradicted: a failure. One of them only: a warning.
fn merge(published: Vec<Finding>, corrected: Vec<Finding>, result: &mut CaseResult) {
    let has = |findings: &[Finding], place: &str| findings.iter().any(|known| known.place == place);
    for finding in &corrected {
        if !has(&published, &finding.place) {
            let message = format!("{}, says the overlay", finding.message);
            result
                .warnings
                .push(WarningKind::Correction.warning(message));
        }
    }
    for finding in published {
        match has(&corrected, &finding.place) {
            true => result.failures.push(finding.message),
            false => {
                let message = format!(
                    "{}, says the published spec, and the overlay allows it",
                    finding.message
                );
                result
                    .warnings
                    .push(WarningKind::Correction.warning(message));
            }
        }
    }
}

/// The content that an operation documents for the status and the media type of a reply.
fn content<'a>(operation: &'a Operation, reply: &Reply) -> Option<&'a Content> {
    let response = operation.response(reply.status)?;
    let sent = essence(reply.header("content-type").next().unwrap_or_default());
    let mut contents = response.contents.iter();
    contents.find(|content| essence(&content.media_type) == sent)
}

/// The value of a body that is JSON.
fn value(reply: &Reply) -> Option<Value> {
    serde_json::from_slice(&reply.body).ok()
}

/// What is wrong with a reply by one reading.
fn findings(operation: &Operation, reply: &Reply) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |place: &str, message: String| {
        found.push(Finding {
            place: place.to_owned(),
            message,
        });
    };
    let status = reply.status;
    if matches!(status, 204 | 205) {
        let length = reply.header("content-length").next().unwrap_or("0");
        let has_body = length.trim() != "0" || reply.header("transfer-encoding").next().is_some();
        if has_body || !reply.body.is_empty() {
            add(
                "body",
                format!("the response has a body, and {status} says that there is none"),
            );
        }
        return found;
    }
    let Some(response) = operation.response(status) else {
        add("status", format!("the status {status} is not in the spec"));
        return found;
    };
    if response.contents.is_empty() {
        return found;
    }
    let sent = reply.header("content-type").next().unwrap_or_default();
    let Some(content) = content(operation, reply) else {
        let message = match sent {
            "" => "the response has no media type".to_owned(),
            sent if !is_media_type(&essence(sent)) => "the media type is not valid".to_owned(),
            sent => format!("the media type `{}` is not in the spec", essence(sent)),
        };
        add("media type", message);
        return found;
    };
    if !content.is_json {
        return found;
    }
    match json::parse(sent, &reply.body) {
        Ok(value) => {
            for error in content.schema.errors(&value) {
                // An enum may gain values.
                if !error.is_unknown_enum_value {
                    add(&error.pointer, format!("the body at {error}"));
                }
            }
        }
        Err(reason) => add("json", reason),
    }
    found
}

/// The example of a content: its own, or one put together from those of the schema's properties.
fn example(content: &Content) -> Option<Value> {
    let own = content.examples.first().map(|(_, example)| example.clone());
    own.or_else(|| shown_by(content.schema.resolved()))
}

/// The fields that the schema does not have, and the values that its enums do not have.
fn unknown(schema: &ResolvedSchema, value: &Value, at: String, found: &mut Vec<Warning>) {
    if value.is_string() && !schema.choices.is_empty() && !schema.choices.contains(value) {
        let message = format!("a new value of the enum at `{}`", shown(&at));
        found.push(WarningKind::EnumValue.warning(message));
    }
    match (&schema.kind, value) {
        // The fields of an alternative are not looked at.
        _ if !schema.alternatives.is_empty() => {}
        (Kind::Object { properties, others }, Value::Object(fields)) => {
            for (name, value) in fields {
                let at = pointer::join(&at, name);
                match properties.iter().find(|property| property.name == *name) {
                    Some(property) => unknown(&property.schema, value, at, found),
                    None if others.is_none() => {
                        let message = format!("a new field `{at}`");
                        found.push(WarningKind::UnknownField.warning(message));
                    }
                    None => {}
                }
            }
        }
        (Kind::Array(items), Value::Array(values)) => {
            for value in values {
                unknown(items, value, format!("{at}/*"), found);
            }
        }
        _ => {}
    }
}

/// An example of a schema, put together from those of its properties.
fn shown_by(schema: &ResolvedSchema) -> Option<Value> {
    match &schema.kind {
        Kind::Object { properties, .. } => {
            let fields: Map<String, Value> = properties
                .iter()
                .filter_map(|property| Some((property.name.clone(), shown_by(&property.schema)?)))
                .collect();
            (!fields.is_empty())
                .then_some(Value::Object(fields))
                .or_else(|| schema.example.clone())
        }
        Kind::Array(items) => shown_by(items).map(|item| Value::Array(vec![item])),
        _ => schema.example.clone(),
    }
}

/// Compares a response with the example. A response without the example's wrapper, which is the object or list that the
/// others are in, or an object with none of the example's fields, is another response; a single field may be absent.
fn absent(example: &Value, value: &Value, result: &mut CaseResult) {
    if let (Value::Object(example), Value::Object(fields)) = (example, value) {
        let is_wrapper = |value: &Value| value.is_object() || value.is_array();
        let wrappers = example.iter().filter(|(_, value)| is_wrapper(value));
        for (name, _) in wrappers.filter(|(name, _)| !fields.contains_key(*name)) {
            let at = pointer::join("", name);
            let failure = format!("`{at}` is missing, but the spec's example has it");
            result.failures.push(failure);
        }
    }
    missing(example, value, String::new(), result);
}

/// Whether a field is in the wrapper, or in what that contains; deeper objects are optional details.
fn is_near_the_root(at: &str) -> bool {
    at.split('/').filter(|name| *name != "*").count() <= 3
}

/// The fields that the example has and the response lacks.
fn missing(example: &Value, value: &Value, at: String, result: &mut CaseResult) {
    match (example, value) {
        (Value::Object(example), Value::Object(fields)) => {
            let is_another = example.keys().all(|name| !fields.contains_key(name));
            for (name, example) in example {
                let at = pointer::join(&at, name);
                let message = format!("`{at}` is missing, but the spec's example has it");
                match fields.get(name) {
                    Some(value) => missing(example, value, at, result),
                    None if result.failures.contains(&message) => {}
                    None if is_another && is_near_the_root(&at) => {
                        result.failures.push(message);
                    }
                    None => {
                        let warning = WarningKind::AbsentField.warning(message);
                        if !result.warnings.contains(&warning) {
                            result.warnings.push(warning);
                        }
                    }
                }
            }
        }
        (Value::Array(example), Value::Array(values)) => {
            if let Some(example) = example.first() {
                for value in values {
                    missing(example, value, format!("{at}/*"), result);
                }
            }
        }
        _ => {}
    }
}
