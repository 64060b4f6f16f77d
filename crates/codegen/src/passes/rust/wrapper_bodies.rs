//! A body that only wraps an object is made of that object.
//!
//! Many bodies are an object with one property, `{"user": {…}}`, which is one more type to name and to fill for each
//! call. Here such a body converts from what it holds, so that a call takes either.

use std::collections::BTreeSet;

use syn::{Field, Fields, Ident, Item, ItemStruct, Type, parse_quote};

use super::constructors::{Optional, needed_by_requests, optional_value};
use crate::api::Api;
use crate::code::{Code, option};

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, api: &Api) -> Result<(), String> {
    let arguments = code.calls.iter().flat_map(|call| &call.arguments);
    let bodies: BTreeSet<String> = arguments
        .filter(|argument| argument.is_body())
        .filter_map(|argument| Some(last(&argument.ty)?.to_string()))
        .collect();
    let structs: BTreeSet<String> = code
        .types
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    for item in std::mem::take(&mut code.types) {
        let conversion = match &item {
            Item::Struct(item) if bodies.contains(&item.ident.to_string()) => {
                conversion(item, &needed_by_requests(api, item), &structs)
            }
            _ => None,
        };
        code.types.push(item);
        code.types.extend(conversion);
    }
    Ok(())
}

/// The conversion from the one object that a body needs, or else from the only one that it can hold.
fn conversion(item: &ItemStruct, needed: &[String], structs: &BTreeSet<String>) -> Option<Item> {
    let Fields::Named(fields) = &item.fields else {
        return None;
    };
    let body = &item.ident;
    let is_required = |field: &&Field| {
        let name = field.ident.as_ref().map(Ident::to_string);
        optional_value(field).is_none() || name.is_some_and(|name| needed.contains(&name))
    };
    let mut required = fields.named.iter().filter(is_required);
    let (field, is_required) = match (required.next(), required.next()) {
        (Some(only), None) => (only, true),
        (None, None) if fields.named.len() == 1 => (fields.named.first()?, false),
        _ => return None,
    };
    let name = field.ident.as_ref()?;
    let inner = match optional_value(field) {
        None => &field.ty,
        Some(Optional::Option(ty) | Optional::Nullable(ty)) => ty,
        Some(Optional::Collection(_)) => return None,
    };
    let is_object = option(inner).is_none()
        && last(inner).is_some_and(|inner| inner != body && structs.contains(&inner.to_string()));
    if !is_object {
        return None;
    }
    let made: Item = match is_required {
        true => parse_quote! {
            impl From<#inner> for #body {
                fn from(#name: #inner) -> Self {
                    Self::new(#name)
                }
            }
        },
        false => parse_quote! {
            impl From<#inner> for #body {
                fn from(#name: #inner) -> Self {
                    Self::new().#name(#name)
                }
            }
        },
    };
    Some(made)
}

/// The name of a type that is written without arguments.
fn last(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .filter(|last| last.arguments.is_none()),
        _ => None,
    }
    .map(|last| &last.ident)
}
