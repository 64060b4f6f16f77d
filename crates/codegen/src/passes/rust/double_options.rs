//! What can be absent, null or a value is an `Option<Option<_>>`.

use syn::{Fields, Item, parse_quote};

use crate::api::Api;
use crate::code::Code;

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, api: &Api) -> Result<(), String> {
    for item in &mut code.types {
        let Item::Struct(item) = item else { continue };
        let Fields::Named(fields) = &mut item.fields else {
            continue;
        };
        let name = item.ident.to_string();
        for field in &mut fields.named {
            let ident = field.ident.as_ref().map(ToString::to_string);
            if ident.is_some_and(|ident| api.nulls.contains(&(name.clone(), ident))) {
                let ty = &field.ty;
                field.ty = parse_quote!(Option<#ty>);
            }
        }
    }
    Ok(())
}
