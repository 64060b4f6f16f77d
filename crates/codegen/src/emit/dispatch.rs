//! Calling any operation by its id, with arguments given as JSON.
//!
//! The conformance suite and the command line drive every operation through the generated methods with it, so that
//! neither needs a line written for one operation.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::api::Success;
use crate::code::{Call, is_exact};

/// The items of the module `dispatch`, after its `use`s.
pub(super) fn items(calls: &[Call<'_>]) -> TokenStream {
    let arms = calls.iter().map(arm);
    // Where no operation takes any.
    let unused = calls.iter().all(|call| call.arguments.is_empty());
    let unused = unused.then(|| quote!(#[allow(unused_variables)]));
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
        #unused
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

fn arm(call: &Call<'_>) -> TokenStream {
    let (id, method) = (&call.operation.id, format_ident!("{}", call.operation.name));
    let (required, optional): (Vec<_>, Vec<_>) = call
        .arguments
        .iter()
        .partition(|argument| argument.is_required());
    let required = required.into_iter().map(|argument| {
        let (name, ty) = (argument.ident.to_string(), argument.serde_type());
        if argument.is_raw() {
            quote!(arguments.bytes(#name)?)
        } else if is_exact(&argument.ty) {
            quote!(arguments.required::<#ty>(#name)?.0)
        } else {
            quote!(arguments.required::<#ty>(#name)?)
        }
    });
    let optional = optional.into_iter().map(|argument| {
        let (ident, ty) = (&argument.ident, argument.serde_type());
        let name = ident.to_string();
        if argument.is_raw() {
            quote!(.#ident(arguments.optional_bytes(#name)?))
        } else if is_exact(&argument.ty) {
            quote!(.#ident(arguments.optional::<#ty>(#name)?.map(|exact| exact.0)))
        } else {
            // Said, since an `Option` of an untyped value is itself such a value.
            quote!(.#ident::<client_core::dispatch::Maybe>(arguments.optional::<#ty>(#name)?))
        }
    });
    let response = match call.operation.success {
        Success::Stream => quote!(Response::collect(call.send().await?).await),
        Success::Json(_) if is_exact(&call.success) => {
            quote!(Response::encode(
                call.send().await?.map(::client_core::Exactly)
            ))
        }
        Success::OptionalJson(_) if is_exact(&call.success) => {
            quote!(Response::encode(
                call.send()
                    .await?
                    .map(|value| value.map(::client_core::Exactly))
            ))
        }
        _ => quote!(Response::encode(call.send().await?)),
    };
    quote! {
        #id => Box::pin(async move {
            let call = client.#method(#(#required),*)#(#optional)*;
            #response
        })
    }
}
