//! The operations table: what the spec says of each operation, as Rust statics.

use openapi::model::is_json;
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
    let common = common(api);
    quote! {
        /// Every operation, in the order of the spec.
        pub static ALL: &[&Operation] = &[#(&#idents),*];
        #(#schemes)*
        #common
        #(#entries)*
    }
}

/// What requests have in common that the spec does not know: what most operations have.
fn common(api: &Api) -> TokenStream {
    let operations = || api.operations.iter();
    let headers = most(operations().map(|operation| &operation.headers));
    let json = |media_type: &&String| is_json(media_type);
    let accepted = operations().filter_map(|operation| operation.accept.as_ref());
    let accept = most(accepted.filter(json));
    let sent = operations().filter_map(|operation| operation.body.as_ref());
    let sent = most(
        sent.map(|body| &body.content.media_type)
            .filter(json)
            .chain(accept),
    );
    let (accept, sent) = (
        accept.map_or("application/json", String::as_str),
        sent.map_or("application/json", String::as_str),
    );
    let mut schemes: Vec<(usize, &str)> = api
        .schemes
        .iter()
        .map(|scheme| {
            let takes = |operation: &&Operation| operation.security.contains(&scheme.name);
            (operations().filter(takes).count(), scheme.name.as_str())
        })
        .collect();
    schemes.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let security = schemes.iter().map(|(_, name)| scheme_ident(name));
    let headers = headers.into_iter().flatten();
    let headers = headers.map(|(name, value)| quote!((#name, #value)));
    quote! {
        /// What requests have in common that the spec does not know.
        pub static REQUEST: Operation = Operation {
            id: "request",
            name: "request",
            method: Method::GET,
            path: "/",
            tags: &[],
            parameters: &[],
            headers: &[#(#headers),*],
            accept: Some(#accept),
            body: Some(Body { media_type: #sent, required: false }),
            responses: &[DocumentedResponse::new("2XX", &["*/*"])],
            security: &[#(&#security),*],
            idempotent: true,
        };
    }
}

/// The most frequent value, the first of those that are equally frequent.
fn most<'a, T: PartialEq>(values: impl Iterator<Item = &'a T>) -> Option<&'a T> {
    let mut counts: Vec<(&T, usize)> = Vec::new();
    for value in values {
        match counts.iter_mut().find(|(known, _)| *known == value) {
            Some((_, count)) => *count += 1,
            None => counts.push((value, 1)),
        }
    }
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    most.map(|(value, _)| value)
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
