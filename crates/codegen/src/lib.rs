//! From an OpenAPI document to the sources of a client.

pub mod api;
pub mod deviations;
mod json;
mod progenitor;
pub mod rust_passes;
pub mod spec_passes;

/// Temporary.
pub fn debug(document: &serde_json::Value) -> String {
    let mut api = spec_passes::inline::run(document);
    let mut deviations = deviations::Deviations::default();
    spec_passes::run(&mut api, &mut deviations);
    let file = progenitor::generate(&api).unwrap();
    eprintln!("{}", deviations.to_markdown("x"));
    prettyplease::unparse(&file)
}
