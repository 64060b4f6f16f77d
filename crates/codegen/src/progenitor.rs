//! The lowered document through progenitor.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use openapi::{Diagnostic, pointer};
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};
use serde_json::{Map, Value, json};

use crate::api::{self, Api};
use crate::deviations::Deviations;
use crate::json;
use crate::prune;
use crate::spec_passes::{names, unused};

/// The version that the workspace pins.
pub(crate) const VERSION: &str = "0.15.1";

/// Runs progenitor on the lowered document.
///
/// # Errors
///
/// What progenitor refuses or panics with, for each operation that it does so on. The pre-flight should have found
/// it first: this is the last net.
pub(crate) fn generate(api: &Api) -> Result<syn::File, Vec<Diagnostic>> {
    run(api).map_err(|whole| {
        let mut culprits: Vec<Diagnostic> = Vec::new();
        for (index, operation) in api.operations.iter().enumerate() {
            let mut alone = api.clone();
            alone.document["paths"] = json!({});
            let object = api.document["paths"][&operation.path][&operation.method].clone();
            alone.document["paths"][&operation.path][&operation.method] = object;
            alone.operations = vec![api.operations[index].clone()];
            unused::run(&mut alone, &mut Deviations::default());
            if let Err(message) = run(&alone) {
                let at =
                    pointer::join(&pointer::join("/paths", &operation.path), &operation.method);
                culprits.push(finding(&at, message).with_operation(&operation.id));
            }
        }
        if culprits.is_empty() {
            culprits.push(finding("", whole));
        }
        culprits
    })
}

fn finding(at: &str, message: String) -> Diagnostic {
    let help = "this is a gap in the checks of this project: please report it; until it is closed, simplify the \
                operation's schemas in the overlay";
    Diagnostic::error(at, message).with_help(help)
}

fn run(api: &Api) -> Result<syn::File, String> {
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
    syn::parse2(prune::run(tokens))
        .map_err(|error| format!("progenitor's output does not parse: {error}"))
}

thread_local! {
    /// Whether a panic of this thread will be caught and told as a finding.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Runs what may panic, and turns a panic into its message instead of printing it.
fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !CAUGHT.get() {
                usual(panic);
            }
        }));
    });
    CAUGHT.set(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(false);
    result.map_err(|panic| {
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
        // The passes took the bytes for a text: progenitor wants to see the format.
        if let Some(schema) = operation
            .get_mut("requestBody")
            .and_then(|body| body.pointer_mut("/content/application~1octet-stream/schema"))
        {
            *schema = json!({ "type": "string", "format": "binary" });
        }
        json::entry_object(&mut paths, &path).insert(method.to_owned(), Value::Object(operation));
    }
    // The enums pass writes the variants; here two values of one Rust name would make a panic.
    let schemas = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut);
    for schema in schemas.into_iter().flat_map(Map::values_mut) {
        for (index, value) in schema
            .get_mut("enum")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
            .enumerate()
        {
            *value = json!(format!("V{index}"));
        }
    }
    document["paths"] = Value::Object(paths);
    document["openapi"] = json!("3.0.3");
    document
}
