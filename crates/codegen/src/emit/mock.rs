//! Mocks of the operations: what a test states about a call and its answer, with the types of the spec.
//!
//! `client_core::mock_operations!` writes the methods. Its input is a table with a line for each argument and response.
//! Media types and names on the wire are not repeated: the mocks read the operations table.

use std::collections::BTreeSet;

use http::StatusCode;
use openapi::model::{counts_as_success, is_json};
use quote::quote;
use syn::{Type, parse_quote};

use super::print::print_type;
use crate::api::{Format, Response, Success};
use crate::code::{Argument, Call, RequestPart, serde_type, status_type};
use crate::names::snake;

/// The code of the module `mock`, after its `use`s.
pub(super) fn code(calls: &[Call<'_>]) -> String {
    let mut code = String::from("::client_core::mock_operations! {\n");
    for call in calls {
        let (name, entry) = (&call.operation.name, call.operation.constant());
        code.push_str(&format!("    {name}({}, {entry}) {{\n", call.builder));
        block(&mut code, "when", call.arguments.iter().map(when));
        // `4XX` and `4xx` are one method.
        let mut taken = BTreeSet::new();
        let responses = call.operation.responses.iter();
        let responses: Vec<&Response> = responses
            .filter(|response| taken.insert(response.status.to_ascii_uppercase()))
            .collect();
        let responses = responses.into_iter().map(|response| then(call, response));
        block(&mut code, "then", responses);
        code.push_str("    }\n");
    }
    code.push_str("}\n");
    code
}

fn block(code: &mut String, name: &str, lines: impl ExactSizeIterator<Item = String>) {
    if lines.len() == 0 {
        code.push_str(&format!("        {name} {{}}\n"));
        return;
    }
    code.push_str(&format!("        {name} {{\n"));
    for line in lines {
        code.push_str(&format!("            {line},\n"));
    }
    code.push_str("        }\n");
}

/// An argument: what of the request it is, its name and its type.
fn when(argument: &Argument<'_>) -> String {
    let (name, ty) = (&argument.ident, print_type(&argument.serde_type()));
    match argument.part {
        RequestPart::Parameter(parameter) => format!("{} {name}: {ty}", parameter.location),
        RequestPart::Body(body) => match body.content.format() {
            Format::Json => format!("json {name}: {ty}"),
            Format::Form => format!("form {name}: {ty}"),
            Format::Bytes => format!("raw {name}: Vec<u8>"),
        },
    }
}

/// A response: the kind of its body, its name and status, and the body's type where the client decodes it.
fn then(call: &Call<'_>, response: &Response) -> String {
    let responses = &call.operation.responses;
    let statuses = responses.iter().map(|response| response.status.as_str());
    let is_json = response
        .media_types
        .iter()
        .any(|media_type| is_json(media_type));
    let typed: Option<Type> = match &call.operation.success {
        Success::Json(_) | Success::OptionalJson(_) => {
            let decoded = is_json && counts_as_success(&response.status, statuses);
            decoded.then(|| serde_type(&call.success))
        }
        Success::ByStatus(bodies) => bodies
            .iter()
            .find(|body| body.status == response.status)
            .and_then(|body| status_type(body, &quote!(types::)))
            .map(|ty| parse_quote!(#ty)),
        Success::Empty | Success::Stream => None,
    };
    let (name, status) = status(&response.status);
    match typed {
        Some(ty) => format!("typed {name}({status}): {}", print_type(&ty)),
        None if response.media_types.is_empty() => format!("empty {name}({status})"),
        None if is_json => format!("json {name}({status})"),
        None => format!("bytes {name}({status})"),
    }
}

/// The method for a response and how its status is written: a code, or a range that the caller chooses from.
fn status(status: &str) -> (String, String) {
    if let Ok(code) = status.parse::<u16>() {
        let reason = StatusCode::from_u16(code)
            .ok()
            .and_then(|status| status.canonical_reason());
        let name = reason.map_or(format!("status_{code}"), snake);
        return (name, code.to_string());
    }
    let name = match status.chars().next() {
        Some('1') => "informational",
        Some('2') => "success",
        Some('3') => "redirect",
        Some('4') => "client_error",
        Some('5') => "server_error",
        _ => "default_response",
    };
    (name.to_owned(), format!("in {status:?}"))
}
