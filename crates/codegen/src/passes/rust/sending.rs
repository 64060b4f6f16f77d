//! Every operation is sent by the shared transport and fails with one error.
//!
//! Progenitor's `send` is about fifty lines that each caller compiles; it sends a stray `api-version` header, encodes
//! paths so that `..` and `\` reach other endpoints, reads bodies without bound, and fails with a type of its own for
//! each operation, without the server's message. Here `send` says what a success is; `client_core` does the rest.
//! `send` is not `async`: it returns the future of `client_core`, since the compiler would have to translate each
//! `async fn` once for every operation.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Item, parse_quote};

use crate::api::{Api, StatusBody, Success};
use crate::code::{Call, Code, is_exact, status_type};
use crate::markdown;

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, _: &Api) -> Result<(), String> {
    for call in &mut code.calls {
        if let Success::ByStatus(bodies) = &call.operation.success {
            code.types
                .push(by_status_enum(&by_status_ident(call), bodies));
        }
        let method = send(call);
        let docs = format!(" Sends {}.", markdown::code(&call.operation.label()));
        let own = call.items.iter_mut().find_map(|item| match item {
            Item::Impl(item) if item.trait_.is_none() => Some(item),
            _ => None,
        });
        let own = own.ok_or_else(|| format!("the builder `{}` has no impl", call.builder))?;
        own.items.push(parse_quote! {
            #[doc = #docs]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = ""]
            #[doc = " [`Error`] says what failed: the arguments, the connection, the server, or the decoding."]
            #method
        });
    }
    Ok(())
}

fn send(call: &Call<'_>) -> TokenStream {
    let success = &call.success;
    match &call.operation.success {
        Success::ByStatus(bodies) => {
            let result = by_status_ident(call);
            let value = |body: &StatusBody| {
                let variant = format_ident!("Status{}", body.status);
                match status_type(body, &quote!(types::)) {
                    Some(ty) => quote!(answer.decode::<#ty>()?.map(types::#result::#variant)),
                    None => quote!(answer.with(types::#result::#variant)),
                }
            };
            let arms = bodies.iter().map(|body| {
                let (pattern, value) = (pattern(&body.status), value(body));
                quote!(#pattern => #value)
            });
            // Any other success is read as the first one with a body.
            let typed = bodies
                .iter()
                .find(|body| status_type(body, &quote!()).is_some());
            let other = typed.or(bodies.first()).map(value);
            quote! {
                pub async fn send(self) -> Result<Response<types::#result>, Error> {
                    let answer = self.0.buffered().await?;
                    let answer = match answer.status().as_u16() {
                        #(#arms,)*
                        _ => #other,
                    };
                    Ok(answer.with_safe_debug())
                }
            }
        }
        Success::Json(_) if is_exact(success) => quote! {
            pub async fn send(self) -> Result<Response<#success>, Error> {
                Ok(self.0.decode::<::client_core::Exactly<#success>>().await?.into_exact())
            }
        },
        Success::OptionalJson(_) if is_exact(success) => quote! {
            pub async fn send(self) -> Result<Response<Option<#success>>, Error> {
                Ok(self.0.decode_optional::<::client_core::Exactly<#success>>().await?.into_exact())
            }
        },
        Success::Json(_) => quote! {
            pub fn send(self) -> impl Future<Output = Result<Response<#success>, Error>> { self.0.decode() }
        },
        Success::OptionalJson(_) => quote! {
            pub fn send(self) -> impl Future<Output = Result<Response<Option<#success>>, Error>> {
                self.0.decode_optional()
            }
        },
        Success::Empty => quote! {
            pub fn send(self) -> impl Future<Output = Result<Response<()>, Error>> { self.0.empty() }
        },
        Success::Stream => quote! {
            pub fn send(self) -> impl Future<Output = Result<Response<ByteStream>, Error>> { self.0.stream() }
        },
    }
}

/// The enum of an operation whose success statuses carry different types.
fn by_status_ident(call: &Call<'_>) -> Ident {
    format_ident!("{}Success", call.builder)
}

fn pattern(status: &str) -> TokenStream {
    match status.parse::<u16>() {
        Ok(code) => quote!(#code),
        Err(_) => quote!(200..=299), // `2XX`; stands after the codes, since digits sort before `X`
    }
}

fn by_status_enum(ident: &Ident, bodies: &[StatusBody]) -> Item {
    let variants = bodies.iter().map(|body| {
        let status = &body.status;
        let variant = format_ident!("Status{status}");
        let docs = format!(" The answer had the status {status}.");
        match status_type(body, &TokenStream::new()) {
            Some(ty) => quote!(#[doc = #docs] #variant(#ty)),
            None => quote!(#[doc = #docs] #variant),
        }
    });
    parse_quote! {
        /// What the operation answers, by the status of the answer.
        #[derive(Clone, Debug, PartialEq, ::serde::Serialize)]
        #[serde(untagged)]
        pub enum #ident { #(#variants),* }
    }
}
