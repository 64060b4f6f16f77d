//! Calling any operation by its id, with arguments given as JSON.
//!
//! The conformance suite and the command line drive every operation through the generated methods with it, so that
//! neither needs a line written for one operation.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::api::{Api, Success};
use crate::passes::rust::required_arguments::Builder;

/// The items of the module `dispatch`.
pub(crate) fn items(api: &Api, builders: &[Builder]) -> TokenStream {
    let arms = api
        .operations
        .iter()
        .zip(builders)
        .map(|(operation, builder)| {
            let (id, method) = (&operation.id, format_ident!("{}", operation.name));
            let required = builder
                .arguments
                .iter()
                .filter(|argument| argument.required)
                .map(|argument| {
                    let (name, ty) = (argument.ident.to_string(), &argument.ty);
                    match argument.is_raw() {
                        true => quote!(arguments.bytes(#name)?),
                        false => quote!(arguments.required::<#ty>(#name)?),
                    }
                });
            let optional = builder
                .arguments
                .iter()
                .filter(|argument| !argument.required)
                .map(|argument| {
                    let (ident, name, ty) =
                        (&argument.ident, argument.ident.to_string(), &argument.ty);
                    let given = match argument.is_raw() {
                        true => quote!(arguments.optional_bytes(#name)?),
                        false => quote!(arguments.optional::<#ty>(#name)?),
                    };
                    quote! {
                        if let Some(value) = #given {
                            call = call.#ident(value);
                        }
                    }
                });
            let has_optional = builder.arguments.iter().any(|argument| !argument.required);
            let mutable = has_optional.then(|| quote!(mut));
            let answer = match operation.success {
                Success::Stream => quote!(Answer::collect(call.send().await?).await),
                _ => quote!(Answer::encode(call.send().await?)),
            };
            quote! {
                #id => Box::pin(async move {
                    let #mutable call = client.#method(#(#required),*);
                    #(#optional)*
                    #answer
                })
            }
        });
    quote! {
        /// Calls the operation of this `operationId`; `None` where the spec has none of that id.
        ///
        /// The arguments stand under their Rust names, as [`Parameter::argument`](client_core::Parameter) has them,
        /// the body under `body`.
        ///
        /// # Errors
        ///
        /// What the call itself gives, and an invalid request where an argument is missing or not of its type.
        #[allow(deprecated)]
        pub fn call<'a>(
            client: &'a crate::Client,
            operation: &str,
            arguments: &'a Arguments,
        ) -> Option<Pending<'a>> {
            Some(match operation {
                #(#arms,)*
                _ => return None,
            })
        }
    }
}
