//! Enums of strings, open where responses carry them.
//!
//! Progenitor's enums are closed: one value that the spec does not know fails the whole response. Here an enum that
//! occurs in a response has a catch-all that keeps the text; one that only requests carry stays closed. The shared
//! macro `client_core::string_enum!` writes the impls.

use std::collections::BTreeSet;

use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Attribute, Item, Type, parse_quote};

use crate::api::{Api, Direction};
use crate::code::Code;
use crate::json::Object as _;
use crate::markdown;
use crate::names::type_name;

/// The variant for what the spec does not list, in every enum.
const CATCH_ALL: &str = "UnknownValue";

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, api: &Api) -> Result<(), String> {
    let received = api.carried(Direction::Response);
    for (name, schema) in &api.schemas {
        let values: Vec<&str> = schema
            .as_object()
            .map_or(&[][..], |schema| schema.list("enum"))
            .iter()
            .filter_map(Value::as_str)
            .collect();
        if values.is_empty() {
            continue;
        }
        let place = code
            .types
            .iter()
            .position(|item| matches!(item, Item::Enum(item) if item.ident == *name));
        let place = place.ok_or_else(|| format!("progenitor made no enum of `{name}`"))?;
        let attributes = match &code.types[place] {
            Item::Enum(item) => docs(&item.attrs),
            _ => Vec::new(),
        };
        code.types[place] = string_enum(name, &values, received.contains(name), &attributes);
        code.types.retain(|item| !is_impl_for(item, name));
    }
    Ok(())
}

fn string_enum(name: &str, values: &[&str], open: bool, docs: &[Attribute]) -> Item {
    let ident = format_ident!("{name}");
    // A value of that name gives way.
    let mut taken = BTreeSet::from([CATCH_ALL.to_owned()]);
    let variants: Vec<_> = values
        .iter()
        .map(|value| {
            let mut variant = if value.is_empty() {
                "Empty".to_owned()
            } else {
                type_name(value)
            };
            while !taken.insert(variant.clone()) {
                variant.push('_');
            }
            let (variant, doc) = (
                format_ident!("{variant}"),
                format!(" {}", markdown::code(value)),
            );
            quote!(#[doc = #doc] #variant = #value,)
        })
        .collect();
    let rest = format_ident!("{CATCH_ALL}");
    let kind: Attribute = if open {
        parse_quote!(#[open(#rest)])
    } else {
        parse_quote!(#[closed])
    };
    parse_quote! {
        ::client_core::string_enum! {
            #kind
            #(#docs)*
            pub enum #ident { #(#variants)* }
        }
    }
}

fn is_impl_for(item: &Item, name: &str) -> bool {
    let Item::Impl(item) = item else { return false };
    matches!(&*item.self_ty, Type::Path(path) if path.path.is_ident(name))
}

fn docs(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .cloned()
        .collect()
}
