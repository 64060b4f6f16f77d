//! The operations table: what the spec says of each operation, as Rust statics.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::api::{Api, Operation, SchemeKind};
use crate::markdown;
use crate::names::snake;

/// The items of the module `operations`.
pub(super) fn items(api: &Api) -> TokenStream {
    let schemes = api.schemes.iter().map(|scheme| {
        let (ident, name) = (scheme_ident(&scheme.name), &scheme.name);
        let kind = match &scheme.kind {
            SchemeKind::Basic => quote!(Basic),
            SchemeKind::Bearer => quote!(Bearer),
            SchemeKind::Header(header) => quote!(Header(#header)),
        };
        let docs = format!(" The security scheme {}.", markdown::code(name));
        quote! {
            #[doc = #docs]
            pub static #ident: SecurityScheme = SecurityScheme { name: #name, kind: SecurityKind::#kind };
        }
    });
    let entries = api.operations.iter().map(entry);
    let idents = api.operations.iter().map(Operation::constant);
    quote! {
        /// Every operation, in the order of the spec.
        pub static ALL: &[&Operation] = &[#(&#idents),*];
        #(#schemes)*
        #(#entries)*
    }
}

fn entry(operation: &Operation) -> TokenStream {
    let entry = operation.constant();
    let Operation {
        id,
        name,
        path,
        tags,
        idempotent,
        ..
    } = operation;
    let method = format_ident!("{}", operation.method.to_ascii_uppercase());
    let parameters = operation.parameters.iter().map(|parameter| {
        let (name, argument) = (&parameter.name, &parameter.argument);
        let location = format_ident!("{}", parameter.location);
        let required =
            (parameter.required && parameter.location != "path").then(|| quote!(.required()));
        let joined =
            (parameter.location == "query" && !parameter.explode).then(|| quote!(.joined()));
        quote!(Parameter::#location(#name, #argument)#required #joined)
    });
    let headers = operation
        .headers
        .iter()
        .map(|(name, value)| quote!((#name, #value)));
    let accept = option(operation.accept.as_ref().map(|accept| quote!(#accept)));
    let body = option(operation.body.as_ref().map(|body| {
        let (media_type, required) = (&body.content.media_type, body.required);
        quote!(Body { media_type: #media_type, required: #required })
    }));
    let responses = operation.responses.iter().map(|response| {
        let (status, media_types) = (&response.status, &response.media_types);
        quote!(DocumentedResponse::new(#status, &[#(#media_types),*]))
    });
    let security = operation.security.iter().map(|name| scheme_ident(name));
    let docs = format!(" {}", markdown::code(&operation.label()));
    quote! {
        #[doc = #docs]
        pub static #entry: Operation = Operation {
            id: #id,
            name: #name,
            method: Method::#method,
            path: #path,
            tags: &[#(#tags),*],
            parameters: &[#(#parameters),*],
            headers: &[#(#headers),*],
            accept: #accept,
            body: #body,
            responses: &[#(#responses),*],
            security: &[#(&#security),*],
            idempotent: #idempotent,
        };
    }
}

fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or(quote!(None), |value| quote!(Some(#value)))
}

fn scheme_ident(name: &str) -> syn::Ident {
    format_ident!("SECURITY_{}", snake(name).to_uppercase())
}
