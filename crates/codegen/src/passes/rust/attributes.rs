//! Attributes that progenitor does not know.
//!
//! `schemars::JsonSchema` is derived only under the feature `schemars`: most users need no schemas and should not
//! compile them. Structs that only responses carry are `non_exhaustive`: a new property in a response must not break
//! its readers.

use syn::{Item, ItemStruct, parse_quote};

use crate::api::{Api, Direction};
use crate::code::Code;

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, api: &Api) -> Result<(), String> {
    let sent = api.carried(Direction::Request);
    for item in &mut code.types {
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
