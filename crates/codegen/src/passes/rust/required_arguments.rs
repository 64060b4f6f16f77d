//! Required parameters become arguments, optional ones stay builder methods.
//!
//! Progenitor's builders find out at run time that a required parameter was never given, and their `Debug` prints
//! whatever was. Here a required parameter is an argument of the client's method, in the order of the path, so that
//! forgetting one does not compile; and a builder holds a `client_core::Call`, which takes each value as it is given and
//! never shows it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{ImplItem, Item, parse_quote};

use crate::api::{Api, Format};
use crate::code::{Argument, Call, Code, RequestPart, is_exact};
use crate::markdown::{self, doc_comment, markdown};

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, _: &Api) -> Result<(), String> {
    for call in &mut code.calls {
        call.items = builder(call);
        call.method = Some(method(call));
    }
    Ok(())
}

/// The builder's struct, and an impl with the methods for what is optional.
fn builder(call: &Call<'_>) -> Vec<Item> {
    let ident = &call.builder;
    let method = format_ident!("{}", call.operation.name);
    let link =
        format!(" A call of [`Client::{method}`](crate::Client::{method}), ready to be sent.");
    let optional = call
        .arguments
        .iter()
        .filter(|argument| !argument.is_required());
    let setters = optional.map(|argument| {
        let Argument { ident, ty, .. } = argument;
        let docs = docs(argument).unwrap_or_else(|| format!("Sets `{ident}`."));
        let docs = doc_comment(&docs);
        let give = give(argument, quote!(#ident.into_argument()));
        quote! {
            #(#docs)*
            pub fn #ident<Kind>(self, #ident: impl IntoArgument<#ty, Kind>) -> Self {
                Self(self.0 #give)
            }
        }
    });
    vec![
        parse_quote! {
            #[doc = #link]
            #[derive(Clone, Debug)]
            #[must_use = "a call does nothing until it is sent"]
            pub struct #ident(pub(super) Call);
        },
        parse_quote! {
            impl #ident {
                #(#setters)*
            }
        },
        parse_quote!(::client_core::call_methods!(#ident);),
    ]
}

fn method(call: &Call<'_>) -> ImplItem {
    let ident = &call.builder;
    let method = format_ident!("{}", call.operation.name);
    let entry = call.operation.constant();
    let required: Vec<&Argument<'_>> = call
        .arguments
        .iter()
        .filter(|argument| argument.is_required())
        .collect();
    let given = required
        .iter()
        .map(|Argument { ident, ty, .. }| quote!(#ident: impl TryInto<#ty>));
    let values = required.iter().map(|argument| {
        let Argument { ident, ty, .. } = argument;
        give(argument, quote!(Argument::<#ty>::new(#ident)))
    });
    let docs = doc_comment(&method_docs(call, &required));
    let deprecated = call
        .operation
        .deprecated
        .then(|| quote!(#[deprecated = "the spec calls it deprecated"]));
    let many = (required.len() > 6).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    parse_quote! {
        #(#docs)*
        #deprecated
        #many
        pub fn #method(&self, #(#given),*) -> builder::#ident {
            builder::#ident(self.0.call(&operations::#entry)#(#values)*)
        }
    }
}

/// Gives an argument to a call, as what of the request it is.
fn give(argument: &Argument<'_>, value: TokenStream) -> TokenStream {
    let exact = is_exact(&argument.ty).then(|| quote!(.exact()));
    let value = quote!(#value #exact);
    match argument.part {
        RequestPart::Parameter(parameter) => {
            let (method, name) = (format_ident!("{}", parameter.location), &parameter.name);
            quote!(.#method(#name, #value))
        }
        RequestPart::Body(body) => match body.content.format() {
            Format::Json => quote!(.json(#value)),
            Format::Form => quote!(.form(#value)),
            Format::Bytes => quote!(.raw(#value)),
        },
    }
}

fn method_docs(call: &Call<'_>, required: &[&Argument<'_>]) -> String {
    let operation = call.operation;
    let mut paragraphs: Vec<String> = Vec::new();
    if let Some(summary) = &operation.summary {
        let summary = markdown(summary.trim_end_matches(['.', ',']));
        let dot = if markdown::is_prose(&summary) {
            "."
        } else {
            ""
        };
        paragraphs.push(summary + dot);
    }
    paragraphs.extend(operation.description.as_deref().map(markdown));
    paragraphs.push(format!(
        "{}, operation {}.",
        markdown::code(&operation.label()),
        markdown::code(&operation.id)
    ));
    let arguments: Vec<String> = required
        .iter()
        .filter_map(|argument| {
            let (ident, docs) = (&argument.ident, docs(argument)?);
            Some(if markdown::is_prose(&docs) {
                format!("- `{ident}`: {}", docs.replace('\n', " "))
            } else {
                format!("- `{ident}`:\n\n{docs}").replace('\n', "\n  ")
            })
        })
        .collect();
    if !arguments.is_empty() {
        paragraphs.push(arguments.join("\n"));
    }
    paragraphs.join("\n\n")
}

/// What the spec says of an argument.
fn docs(argument: &Argument<'_>) -> Option<String> {
    let docs = argument.description().map(markdown);
    match argument.part {
        RequestPart::Body(_) => Some(docs.unwrap_or_else(|| "The request's body.".to_owned())),
        RequestPart::Parameter(_) => docs.filter(|docs| !docs.is_empty()),
    }
}
