//! Types that requests carry are made by their own methods.
//!
//! Progenitor writes a builder type for every type, responses included, which on a full spec is nearly half of the
//! lines; and finds out at run time that a required field was never given. Here the builders are gone. A type that requests
//! carry has `new`, which takes what is required, and a method for each optional field, which takes a value or an
//! `Option` of one; a type that only responses carry needs neither.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Field, Fields, Item, ItemStruct, Type, parse_quote};

use super::objects::is_flattened;
use crate::api::{Api, Direction};
use crate::code::{Code, option};
use crate::names::{field_name, unique};
use crate::schemas::REQUIRED_IN_REQUESTS;

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, api: &Api) -> Result<(), String> {
    let sent = api.carried(Direction::Request);
    let mut items = Vec::new();
    for item in std::mem::take(&mut code.types) {
        let constructors = match &item {
            Item::Struct(item) if sent.contains(&item.ident.to_string()) => {
                constructors(item, &needed_by_requests(api, item))
            }
            _ => None,
        };
        items.push(item);
        items.extend(constructors);
    }
    code.types = items;
    Ok(())
}

/// The fields that requests must have though the type does not; see the pass Read-only and write-only.
pub(super) fn needed_by_requests(api: &Api, item: &ItemStruct) -> Vec<String> {
    let schema = api.schemas.get(&item.ident.to_string());
    let properties = schema.and_then(|schema| schema["properties"].as_object());
    properties
        .into_iter()
        .flatten()
        .filter(|(_, property)| property[REQUIRED_IN_REQUESTS] == true)
        .map(|(name, _)| field_name(name))
        .collect()
}

fn constructors(item: &ItemStruct, needed: &[String]) -> Option<Item> {
    let Fields::Named(fields) = &item.fields else {
        return None;
    };
    let name = &item.ident;
    let is_needed = |field: &Field| {
        let ident = field.ident.as_ref();
        ident.is_some_and(|ident| needed.contains(&ident.to_string()))
    };
    let optional = |field: &&Field| optional_value(field).is_some() && !is_needed(field);
    let required: Vec<&Field> = fields
        .named
        .iter()
        .filter(|field| !optional(field))
        .collect();
    let arguments = required.iter().map(|field| {
        let (ident, ty) = (&field.ident, &field.ty);
        match optional_value(field) {
            Some(Optional::Option(ty) | Optional::Nullable(ty)) => quote!(#ident: impl Into<#ty>),
            _ => quote!(#ident: impl Into<#ty>),
        }
    });
    let values = fields.named.iter().map(|field| {
        let ident = &field.ident;
        match optional_value(field) {
            None => quote!(#ident: #ident.into()),
            Some(Optional::Nullable(_)) if is_needed(field) => {
                quote!(#ident: Some(Some(#ident.into())))
            }
            Some(Optional::Option(_)) if is_needed(field) => quote!(#ident: Some(#ident.into())),
            Some(_) if is_needed(field) => quote!(#ident: #ident.into()),
            Some(_) => quote!(#ident: Default::default()),
        }
    });
    let docs = match required.len() {
        0 => " One with nothing set.",
        _ => " One with what is required.",
    };
    // `#[allow]`: an API may require more of an object than a function should take.
    let many = (required.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let setters = fields.named.iter().filter(optional).filter_map(|field| {
        let is_taken = |name: &str| {
            let mut idents = fields.named.iter().filter_map(|field| field.ident.as_ref());
            idents.any(|ident| ident == name)
        };
        setter(field, is_taken)
    });
    Some(parse_quote! {
        impl #name {
            #[doc = #docs]
            #many
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values),* }
            }
            #(#setters)*
        }
    })
}

fn setter(field: &Field, is_taken: impl Fn(&str) -> bool) -> Option<TokenStream> {
    let ident = field.ident.as_ref()?;
    let docs: Vec<&Attribute> = field
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .collect();
    let optional = optional_value(field)?;
    let (Optional::Option(ty) | Optional::Nullable(ty) | Optional::Collection(ty)) = optional;
    // An `Option` is itself a JSON value, so nothing could tell it from one.
    let is_plain = quote!(#ty).to_string().ends_with("serde_json :: Value");
    let (generics, argument, given) = match is_plain {
        true => (None, quote!(impl Into<#ty>), quote!(Some(#ident.into()))),
        false => (
            // With an underscore, which no type of the spec ends in.
            Some(quote!(<Kind_>)),
            quote!(impl ::client_core::IntoField<#ty, Kind_>),
            quote!(#ident.into_field()),
        ),
    };
    let value = match optional {
        Optional::Option(_) => given,
        Optional::Nullable(_) => quote!(#given.map(Some)),
        Optional::Collection(_) => quote!(#given.unwrap_or_default()),
    };
    // A field may be called as the constructor is.
    let method = if ident == "new" {
        format_ident!("new_")
    } else {
        ident.clone()
    };
    let null = matches!(optional, Optional::Nullable(_)).then(|| {
        let name = ident.to_string();
        let name = format!("{}_null", name.trim_end_matches('_'));
        let method = format_ident!("{}", unique(&name, is_taken));
        let docs = format!(" Sends null as `{ident}`.");
        quote! {
            #[doc = #docs]
            pub fn #method(mut self) -> Self {
                self.#ident = Some(None);
                self
            }
        }
    });
    Some(quote! {
        #(#docs)*
        pub fn #method #generics(mut self, #ident: #argument) -> Self {
            self.#ident = #value;
            self
        }
        #null
    })
}

pub(super) enum Optional<'a> {
    /// `Option<T>`
    Option(&'a Type),
    /// `Option<Option<T>>`: absent, null or a value.
    Nullable(&'a Type),
    /// A collection that is empty where it is absent.
    Collection(&'a Type),
}

/// What an optional field holds; `None` for a required one.
pub(super) fn optional_value(field: &Field) -> Option<Optional<'_>> {
    let skipped = field.attrs.iter().any(|attribute| {
        attribute.path().is_ident("serde")
            && quote!(#attribute)
                .to_string()
                .contains("skip_serializing_if")
    });
    if is_flattened(field) {
        return Some(Optional::Collection(&field.ty));
    }
    if !skipped {
        return None; // Required, though it may be null.
    }
    Some(match option(&field.ty) {
        Some(inner) => match option(inner) {
            Some(ty) => Optional::Nullable(ty),
            None => Optional::Option(inner),
        },
        None => Optional::Collection(&field.ty),
    })
}
