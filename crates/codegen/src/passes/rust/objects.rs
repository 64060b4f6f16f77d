//! Structs are read and written by shared code.
//!
//! The `Serialize` and `Deserialize` that serde derives are some two hundred lines for each struct, and on a full spec
//! most of what compiling the types takes. The shared macro `client_core::object!` is given the fields instead.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Expr, Field, Fields, Item, ItemStruct, Meta, MetaNameValue, Path, Token, parse_quote,
};

use crate::api::Api;
use crate::code::{Code, is_exact, option};

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, _: &Api) -> Result<(), String> {
    let mut items = Vec::new();
    for mut item in std::mem::take(&mut code.types) {
        let object = match &mut item {
            Item::Struct(item) => object(item),
            _ => None,
        };
        items.push(item);
        items.extend(object);
    }
    code.types = items;
    Ok(())
}

/// Removes what serde derives for a struct, and returns the macro's call; `None` for a struct with other serde
/// attributes than those that the macro knows.
fn object(item: &mut ItemStruct) -> Option<Item> {
    let Fields::Named(fields) = &mut item.fields else {
        return None;
    };
    if item.attrs.iter().any(is_serde) {
        return None;
    }
    let mut members = Vec::new();
    let mut rest = None;
    for field in &fields.named {
        if is_flattened(field) {
            let ident = &field.ident;
            let exact = is_exact(&field.ty).then(|| quote!(: exact));
            rest = Some(quote!(rest #ident #exact));
        } else {
            members.push(member(field)?);
        }
    }
    for field in &mut fields.named {
        field.attrs = field.attrs.iter().filter_map(for_schemas).collect();
    }
    item.attrs.iter_mut().for_each(without_serde);
    let name = &item.ident;
    Some(parse_quote! {
        ::client_core::object! { #name { #(#members),* } #rest }
    })
}

/// A field as the macro takes it; `None` if an attribute says what the macro does not know.
fn member(field: &Field) -> Option<TokenStream> {
    let mut wire: Option<Expr> = None;
    let (mut defaults, mut skipped, mut nullable) = (false, false, false);
    let mut exact = None;
    for attribute in field.attrs.iter().filter(|attribute| is_serde(attribute)) {
        for meta in metas(attribute)? {
            match meta {
                Meta::Path(path) if path.is_ident("default") => defaults = true,
                Meta::NameValue(meta) if meta.path.is_ident("rename") => wire = Some(meta.value),
                Meta::NameValue(meta) if meta.path.is_ident("skip_serializing_if") => {
                    skipped = true;
                }
                Meta::NameValue(meta) if is_exact_function(&meta) => exact = Some(quote!(exact)),
                Meta::NameValue(meta) if is_nullable(&meta) => nullable = true,
                _ => return None,
            }
        }
    }
    let kind = match option(&field.ty) {
        Some(inner) if skipped => option(inner).is_some().then(|| quote!(nullable)),
        Some(_) if !defaults && (nullable || exact.is_some()) => Some(quote!(required)),
        None if !defaults && !skipped => Some(quote!(required)),
        _ => return None,
    };
    let colon = (kind.is_some() || exact.is_some()).then(|| quote!(:));
    let wire = wire.map(|wire| quote!(= #wire));
    let ident = &field.ident;
    Some(quote!(#ident #colon #kind #exact #wire))
}

/// Whether the attribute names a function of exact numbers.
fn is_exact_function(meta: &MetaNameValue) -> bool {
    let names = ["with", "deserialize_with", "serialize_with"];
    let value = &meta.value;
    names.iter().any(|name| meta.path.is_ident(name))
        && quote!(#value)
            .to_string()
            .contains("::client_core::__exact")
}

/// How progenitor says that a field may be null, but not missing.
fn is_nullable(meta: &MetaNameValue) -> bool {
    meta.path.is_ident("deserialize_with") && meta.value == parse_quote!("Option::deserialize")
}

/// An attribute without serde; `schemars` still needs what says how the field goes on the wire.
fn for_schemas(attribute: &Attribute) -> Option<Attribute> {
    if !is_serde(attribute) {
        return Some(attribute.clone());
    }
    let is_kept = |meta: &Meta| {
        let names = ["default", "flatten", "rename", "skip_serializing_if"];
        names.iter().any(|name| meta.path().is_ident(name))
    };
    let kept: Vec<Meta> = metas(attribute)?.into_iter().filter(is_kept).collect();
    (!kept.is_empty())
        .then(|| parse_quote!(#[cfg_attr(feature = "schemars", schemars(#(#kept),*))]))
}

/// Whether a field is the map of the properties that the schema does not name.
pub(super) fn is_flattened(field: &Field) -> bool {
    field
        .attrs
        .iter()
        .any(|attribute| *attribute == parse_quote!(#[serde(flatten)]))
}

fn is_serde(attribute: &Attribute) -> bool {
    attribute.path().is_ident("serde")
}

fn metas(attribute: &Attribute) -> Option<Punctuated<Meta, Token![,]>> {
    attribute.parse_args_with(Punctuated::parse_terminated).ok()
}

/// Takes serde's traits out of what is derived.
fn without_serde(attribute: &mut Attribute) {
    if !attribute.path().is_ident("derive") {
        return;
    }
    let derives = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
    if let Ok(derives) = derives {
        let is_serde = |path: &&Path| {
            let last = path.segments.last();
            last.is_some_and(|last| last.ident == "Serialize" || last.ident == "Deserialize")
        };
        let kept = derives.iter().filter(|path| !is_serde(path));
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
}
