//! Enums of types, open to what the spec does not know.
//!
//! The pass Unions made an object of each choice between schemas, of which progenitor made a struct with a field for
//! each variant. Here it becomes the enum; what no variant describes is kept as JSON.

use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Attribute, Field, Fields, Ident, Item, ItemStruct, Type, parse_quote};

use super::exact_fields::schema_of_numbers;
use crate::api::Api;
use crate::code::{Code, is_exact};
use crate::json::Object as _;
use crate::names::{field_name, type_name};
use crate::schemas::UNION;

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, api: &Api) -> Result<(), String> {
    for (name, schema) in &api.schemas {
        let Some(union) = schema.get(UNION).and_then(Value::as_object) else {
            continue;
        };
        let place = code
            .types
            .iter()
            .position(|item| matches!(item, Item::Struct(item) if item.ident == *name));
        let place =
            place.ok_or_else(|| format!("progenitor made no struct of the union `{name}`"))?;
        let Item::Struct(structure) = code.types.remove(place) else {
            continue;
        };
        code.types.retain(|item| !is_impl_for(item, name));
        let items = enum_of_types(
            &structure,
            union.get("tag").and_then(Value::as_str),
            union.list("variants"),
        )
        .ok_or_else(|| format!("progenitor's struct of the union `{name}` lacks a variant"))?;
        code.types.splice(place..place, items);
    }
    Ok(())
}

struct Variant<'a> {
    ident: Ident,
    ty: &'a Type,
    docs: Vec<&'a Attribute>,
    values: Vec<&'a str>,
}

fn enum_of_types(item: &ItemStruct, tag: Option<&str>, variants: &[Value]) -> Option<Vec<Item>> {
    let variants: Vec<Variant<'_>> = variants
        .iter()
        .map(|variant| {
            let property = variant["property"].as_str()?;
            let Field { ty, attrs, .. } = field(item, &field_name(property))?;
            let values = variant["values"].as_array()?.iter();
            Some(Variant {
                ident: format_ident!("{}", type_name(property)),
                ty,
                docs: attrs
                    .iter()
                    .filter(|it| it.path().is_ident("doc"))
                    .collect(),
                values: values.filter_map(Value::as_str).collect(),
            })
        })
        .collect::<Option<_>>()?;
    let name = &item.ident;
    let docs = item.attrs.iter().filter(|it| it.path().is_ident("doc"));
    let idents: Vec<&Ident> = variants.iter().map(|variant| &variant.ident).collect();
    let types: Vec<&Type> = variants.iter().map(|variant| variant.ty).collect();
    let variant_docs = variants.iter().map(|variant| {
        let docs = &variant.docs;
        quote!(#(#docs)*)
    });
    let schemas = types.iter().map(|ty| schema_of_numbers(ty));
    let mut items: Vec<Item> = vec![parse_quote! {
        #(#docs)*
        #[derive(Clone, Debug)]
        #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
        #[cfg_attr(feature = "schemars", schemars(untagged))]
        #[non_exhaustive]
        pub enum #name {
            #(#variant_docs #idents(#schemas #types),)*
            /// What the spec does not describe, as JSON.
            UnknownValue(::serde_json::Value),
        }
    }];
    let values = variants.iter().map(|variant| {
        let values = &variant.values;
        quote!(#(#values)|*)
    });
    items.push(match tag {
        Some(tag) => parse_quote! {
            ::client_core::tagged_union! { #name by #tag { #(#idents = #values),* } else UnknownValue }
        },
        None => {
            let exact = types
                .iter()
                .map(|ty| is_exact(ty).then(|| quote!(: exact)));
            parse_quote! {
                ::client_core::untagged_union! { #name { #(#idents #exact = #values),* } else UnknownValue }
            }
        }
    });
    for Variant { ident, ty, .. } in &variants {
        if types.iter().filter(|known| *known == ty).count() > 1 {
            continue;
        }
        items.push(parse_quote! {
            impl ::std::convert::From<#ty> for #name {
                fn from(value: #ty) -> Self {
                    Self::#ident(value)
                }
            }
        });
    }
    Some(items)
}

fn field<'a>(item: &'a ItemStruct, name: &str) -> Option<&'a Field> {
    let Fields::Named(fields) = &item.fields else {
        return None;
    };
    fields
        .named
        .iter()
        .find(|field| field.ident.as_ref().is_some_and(|ident| ident == name))
}

fn is_impl_for(item: &Item, name: &str) -> bool {
    let Item::Impl(item) = item else { return false };
    matches!(&*item.self_ty, Type::Path(path) if path.path.is_ident(name))
}
