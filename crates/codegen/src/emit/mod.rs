//! The files of the module `generated`.

mod client;
mod dispatch;
mod environment;
mod mock;
mod operations;
mod print;

use openapi::Document;
use quote::quote;
use serde_json::Value;
use syn::Item;

use crate::api::Api;
use crate::code::Code;
use crate::input::Input;
use crate::progenitor;

/// Every file, as name and content; `effective` is the document with its corrections.
///
/// # Errors
///
/// A message where an emitter writes what is not Rust, which is a fault of this crate.
pub(crate) fn files(
    input: &Input<'_>,
    effective: &Value,
    api: &Api,
    mut code: Code<'_>,
) -> Result<Vec<(String, String)>, String> {
    let mock = mock::code(&code.calls);
    let dispatch = dispatch::items(&code.calls);
    let operations = operations::items(api);
    let builders: Vec<Item> = code
        .calls
        .iter_mut()
        .flat_map(|call| std::mem::take(&mut call.items))
        .collect();
    let modules = [
        (
            "builder.rs",
            "A call of each operation, in the making.",
            quote! {
                #[allow(unused_imports)]
                use std::future::Future;
                #[allow(unused_imports)]
                use client_core::{ByteStream, Call, Error, IntoArgument, Response, reqwest};
                #[allow(unused_imports)]
                use super::types;
            },
            builders,
        ),
        (
            "client.rs",
            "The client, with the operations as its methods.",
            quote! {
                #[allow(unused_imports)]
                use client_core::{Argument, Request, Transport, reqwest};
                #[allow(unused_imports)]
                use super::{builder, operations, types};
            },
            client::items(input.facts, api, code.calls),
        ),
        (
            "dispatch.rs",
            "Every operation by its id.",
            quote! {
                pub use client_core::dispatch::{Arguments, Pending, Response, ResponseBody};
                #[allow(unused_imports)]
                use super::types;
                #dispatch
            },
            Vec::new(),
        ),
        (
            "environment.rs",
            "The servers of the API.",
            environment::items(api),
            Vec::new(),
        ),
        (
            "mod.rs",
            "Everything that is generated of this client.",
            quote! {
                pub mod builder;
                mod client;
                #[cfg(feature = "dispatch")]
                pub mod dispatch;
                mod environment;
                #[cfg(feature = "mock")]
                pub mod mock;
                pub mod operations;
                #[allow(missing_docs)]
                pub mod types;
                pub use client::{Client, ClientBuilder};
                pub use environment::Environment;
                /// The document that this client was made from, its overlay applied, as JSON.
                #[cfg(feature = "openapi")]
                pub const OPENAPI: &str = include_str!("openapi.json");
            },
            Vec::new(),
        ),
        (
            "operations.rs",
            "What the spec says of each operation.",
            quote! {
                #[allow(unused_imports)]
                use client_core::{
                    Body, DocumentedResponse, Operation, Parameter, SecurityKind, SecurityScheme,
                    reqwest::Method,
                };
                #operations
            },
            Vec::new(),
        ),
        (
            "types.rs",
            "The types that requests and responses carry.",
            quote!(),
            code.types,
        ),
    ];
    let header = header(input);
    let mut files = Vec::new();
    for (name, docs, tokens, more) in modules {
        let mut items = print::parse(tokens)?;
        items.extend(more);
        // The build-time form includes `mod.rs` into a module, where an inner comment cannot stand.
        let mark = if name == "mod.rs" { "//" } else { "//!" };
        let code = print::print(items);
        files.push((
            name.to_owned(),
            format!("{header}\n{mark} {docs}\n\n{code}"),
        ));
    }
    files.push((
        "mock.rs".to_owned(),
        format!(
            "{header}\n//! Mocks of the operations, for tests of code that calls them.\n\n{}\n{mock}",
            print::print(print::parse(quote! {
                #[allow(unused_imports)]
                use super::{builder, operations, types};
            })?)
        ),
    ));
    let mut document =
        serde_json::to_string_pretty(effective).map_err(|error| error.to_string())?;
    document.push('\n');
    files.push(("openapi.json".to_owned(), document));
    files.sort();
    Ok(files)
}

/// The items that callers name, by module.
///
/// # Errors
///
/// As of [`files`].
pub(crate) fn surface(
    input: &Input<'_>,
    api: &Api,
    mut code: Code<'_>,
) -> Result<Vec<(&'static str, Vec<Item>)>, String> {
    let calls = code.calls.iter_mut();
    let builders = calls.flat_map(|call| std::mem::take(&mut call.items));
    Ok(vec![
        ("builder", builders.collect()),
        ("client", client::items(input.facts, api, code.calls)),
        ("environment", print::parse(environment::items(api))?),
        ("types", code.types),
    ])
}

fn header(input: &Input<'_>) -> String {
    // Without the names of the files, which differ between the repository, a crate and a build.
    let source =
        |what: &str, document: &Document| format!("// {what}, sha256 {}\n", document.sha256());
    let mut text = format!(
        "// @generated by `cargo xtask regen` with progenitor {}, from\n{}",
        progenitor::VERSION,
        source("the OpenAPI document", input.document)
    );
    for overlay in [input.overlay, input.user_overlay].into_iter().flatten() {
        text.push_str(&source("an overlay", overlay));
    }
    text.push_str("// Do not edit: change the spec or its overlay, and run the command again.\n");
    text
}
