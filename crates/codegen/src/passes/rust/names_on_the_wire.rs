//! Properties that the names pass renamed keep their name on the wire.

use syn::{Fields, Item, parse_quote};

use crate::api::Api;
use crate::code::Code;

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, api: &Api) -> Result<(), String> {
    for renamed in &api.renamed {
        for item in &mut code.types {
            let Item::Struct(item) = item else { continue };
            let Fields::Named(fields) = &mut item.fields else {
                continue;
            };
            if item.ident != renamed.schema {
                continue;
            }
            for field in &mut fields.named {
                if field
                    .ident
                    .as_ref()
                    .is_some_and(|ident| *ident == renamed.property)
                {
                    let wire = &renamed.wire;
                    field.attrs.push(parse_quote!(#[serde(rename = #wire)]));
                }
            }
        }
    }
    Ok(())
}
