//! Progenitor: the types of the schemas, and of what operations take and answer.

mod lower;
mod prune;
mod read;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use openapi::Diagnostic;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};

use crate::api::{Api, Direction, Operation};
use crate::code::Code;
use crate::schemas::{Schemas, reachable};

/// The version that the workspace pins.
pub(crate) const VERSION: &str = "0.15.1";

/// Runs progenitor on the API.
///
/// # Errors
///
/// What progenitor refuses or panics with, for each operation that it does so on. The preflight should have found it
/// first: this is the last net.
pub(crate) fn generate(api: &Api) -> Result<Code<'_>, Vec<Diagnostic>> {
    let all: Vec<&Operation> = api.operations.iter().collect();
    run(api, &all, &api.schemas).map_err(|whole| {
        let alone = |operation: &&Operation| {
            let sent = operation.schemas(Direction::Request);
            let used = sent
                .into_iter()
                .chain(operation.schemas(Direction::Response));
            let used = reachable(&api.schemas, used);
            let schemas = api.schemas.iter().filter(|(name, _)| {
                let replaced = [&api.sensitive, &api.decimal];
                used.contains(*name) || replaced.contains(&&Some((*name).clone()))
            });
            let schemas = schemas.map(|(name, schema)| (name.clone(), schema.clone()));
            let message = run(api, &[*operation], &schemas.collect()).err()?;
            let at = lower::pointer_to(operation);
            Some(finding(&at, message).with_operation(&operation.id))
        };
        let culprits: Vec<Diagnostic> = all.iter().filter_map(alone).collect();
        if culprits.is_empty() {
            vec![finding("", whole)]
        } else {
            culprits
        }
    })
}

fn finding(at: &str, message: String) -> Diagnostic {
    let help = "this is a gap in the checks of this project: please report it; until it is closed, simplify the \
                operation's schemas in the overlay";
    Diagnostic::error(at, message).with_help(help)
}

fn run<'a>(api: &Api, operations: &[&'a Operation], schemas: &Schemas) -> Result<Code<'a>, String> {
    let document = lower::lower(operations, schemas);
    let document: openapiv3::OpenAPI =
        serde_json::from_value(document).map_err(|error| format!("openapiv3: {error}"))?;
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Builder);
    if let Some(sensitive) = &api.sensitive {
        let implements = [TypeImpl::Default].into_iter();
        settings.with_replacement(sensitive, "::client_core::Sensitive", implements);
    }
    if let Some(decimal) = &api.decimal {
        let implements = [TypeImpl::Default, TypeImpl::Display].into_iter();
        settings.with_replacement(decimal, "::client_core::Decimal", implements);
    }
    let tokens = quietly(|| Generator::new(&settings).generate_tokens(&document))?
        .map_err(|error| format!("progenitor: {error}"))?;
    let file = syn::parse2(prune::run(tokens))
        .map_err(|error| format!("progenitor's output does not parse: {error}"))?;
    read::read(file, operations)
}

thread_local! {
    /// Whether a panic of this thread will be caught and becomes a finding.
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
