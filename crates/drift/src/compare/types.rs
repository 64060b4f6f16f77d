//! The types of two schemas.

use super::comparison::{Comparison, SchemaPair};
use super::impact::Impact;
use super::lowered::TYPES;
use super::resolved::kind;
use openapi::Node;
use openapi::model::ResolvedSchema;
use std::collections::{BTreeMap, BTreeSet};

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
    if old.get(TYPES).is_some() || new.get(TYPES).is_some() {
        return several_types(comparison, pair, &from, &to);
    }
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

/// Compares schemas of which at least one has several types.
fn several_types<'a>(
    comparison: &mut Comparison<'a>,
    pair: &SchemaPair<'a>,
    from: &Node<'a>,
    to: &Node<'a>,
) -> bool {
    let types = |schema: &ResolvedSchema<'a>| -> BTreeSet<&'a str> {
        match schema.get(TYPES) {
            Some(list) => list
                .items()
                .filter_map(|name| name.value.as_str())
                .collect(),
            None => kind(schema).map(|(name, _)| name).into_iter().collect(),
        }
    };
    let (before, after) = (types(&pair.old), types(&pair.new));
    if before == after {
        return true;
    }
    // No type is every type; each integer is a number.
    let within = |these: &BTreeSet<&str>, those: &BTreeSet<&str>| {
        let is_in =
            |name: &&str| those.contains(name) || *name == "integer" && those.contains("number");
        those.is_empty() || !these.is_empty() && these.iter().all(is_in)
    };
    let impact = if within(&after, &before) {
        pair.direction.narrowed()
    } else if within(&before, &after) {
        pair.direction.widened()
    } else {
        pair.direction.replaced()
    };
    let words = |types: &BTreeSet<&str>| match types.is_empty() {
        true => "any".to_owned(),
        false => types
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(" or "),
    };
    let what = format!("type changed from {} to {}", words(&before), words(&after));
    comparison.changed(from, to, impact.and_rust(true), what);
    false
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
