//! Required parameters become arguments, optional ones stay builder methods.
//!
//! Progenitor's builders find out at run time that a required parameter was never given, and their `Debug` prints
//! whatever was. Here a required parameter is an argument of the client's method, in the order of the path, so that
//! forgetting one does not compile; and a builder keeps its values in `Argument`, which never shows them.

use quote::{format_ident, quote};
use syn::{ImplItem, Item, parse_quote};

use crate::api::Api;
use crate::code::{Argument, Call, Code, RequestPart};
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
    // A body of bytes is used up by sending it.
    let clone = (!call.arguments.iter().any(Argument::is_raw)).then(|| quote!(Clone,));
    let fields = call
        .arguments
        .iter()
        .map(|Argument { ident, ty, .. }| quote!(pub(super) #ident: Argument<#ty>));
    let optional = call
        .arguments
        .iter()
        .filter(|argument| !argument.is_required());
    let setters = optional.map(|argument| {
        let Argument { ident, ty, .. } = argument;
        let docs = docs(argument).unwrap_or_else(|| format!("Sets `{ident}`."));
        let docs = doc_comment(&docs);
        quote! {
            #(#docs)*
            pub fn #ident(mut self, #ident: impl TryInto<#ty>) -> Self {
                self.#ident = Argument::new(#ident);
                self
            }
        }
    });
    vec![
        parse_quote! {
            #[doc = #link]
            #[derive(#clone Debug)]
            #[must_use = "a call does nothing until it is sent"]
            pub struct #ident<'a> {
                pub(super) client: &'a crate::Client,
                #(#fields,)*
            }
        },
        parse_quote! {
            impl #ident<'_> {
                #(#setters)*
            }
        },
    ]
}

fn method(call: &Call<'_>) -> ImplItem {
    let ident = &call.builder;
    let method = format_ident!("{}", call.operation.name);
    let required: Vec<&Argument<'_>> = call
        .arguments
        .iter()
        .filter(|argument| argument.is_required())
        .collect();
    let given = required
        .iter()
        .map(|Argument { ident, ty, .. }| quote!(#ident: impl TryInto<#ty>));
    let values = call.arguments.iter().map(|argument| {
        let ident = &argument.ident;
        if argument.is_required() {
            quote!(#ident: Argument::new(#ident))
        } else {
            quote!(#ident: Argument::absent())
        }
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
        pub fn #method(&self, #(#given),*) -> builder::#ident<'_> {
            builder::#ident { client: self, #(#values),* }
        }
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
