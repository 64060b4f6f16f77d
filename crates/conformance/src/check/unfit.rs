//! Cases that prove nothing, since the values that they are made of do not follow the spec.

use client_core::Location;
use serde_json::Value;

use crate::cases::{Case, Expected};
use crate::check::warning::{Warning, WarningKind};
use crate::contract::{Content, Operation};

/// Why a request cannot be judged: no value is known that the schema allows, such as one for a pattern.
pub fn reason(operation: &Operation, case: &Case) -> Option<String> {
    if !matches!(case.expected, Expected::Sent) {
        return None;
    }
    for (index, value) in &case.given.parameters {
        let parameter = &operation.parameters[*index];
        let cannot = |c: char| !c.is_ascii_graphic() && c != ' ';
        if parameter.location == Location::Header
            && value.as_str().is_some_and(|value| value.contains(cannot))
        {
            let name = &parameter.name;
            return Some(format!("a header cannot hold the value of `{name}`"));
        }
        if let Some(error) = parameter.schema.errors(value).first() {
            let name = &parameter.name;
            return Some(format!(
                "no value of `{name}` is known that the spec allows: {error}"
            ));
        }
    }
    let content = &operation.body.as_ref()?.content;
    let body = case.given.body.as_ref().filter(|_| content.is_json)?;
    let error = content.schema.errors(body).into_iter().next()?;
    Some(format!("no body is known that the spec allows: {error}"))
}

/// Examples that break their own schema: the spec is wrong, not the client.
pub fn warnings(operation: &Operation, case: &Case) -> Vec<Warning> {
    if !matches!(case.expected, Expected::Answer { documented: true }) {
        return Vec::new();
    }
    let response = operation.response(case.reply.status);
    let content = response.and_then(|response| response.content());
    let Some(content) = content.filter(|content| content.is_json) else {
        return Vec::new();
    };
    let sent: Value = serde_json::from_slice(&case.reply.body).unwrap_or_default();
    let is_example =
        |content: &Content| content.examples.iter().any(|(_, example)| *example == sent);
    if !is_example(content) {
        return Vec::new();
    }
    let error = content.schema.errors(&sent).into_iter().next();
    let warning = error.map(|error| {
        let message = format!("the spec's example breaks its own schema: {error}");
        WarningKind::WrongExample.warning(message)
    });
    warning.into_iter().collect()
}
