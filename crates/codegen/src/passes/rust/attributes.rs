//! Attributes that progenitor does not know.
//!
//! `schemars::JsonSchema` is derived only under the feature `schemars`: most users need no schemas and should not
//! compile them. All types are compared, as the tests of callers do. Structs that only responses carry are `non_exhaustive`: a new property in a response must not break
//! its readers.

use syn::punctuated::Punctuated;
use syn::{Attribute, Item, ItemEnum, ItemStruct, Path, Token, parse_quote};

use crate::api::{Api, Direction};
use crate::code::Code;

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, api: &Api) -> Result<(), String> {
    let sent = api.carried(Direction::Request);
    for item in &mut code.types {
        if let Item::Struct(ItemStruct { attrs, .. }) | Item::Enum(ItemEnum { attrs, .. }) = item {
            attrs.iter_mut().for_each(with_equality);
        }
        let (attributes, name) = match item {
            Item::Struct(ItemStruct { attrs, ident, .. }) => (attrs, ident.to_string()),
            _ => continue,
        };
        attributes
            .push(parse_quote!(#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]));
        if !sent.contains(&name) {
            attributes.push(parse_quote!(#[non_exhaustive]));
        }
    }
    Ok(())
}

/// Adds `PartialEq` to what is derived.
fn with_equality(attribute: &mut Attribute) {
    if !attribute.path().is_ident("derive") {
        return;
    }
    let derives = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
    let equality: Path = parse_quote!(PartialEq);
    if let Ok(derives) = derives
        && !derives.iter().any(|known| *known == equality)
    {
        let derives = derives.iter();
        *attribute = parse_quote!(#[derive(#(#derives,)* PartialEq)]);
    }
}
