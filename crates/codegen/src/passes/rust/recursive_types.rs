//! A field that leads back to its own type is an `Option` like any other.
//!
//! Progenitor boxes the `Option` instead of what is in it, and then sends null for what was not given.

use syn::{Field, Fields, Item, parse_quote};

use crate::api::Api;
use crate::code::{Code, argument};

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, _: &Api) -> Result<(), String> {
    for item in &mut code.types {
        let Item::Struct(item) = item else { continue };
        let Fields::Named(fields) = &mut item.fields else {
            continue;
        };
        fields.named.iter_mut().for_each(unbox);
    }
    Ok(())
}

fn unbox(field: &mut Field) {
    let Some(inner) = argument(&field.ty, "Box").and_then(|option| argument(option, "Option"))
    else {
        return;
    };
    field.ty = parse_quote!(Option<Box<#inner>>);
    let default = parse_quote!(#[serde(default)]);
    let count = field.attrs.len();
    field.attrs.retain(|attribute| *attribute != default);
    field.attrs.push(match field.attrs.len() < count {
        true => parse_quote!(#[serde(skip_serializing_if = "Option::is_none")]),
        // As progenitor says that a field may be null, but not missing.
        false => parse_quote!(#[serde(deserialize_with = "Option::deserialize")]),
    });
}
