//! Builders only for types that requests carry.
//!
//! Progenitor writes a builder for every type, though nobody builds a response: on a full spec that is nearly half of
//! the lines. Builders of types that no request carries go, and the conversion error with the last of them.

use std::collections::BTreeSet;

use syn::{ImplItem, Item, ItemMod, Type, parse_quote};

use super::{Code, self_name};
use crate::api::Api;
use crate::spec_passes::visit::{self, Direction};

/// Runs the pass.
pub(crate) fn run(code: &mut Code, api: &Api) {
    let sent = visit::reachable(api, Direction::Request);
    for item in &mut code.types {
        let name = self_name(item);
        if let Item::Impl(item) = item
            && item.trait_.is_none()
            && name.is_some_and(|name| !sent.contains(&name))
        {
            item.items.retain(
                |item| !matches!(item, ImplItem::Fn(method) if method.sig.ident == "builder"),
            );
        }
    }
    code.types.retain(
        |item| !matches!(item, Item::Impl(item) if item.trait_.is_none() && item.items.is_empty()),
    );
    for item in &mut code.types {
        if let Item::Mod(module) = item
            && module.ident == "builder"
            && let Some((_, items)) = &mut module.content
        {
            module.attrs.push(parse_quote!(#[allow(missing_docs)]));
            items.retain(|item| built_type(item).is_none_or(|name| sent.contains(&name)));
        }
    }
    code.types.retain(
        |item| !matches!(item, Item::Mod(module) if module.ident == "builder" && is_empty(module)),
    );
    drop_unused_error(&mut code.types);
}

/// The type whose builder an item of the module `builder` belongs to.
fn built_type(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Impl(item) => match &*item.self_ty {
            // `impl TryFrom<User> for super::User` and `impl From<super::User> for User`
            Type::Path(path) => path
                .path
                .segments
                .last()
                .map(|segment| segment.ident.to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn is_empty(module: &ItemMod) -> bool {
    module
        .content
        .as_ref()
        .is_none_or(|(_, items)| items.is_empty())
}

/// Drops the module `error` where nothing converts any more.
fn drop_unused_error(types: &mut Vec<Item>) {
    let is_error = |item: &Item| matches!(item, Item::Mod(module) if module.ident == "error");
    let rest: BTreeSet<String> = types
        .iter()
        .filter(|item| !is_error(item))
        .flat_map(|item| words(quote::quote!(#item)))
        .collect();
    if !rest.contains("ConversionError") {
        types.retain(|item| !is_error(item));
    }
}

fn words(tokens: proc_macro2::TokenStream) -> Vec<String> {
    tokens
        .into_iter()
        .flat_map(|tree| match tree {
            proc_macro2::TokenTree::Group(group) => words(group.stream()),
            proc_macro2::TokenTree::Ident(ident) => vec![ident.to_string()],
            _ => Vec::new(),
        })
        .collect()
}
