//! Mocks of the operations: what a test states about a call and its answer, with the types of the spec.
//!
//! `client_core::mock_operations!` writes the methods; here stands a table for it, of a line for each argument and
//! response. Media types and names on the wire are not repeated: the mocks read the operations table.

use std::collections::BTreeSet;

use http::StatusCode;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Type, parse_quote};

use crate::api::{self, Api, Body, Operation, Response, Success};
use crate::operations_table;
use crate::rust_passes::arguments::{Argument, Builder};
use crate::spec_passes::names;

/// The code of the module `mock`, after its `use`s.
pub(crate) fn code(api: &Api, builders: &[Builder]) -> String {
    let mut code = String::from("::client_core::mock_operations! {\n");
    for (operation, builder) in api.operations.iter().zip(builders) {
        let entry = operations_table::ident(operation);
        code.push_str(&format!(
            "    {}({}, {entry}) {{\n",
            operation.name, builder.ident
        ));
        let arguments = builder.arguments.iter();
        block(
            &mut code,
            "when",
            arguments.map(|argument| when(operation, argument)),
        );
        // `4XX` and `4xx` come to one method.
        let mut taken = BTreeSet::new();
        let responses = operation.responses.iter();
        let responses =
            responses.filter(|response| taken.insert(response.status.to_ascii_uppercase()));
        let responses: Vec<&Response> = responses.collect();
        block(
            &mut code,
            "then",
            responses
                .into_iter()
                .map(|response| then(operation, builder, response)),
        );
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

/// An argument: its place, name and type.
fn when(operation: &Operation, argument: &Argument) -> String {
    let name = argument.ident.to_string();
    let parameter = operation
        .parameters
        .iter()
        .find(|parameter| parameter.argument == name);
    match parameter {
        Some(parameter) => format!("{} {name}: {}", parameter.location, text(&argument.ty)),
        None if argument.is_raw() => format!("raw {name}: Vec<u8>"),
        None => {
            let form = operation.body.as_ref().is_some_and(Body::is_form);
            let place = if form { "form" } else { "json" };
            format!("{place} {name}: {}", text(&argument.ty))
        }
    }
}

/// A response: the kind of its body, its name and status, and the body's type where the client decodes it.
fn then(operation: &Operation, builder: &Builder, response: &Response) -> String {
    let documented = operation
        .responses
        .iter()
        .any(|response| api::is_success(&response.status));
    let is_success =
        api::is_success(&response.status) || (!documented && response.status == "default");
    let is_json = response
        .media_types
        .iter()
        .any(|media_type| openapi::infer::is_json(media_type));
    let typed: Option<Type> = match &operation.success {
        Success::Json | Success::OptionalJson if is_success && is_json => {
            Some(builder.success.clone())
        }
        Success::ByStatus(bodies) => bodies
            .iter()
            .find(|body| body.status == response.status)
            .and_then(|body| body.ty(&quote!(types::)))
            .map(|ty| parse_quote!(#ty)),
        _ => None,
    };
    let (name, status) = status(&response.status);
    match typed {
        Some(ty) => format!("typed {name}({status}): {}", text(&ty)),
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
        let name = reason.map_or(format!("status_{code}"), names::snake);
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

/// A type as prettyplease writes it, on one line.
fn text(ty: &Type) -> String {
    let tokens: TokenStream = quote!(type T = #ty;);
    let Ok(file) = syn::parse2(tokens) else {
        return quote!(#ty).to_string();
    };
    let item = prettyplease::unparse(&file);
    let text = item.trim_end().trim_end_matches(';');
    let text = text.trim_start_matches("type T =");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
