//! Fields with numbers are read and written exactly.
//!
//! `Decimal` has no serde traits of its own, which another crate could change for the whole program. Each field that
//! holds one names the functions of `client_core` instead.

use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Item, Type, parse_quote};

use crate::api::Api;
use crate::code::{Code, is_exact};

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, _: &Api) -> Result<(), String> {
    for item in &mut code.types {
        let Item::Struct(item) = item else { continue };
        for field in &mut item.fields {
            if let Some(schema) = schema_of_numbers(&field.ty) {
                read_and_write(&mut field.attrs);
                field.attrs.push(schema);
            }
        }
    }
    Ok(())
}

/// The attribute by which `schemars` has a schema of numbers; `None` for a type without them.
pub(super) fn schema_of_numbers(ty: &Type) -> Option<Attribute> {
    is_exact(ty).then(|| {
        let schema = with_floats(ty);
        let schema = quote!(#schema).to_string().replace(' ', "");
        parse_quote!(#[cfg_attr(feature = "schemars", schemars(with = #schema))])
    })
}

/// Adds the attribute that names the functions, in place of the one by which progenitor says that a field may be null,
/// but not missing.
fn read_and_write(attributes: &mut Vec<Attribute>) {
    let nullable = parse_quote!(#[serde(deserialize_with = "Option::deserialize")]);
    match attributes.iter_mut().find(|known| **known == nullable) {
        Some(known) => {
            *known =
                parse_quote!(#[serde(deserialize_with = "::client_core::__exact::deserialize")]);
            attributes
                .push(parse_quote!(#[serde(serialize_with = "::client_core::__exact::serialize")]));
        }
        None => attributes.push(parse_quote!(#[serde(with = "::client_core::__exact")])),
    }
}

/// The type with floats in place of its numbers, as a schema shows them.
fn with_floats(ty: &Type) -> Type {
    struct Floats;

    impl VisitMut for Floats {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            if *ty == parse_quote!(::client_core::Decimal) {
                *ty = parse_quote!(f64);
            }
            visit_mut::visit_type_mut(self, ty);
        }
    }

    let mut ty = ty.clone();
    Floats.visit_type_mut(&mut ty);
    ty
}
