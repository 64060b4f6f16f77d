//! Passes over the Rust code, after progenitor and before prettyplease. Each file is one pass.

pub mod arguments;
pub mod attributes;
pub mod constructors;
pub mod decoding;
pub mod docs;
pub mod enums;
pub mod send;
pub mod short_paths;
pub mod wire_names;

use syn::{ImplItem, Item, ItemMod, Type};

use crate::api::Api;

/// The modules of progenitor's output that the clients keep.
#[derive(Debug)]
pub struct Code {
    /// The types that requests and responses carry.
    pub types: Vec<Item>,
    /// A builder for each operation.
    pub builders: Vec<Item>,
    /// The methods of the client.
    pub methods: Vec<ImplItem>,
}

/// Takes from progenitor's output what the clients keep; its `Client` gives way to the hand-written one.
///
/// # Errors
///
/// A message where the output lacks a part, which means that progenitor changed.
pub(crate) fn take(file: syn::File) -> Result<Code, String> {
    let mut code = Code {
        types: Vec::new(),
        builders: Vec::new(),
        methods: Vec::new(),
    };
    let mut found = 0;
    for item in file.items {
        if let Item::Mod(ItemMod {
            ident,
            content: Some((_, items)),
            ..
        }) = item
        {
            match ident.to_string().as_str() {
                "types" => code.types = items,
                "builder" => code.builders = items,
                _ => continue,
            }
            found += 1;
        }
    }
    if found == 2 {
        Ok(code)
    } else {
        Err("progenitor's output has no `types` and `builder` modules".into())
    }
}

/// Runs every pass, in order.
pub(crate) fn run(code: &mut Code, api: &Api) -> Result<Vec<arguments::Builder>, String> {
    short_paths::run(code);
    docs::run(code);
    let operations = arguments::run(code, api)?;
    send::run(code, api, &operations)?;
    enums::run(code, api)?;
    constructors::run(code, api);
    attributes::run(code, api);
    wire_names::run(code, api);
    decoding::run(code);
    Ok(operations)
}

/// The name of the type that an `impl` is for, if it is a plain name.
pub(crate) fn self_name(item: &Item) -> Option<String> {
    let Item::Impl(item) = item else { return None };
    let Type::Path(path) = &*item.self_ty else {
        return None;
    };
    path.path.get_ident().map(ToString::to_string)
}
