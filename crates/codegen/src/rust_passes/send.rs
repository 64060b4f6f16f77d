//! Every operation is sent by the shared transport and fails with one error.
//!
//! Progenitor's `send` is some fifty lines that each caller compiles; it sends a stray `api-version` header, encodes
//! paths so that `..` and `\` reach other endpoints, reads bodies without bound, and fails with a type of its own for
//! each operation, without the server's message. Here `send` says which value goes where; `client_core` does the rest.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use super::Code;
use super::arguments::{Argument, Builder};
use crate::api::{Api, Body, Operation, StatusBody, Success};
use crate::{markdown, operations_table};

/// Runs the pass.
pub(crate) fn run(code: &mut Code, api: &Api, builders: &[Builder]) -> Result<(), String> {
    for (operation, builder) in api.operations.iter().zip(builders) {
        let Builder {
            ident,
            arguments,
            success,
        } = builder;
        let entry = operations_table::ident(operation);
        let sends = arguments
            .iter()
            .map(|argument| send_argument(operation, argument));
        let request = quote! {
            self.client.transport().call(&operations::#entry)#(#sends)*
        };
        let docs = format!(" Sends {}.", markdown::code(&operation.route()));
        let method: TokenStream = match &operation.success {
            Success::ByStatus(bodies) => {
                let result = by_status_ident(builder);
                code.types.extend(by_status_enum(&result, bodies));
                let last = bodies.len() - 1;
                let arms = bodies.iter().enumerate().map(|(index, body)| {
                    let status = &body.status;
                    let variant = format_ident!("Status{status}");
                    // The transport lets documented successes through, and no others.
                    let pattern = if index == last {
                        quote!(_)
                    } else {
                        pattern(status)
                    };
                    match body.ty(&quote!(types::)) {
                        Some(ty) => quote!(#pattern => answer.decode::<#ty>()?.map(types::#result::#variant)),
                        None => quote!(#pattern => Ok(answer.with(types::#result::#variant))),
                    }
                });
                quote! {
                    pub async fn send(self) -> Result<ResponseValue<types::#result>, Error> {
                        let answer = #request.buffered().await?;
                        match answer.status().as_u16() {
                            #(#arms,)*
                        }
                    }
                }
            }
            Success::Json => quote! {
                pub async fn send(self) -> Result<ResponseValue<#success>, Error> { #request.decode().await }
            },
            Success::OptionalJson => quote! {
                pub async fn send(self) -> Result<ResponseValue<Option<#success>>, Error> {
                    #request.decode_optional().await
                }
            },
            Success::Empty => quote! {
                pub async fn send(self) -> Result<ResponseValue<()>, Error> { #request.empty().await }
            },
            Success::Stream => quote! {
                pub async fn send(self) -> Result<ResponseValue<ByteStream>, Error> { #request.stream().await }
            },
        };
        let own = code.builders.iter_mut().find_map(|item| match item {
            Item::Impl(item) if item.trait_.is_none() && is_for(item, ident) => Some(item),
            _ => None,
        });
        let own = own.ok_or_else(|| format!("the builder `{ident}` has no impl"))?;
        own.items.push(parse_quote! {
            #[doc = #docs]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = ""]
            #[doc = " [`Error`] tells what failed: the arguments, the connection, the server, or the decoding."]
            #method
        });
    }
    Ok(())
}

/// The enum of an operation whose success statuses carry different types.
pub(crate) fn by_status_ident(builder: &Builder) -> syn::Ident {
    format_ident!("{}Success", builder.ident)
}

fn is_for(item: &syn::ItemImpl, ident: &syn::Ident) -> bool {
    matches!(&*item.self_ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == *ident))
}

fn send_argument(operation: &Operation, argument: &Argument) -> TokenStream {
    let ident = &argument.ident;
    match operation
        .parameters
        .iter()
        .find(|parameter| *ident == parameter.argument)
    {
        Some(parameter) => {
            let (method, name) = (format_ident!("{}", parameter.location), &parameter.name);
            quote!(.#method(#name, self.#ident))
        }
        None if argument.is_raw() => quote!(.raw(self.#ident)),
        None if operation.body.as_ref().is_some_and(Body::is_form) => {
            quote!(.form(self.#ident))
        }
        None => quote!(.json(self.#ident)),
    }
}

fn pattern(status: &str) -> TokenStream {
    match status.parse::<u16>() {
        Ok(code) => quote!(#code),
        Err(_) => quote!(200..=299), // `2XX`; stands after the codes, since digits sort before `X`
    }
}

fn by_status_enum(ident: &syn::Ident, bodies: &[StatusBody]) -> Vec<Item> {
    let variants = bodies.iter().map(|body| {
        let status = &body.status;
        let variant = format_ident!("Status{status}");
        let docs = format!(" The answer had the status {status}.");
        match body.ty(&TokenStream::new()) {
            Some(ty) => quote!(#[doc = #docs] #variant(#ty)),
            None => quote!(#[doc = #docs] #variant),
        }
    });
    vec![parse_quote! {
        /// What the operation answers, by the status of the answer.
        #[derive(Clone, Debug, ::serde::Serialize)]
        #[serde(untagged)]
        pub enum #ident { #(#variants),* }
    }]
}
