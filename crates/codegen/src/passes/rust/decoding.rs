//! Structs are read by shared code.
//!
//! The `Deserialize` that serde derives is some hundred lines for each struct, and on a full spec three fifths of what
//! compiling the types takes. The shared macro `client_core::decode_object!` is given the names of the fields instead.

use quote::quote;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Expr, Field, Fields, Item, ItemStruct, Meta, MetaNameValue, Token, parse_quote,
};

use crate::api::Api;
use crate::code::{Code, is_exact, option};

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, _: &Api) -> Result<(), String> {
    let mut items = Vec::new();
    for mut item in std::mem::take(&mut code.types) {
        let decoding = match &mut item {
            Item::Struct(item) => decoding(item),
            _ => None,
        };
        items.push(item);
        items.extend(decoding);
    }
    code.types = items;
    Ok(())
}

/// Removes the derive of a struct and returns the macro's call; `None` for a struct with other serde attributes than
/// those that the macro knows.
fn decoding(item: &mut ItemStruct) -> Option<Item> {
    let Fields::Named(fields) = &item.fields else {
        return None;
    };
    if item.attrs.iter().any(is_serde) {
        return None;
    }
    let (mut required, mut optional, mut nullable) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = None;
    for field in &fields.named {
        if is_flattened(field) {
            let ident = &field.ident;
            let exact = is_exact(&field.ty).then(|| quote!(: exact));
            rest = Some(quote!(, rest(#ident #exact)));
            continue;
        }
        let entry = Entry::of(field)?;
        let (ident, wire) = (&field.ident, entry.wire.map(|wire| quote!(= #wire)));
        let list = match option(&field.ty) {
            _ if entry.required => &mut required,
            Some(inner) if option(inner).is_some() => &mut nullable,
            _ => &mut optional,
        };
        let exact = entry.exact.then(|| quote!(: exact));
        list.push(quote!(#ident #exact #wire));
    }
    for attribute in &mut item.attrs {
        without_deserialize(attribute);
    }
    let name = &item.ident;
    let nullable = (!nullable.is_empty()).then(|| quote!(, nullable(#(#nullable),*)));
    Some(parse_quote! {
        ::client_core::decode_object! {
            #name, required(#(#required),*), optional(#(#optional),*) #nullable #rest
        }
    })
}

/// What the attributes of a field say.
struct Entry {
    /// Its name on the wire, where it has another.
    wire: Option<Expr>,
    required: bool,
    /// Whether its numbers are read exactly.
    exact: bool,
}

impl Entry {
    /// `None` if an attribute says something else.
    fn of(field: &Field) -> Option<Self> {
        let mut entry = Self {
            wire: None,
            exact: false,
            required: option(&field.ty).is_none(),
        };
        for attribute in field.attrs.iter().filter(|attribute| is_serde(attribute)) {
            let metas = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
            for meta in metas.ok()? {
                match meta {
                    Meta::Path(path) if path.is_ident("default") => entry.required = false,
                    Meta::NameValue(meta) if meta.path.is_ident("rename") => {
                        entry.wire = Some(meta.value);
                    }
                    Meta::NameValue(meta) if meta.path.is_ident("skip_serializing_if") => {}
                    Meta::NameValue(meta) if meta.path.is_ident("with") => entry.exact = true,
                    Meta::NameValue(meta) if meta.path.is_ident("serialize_with") => {
                        entry.exact = true;
                    }
                    // How progenitor says that a field may be null, but not missing.
                    Meta::NameValue(meta) if is_nullable(&meta) => entry.required = true,
                    _ => return None,
                }
            }
        }
        Some(entry)
    }
}

fn is_nullable(meta: &MetaNameValue) -> bool {
    let value = &meta.value;
    meta.path.is_ident("deserialize_with")
        && (*value == parse_quote!("Option::deserialize")
            || *value == parse_quote!("::client_core::__exact::deserialize"))
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

fn without_deserialize(attribute: &mut Attribute) {
    if !attribute.path().is_ident("derive") {
        return;
    }
    let derives = attribute.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated);
    if let Ok(derives) = derives {
        let kept = derives.iter().filter(|path| {
            path.segments
                .last()
                .is_none_or(|last| last.ident != "Deserialize")
        });
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
}
