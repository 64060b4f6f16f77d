//! Who sends a header: the caller, or the client by itself.

use super::Operation;
use super::parameter::Parameter;
use super::schema::ResolvedSchema;
use super::security::{SchemeKind, requirements, scheme};
use serde_json::Value;

/// Who decides the value of a header parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderSender {
    /// The caller, with each call.
    Caller,
    /// The client: the media types of the operation decide. OpenAPI ignores such a parameter.
    MediaTypes,
    /// The client: its credentials decide.
    Credentials,
    /// The client: the value is always this one.
    Fixed(String),
}

/// Who sends a header parameter of an operation.
///
/// `Accept` and `Content-Type` follow from the media types. `Authorization`, and the header of an
/// `apiKey` scheme that the operation asks for, follow from the credentials. Of the others the
/// client fixes those with a [`fixed_header`] value.
pub fn header_sender(
    document: &Value,
    operation: &Operation<'_>,
    parameter: &Parameter<'_>,
) -> HeaderSender {
    let is = |name: &str| parameter.name.eq_ignore_ascii_case(name);
    let asked_for = || {
        let requirements = requirements(document, operation);
        requirements
            .iter()
            .flat_map(|requirement| &requirement.schemes)
            .filter_map(|(name, _)| scheme(document, name))
            .any(|scheme| matches!(scheme.kind, SchemeKind::Header(name) if is(name)))
    };
    if parameter.location != "header" {
        HeaderSender::Caller
    } else if is("accept") || is("content-type") {
        HeaderSender::MediaTypes
    } else if is("authorization") || asked_for() {
        HeaderSender::Credentials
    } else {
        match fixed_header(document, parameter) {
            Some(value) => HeaderSender::Fixed(value),
            None => HeaderSender::Caller,
        }
    }
}

/// The one value that a header parameter always has, if the document says so: the `default`, the
/// `const` or the only `enum` value of its schema, references followed.
///
/// An optional header is not fixed: callers may leave it out. `Accept-Version` counts as required
/// even where the document calls it optional: MX refuses calls without it.
pub fn fixed_header(document: &Value, parameter: &Parameter<'_>) -> Option<String> {
    let always = parameter.is_required() || parameter.name.eq_ignore_ascii_case("accept-version");
    if parameter.location != "header" || !always {
        return None;
    }
    let schema = ResolvedSchema::new(document, &parameter.node.get("schema")?);
    let only = || {
        let values = schema.get("enum")?;
        let mut values = values.items();
        let only = values.next()?;
        values.next().is_none().then_some(only)
    };
    let value = schema
        .get("default")
        .or_else(|| schema.get("const"))
        .or_else(only)?;
    match value.value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.value.to_string()),
        // A header cannot carry the others.
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
