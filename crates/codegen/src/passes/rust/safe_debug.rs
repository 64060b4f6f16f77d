//! `Debug` shows nothing of a customer.
//!
//! The `Debug` that progenitor derives shows every value, so that a logged response is a leak. Each type gets the `Debug`
//! of the macro `client_core::safe_debug!` instead.

use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Attribute, Fields, Ident, Item, ItemEnum, ItemStruct, Token, Variant, parse_quote};

use crate::api::Api;
use crate::code::Code;

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, _: &Api) -> Result<(), String> {
    let mut items = Vec::new();
    for mut item in std::mem::take(&mut code.types) {
        let attributes = match &mut item {
            Item::Struct(item) => &mut item.attrs,
            Item::Enum(item) => &mut item.attrs,
            _ => &mut Vec::new(),
        };
        let debug = match (without_debug(attributes), &item) {
            (true, Item::Struct(item)) => Some(of_struct(item)?),
            (true, Item::Enum(item)) => Some(of_enum(item)?),
            _ => None,
        };
        items.push(item);
        items.extend(debug);
    }
    code.types = items;
    Ok(())
}

fn of_struct(ItemStruct { ident, fields, .. }: &ItemStruct) -> Result<Item, String> {
    let of = match fields {
        Fields::Named(_) => {
            let names = names(fields);
            quote!(#ident { #(#names),* })
        }
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => quote!(#ident(value)),
        Fields::Unit => quote!(#ident {}),
        Fields::Unnamed(_) => return Err(unexpected(ident)),
    };
    Ok(parse_quote!(::client_core::safe_debug! { #of }))
}

fn of_enum(
    ItemEnum {
        ident, variants, ..
    }: &ItemEnum,
) -> Result<Item, String> {
    let variants = variants.iter().map(
        |Variant {
             ident: variant,
             fields,
             ..
         }| match fields {
            Fields::Named(_) => {
                let names = names(fields);
                Ok(quote!(#variant { #(#names),* }))
            }
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(quote!(#variant(value))),
            Fields::Unit => Ok(quote!(#variant)),
            Fields::Unnamed(_) => Err(unexpected(ident)),
        },
    );
    let variants = variants.collect::<Result<Vec<_>, _>>()?;
    Ok(parse_quote!(
        ::client_core::safe_debug! { enum #ident { #(#variants),* } }
    ))
}

fn names(fields: &Fields) -> Vec<&Ident> {
    fields
        .iter()
        .filter_map(|field| field.ident.as_ref())
        .collect()
}

fn unexpected(ident: &Ident) -> String {
    format!("progenitor made a tuple of the type `{ident}`")
}

/// Takes `Debug` out of what is derived; whether it was there.
fn without_debug(attributes: &mut [Attribute]) -> bool {
    let mut found = false;
    for attribute in attributes {
        if !attribute.path().is_ident("derive") {
            continue;
        }
        let derives =
            attribute.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated);
        if let Ok(derives) = derives {
            let is_debug = |path: &syn::Path| {
                path.segments
                    .last()
                    .is_some_and(|last| last.ident == "Debug")
            };
            found |= derives.iter().any(is_debug);
            let kept = derives.iter().filter(|path| !is_debug(path));
            *attribute = parse_quote!(#[derive(#(#kept),*)]);
        }
    }
    found
}
