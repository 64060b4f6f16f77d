//! The lowered document through progenitor.

use std::panic::{AssertUnwindSafe, catch_unwind};

use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};
use serde_json::{Map, Value, json};

use crate::api::{self, Api};
use crate::json;
use crate::spec_passes::names;

/// The version that the workspace pins.
pub(crate) const VERSION: &str = "0.15.1";

/// Runs progenitor on the lowered document.
///
/// # Errors
///
/// What progenitor refuses, and what it panics with, as text: the pre-flight should have found it first.
pub(crate) fn generate(api: &Api) -> Result<syn::File, String> {
    let document: openapiv3::OpenAPI =
        serde_json::from_value(lowered(api)).map_err(|error| format!("openapiv3: {error}"))?;
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Builder);
    if let Some(sensitive) = &api.sensitive {
        let implements = [TypeImpl::Default].into_iter();
        settings.with_replacement(sensitive, "::client_core::Sensitive", implements);
    }
    let tokens = quietly(|| Generator::new(&settings).generate_tokens(&document))?
        .map_err(|error| format!("progenitor: {error}"))?;
    syn::parse2(tokens).map_err(|error| format!("progenitor's output does not parse: {error}"))
}

/// Runs what may panic, and turns a panic into its message.
fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let message = panic.downcast_ref::<String>().map(String::as_str);
        let message = message.or_else(|| panic.downcast_ref::<&str>().copied());
        format!(
            "progenitor panicked: {}",
            message.unwrap_or("without a message")
        )
    })
}

/// The document that progenitor reads: the operations under the paths with their arguments' names.
fn lowered(api: &Api) -> Value {
    let mut document = api.document.clone();
    let mut paths = Map::new();
    for (path, method, operation) in api::operations(&api.document) {
        let mut operation = operation.clone();
        let path = match operation.remove(names::PATH) {
            Some(Value::String(renamed)) => renamed,
            _ => path.to_owned(),
        };
        operation.retain(|key, _| !key.starts_with("x-"));
        operation.remove("security");
        json::entry_object(&mut paths, &path).insert(method.to_owned(), Value::Object(operation));
    }
    document["paths"] = Value::Object(paths);
    document["openapi"] = json!("3.0.3");
    document
}
