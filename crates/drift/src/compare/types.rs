//! The types of two schemas.

use super::comparison::{Comparison, SchemaPair};
use super::impact::Impact;
use super::resolved::kind;
use openapi::Node;
use openapi::model::ResolvedSchema;
use std::collections::BTreeMap;

/// Compares the types of two schemas. Returns whether the rest of them can be compared.
pub(super) fn types<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) -> bool {
    let SchemaPair {
        old,
        new,
        direction,
    } = pair;
    let place =
        |schema: &ResolvedSchema<'a>| schema.get("type").unwrap_or_else(|| schema.body().clone());
    let (from, to) = (place(old), place(new));
    let (impact, what) = match (kind(old), kind(new)) {
        (None, None) => return true,
        (Some((before, was)), Some((after, is))) if before == after => {
            contradicting_types(comparison, pair);
            let what = match (was, is) {
                (None, Some(_)) => format!("type `{after}` is now written"),
                (Some(_), None) => format!("type `{after}` is no longer written, but implied"),
                _ => return true,
            };
            (Impact::DOCUMENTATION, what)
        }
        (Some((before, _)), Some((after, _))) => {
            let impact = match (before, after) {
                ("integer", "number") => direction.widened(),
                ("number", "integer") => direction.narrowed(),
                _ => direction.replaced(),
            };
            let what = format!("type changed from `{before}` to `{after}`");
            comparison.changed(&from, &to, impact.and_rust(true), what);
            return matches!(before, "integer" | "number") && matches!(after, "integer" | "number");
        }
        (None, Some((after, _))) => (
            direction.narrowed().and_rust(true),
            format!("type `{after}` added"),
        ),
        (Some((before, _)), None) => (
            direction.widened().and_rust(true),
            format!("type `{before}` removed"),
        ),
    };
    comparison.changed(&from, &to, impact, what);
    true
}

/// Types in an `allOf` that contradict each other, so that no value is allowed.
fn contradicting_types<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    let written = |schema: &ResolvedSchema<'a>| -> BTreeMap<&'a str, Node<'a>> {
        let types = schema.parts.iter().filter_map(|part| part.node.get("type"));
        types
            .filter_map(|node| Some((node.value.as_str()?, node)))
            .collect()
    };
    let (before, after) = (written(&pair.old), written(&pair.new));
    for (kind, node) in &before {
        if !after.contains_key(kind) {
            let what = format!("type `{kind}` is no longer required as well");
            comparison.changed(node, pair.new.body(), pair.direction.widened(), what);
        }
    }
    for (kind, node) in &after {
        if !before.contains_key(kind) {
            let what = format!("type `{kind}` is now required as well");
            comparison.changed(pair.old.body(), node, pair.direction.narrowed(), what);
        }
    }
}
