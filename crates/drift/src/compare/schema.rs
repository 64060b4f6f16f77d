//! Two schemas: what may be sent or received by each, and the Rust type of each.

use super::comparison::{Comparison, Direction, Impact};
use super::constraints::{access, bounds, default_value, format, nullable, odds, values};
use super::documentation::{documentation, pair_up};
use super::resolved::{kind, name, types};
use super::text::reads_the_same;
use openapi::Node;
use openapi::model::ResolvedSchema;
use serde_json::Value;
use std::collections::BTreeSet;

/// Keywords that this file compares; any other is documentation.
const HANDLED: [&str; 29] = [
    "type",
    "format",
    "nullable",
    "enum",
    "default",
    "properties",
    "required",
    "items",
    "additionalProperties",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "discriminator",
    "readOnly",
    "writeOnly",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// Compares the schemas that wait, and those that they lead to.
pub(super) fn waiting_schemas(comparison: &mut Comparison<'_>) {
    while let Some((old, new, direction)) = comparison.next_waiting() {
        resolved_schemas(comparison, &old, &new, direction);
    }
}

/// Compares two schemas of which either may be missing, which means that anything goes.
pub(super) fn schemas<'a>(
    comparison: &mut Comparison<'a>,
    old: (&Node<'a>, Option<Node<'a>>),
    new: (&Node<'a>, Option<Node<'a>>),
    direction: Direction,
) {
    match (old.1, new.1) {
        (Some(old), Some(new)) => schema(comparison, &old, &new, direction),
        (None, Some(schema)) if !is_anything(&schema) => {
            comparison.report(
                Some(old.0),
                Some(&schema),
                direction.narrowed().and_rust(true),
                "schema added",
            );
        }
        (Some(schema), None) if !is_anything(&schema) => {
            comparison.report(
                Some(&schema),
                Some(new.0),
                direction.widened().and_rust(true),
                "schema removed",
            );
        }
        _ => {}
    }
}

/// Compares two schemas.
pub(super) fn schema<'a>(
    comparison: &mut Comparison<'a>,
    old: &Node<'a>,
    new: &Node<'a>,
    direction: Direction,
) {
    let before = ResolvedSchema::new(comparison.old, old);
    let after = ResolvedSchema::new(comparison.new, new);
    schema_names(comparison, &before, &after);
    if before.parts.len() == 1 && after.parts.len() == 1 {
        resolved_schemas(comparison, &before, &after, direction);
    } else {
        // A reference was followed: the way on may lead back here.
        comparison.later(before, after, direction);
    }
}

/// Names of schemas are names of Rust types.
fn schema_names<'a>(
    comparison: &mut Comparison<'a>,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
) {
    if let Some(before) = name(old) {
        comparison.compared_schemas.0.insert(before.to_owned());
    }
    if let Some(after) = name(new) {
        comparison.compared_schemas.1.insert(after.to_owned());
    }
    if let (Some(before), Some(after)) = (name(old), name(new))
        && before != after
        && !is_rename(comparison, before, after)
    {
        let what = format!("is now a `{after}` instead of a `{before}`");
        comparison.report(
            Some(&old.parts[0].node),
            Some(&new.parts[0].node),
            Impact::RUST,
            what,
        );
    }
}

/// Whether a schema was renamed for certain: its old name is gone, its new one was not there.
fn is_rename<'a>(comparison: &Comparison<'a>, before: &str, after: &str) -> bool {
    let has = |root: &Value, name: &str| root["components"]["schemas"].get(name).is_some();
    !has(comparison.new, before) && !has(comparison.old, after)
}

/// Compares two schemas as they count.
pub(super) fn resolved_schemas<'a>(
    comparison: &mut Comparison<'a>,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
    direction: Direction,
) {
    if let (Some(before), Some(after)) = (name(old), name(new))
        && before != after
        && is_rename(comparison, before, after)
    {
        let what = format!("renamed from `{before}` to `{after}`");
        comparison.report(Some(old.body()), Some(new.body()), Impact::RUST, what);
    }
    documentation_of_parts(comparison, old, new);
    if !kinds(comparison, old, new, direction) {
        return;
    }
    format(comparison, old, new, direction);
    nullable(comparison, old, new, direction);
    values(comparison, old, new, direction);
    default_value(comparison, old, new, direction);
    bounds(comparison, old, new, direction);
    properties(comparison, old, new, direction);
    additional_properties(comparison, old, new, direction);
    items(comparison, old, new, direction);
    alternatives(comparison, old, new, direction);
    access(comparison, old, new, direction);
    odds(comparison, old, new, direction);
}

/// Descriptions and the like, of the schema itself and of each schema folded in.
fn documentation_of_parts<'a>(
    comparison: &mut Comparison<'a>,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
) {
    let parts = |view: &ResolvedSchema<'a>| -> Vec<(Option<String>, Node<'a>)> {
        let parts = view
            .parts
            .iter()
            .filter(|part| part.node.str("$ref").is_none() || part.node.members().count() > 1);
        parts
            .map(|part| (part.name.clone(), part.node.clone()))
            .collect()
    };
    let (pairs, left_old, left_new) =
        pair_up(parts(old), parts(new), |a, b| a.0.is_some() && a.0 == b.0);
    let (equal, left_old, left_new) = pair_up(left_old, left_new, |a, b| a.1.value == b.1.value);
    let in_order = left_old.into_iter().zip(left_new);
    for ((_, before), (_, after)) in pairs.into_iter().chain(equal).chain(in_order) {
        documentation(comparison, &before, &after, &HANDLED);
    }
}

/// Compares types; tells whether there is any use in comparing the rest.
fn kinds<'a>(
    comparison: &mut Comparison<'a>,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
    direction: Direction,
) -> bool {
    let (before, after) = (kind(old), kind(new));
    let place = |view: &ResolvedSchema<'a>| view.get("type").unwrap_or_else(|| view.body().clone());
    let (from, to) = (place(old), place(new));
    match (before, after) {
        (Some((before, was)), Some((after, is))) => {
            if before == after {
                contradicting_types(comparison, old, new, direction);
                if was.is_some() != is.is_some() {
                    let what = format!(
                        "type `{after}` is {} written out",
                        if is.is_some() { "now" } else { "no longer" }
                    );
                    comparison.report(Some(&from), Some(&to), Impact::DOCUMENTATION, what);
                }
                return true;
            }
            let impact = match (before, after) {
                ("integer", "number") => direction.widened(),
                ("number", "integer") => direction.narrowed(),
                _ => direction.replaced(),
            };
            let what = format!("type changed from `{before}` to `{after}`");
            comparison.report(Some(&from), Some(&to), impact.and_rust(true), what);
            matches!(
                (before, after),
                ("integer", "number") | ("number", "integer")
            )
        }
        (None, Some((after, _))) => {
            let what = format!("type `{after}` given to what had none");
            comparison.report(
                Some(&from),
                Some(&to),
                direction.narrowed().and_rust(true),
                what,
            );
            true
        }
        (Some((before, _)), None) => {
            let what = format!("type `{before}` taken away");
            comparison.report(
                Some(&from),
                Some(&to),
                direction.widened().and_rust(true),
                what,
            );
            true
        }
        (None, None) => true,
    }
}

/// Types in an `allOf` that other parts of it contradict.
fn contradicting_types<'a>(
    comparison: &mut Comparison<'a>,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
    direction: Direction,
) {
    let (before, after) = (types(old), types(new));
    for (kind, node) in &before {
        if !after.contains_key(kind) {
            let what = format!("type `{kind}` no longer asked for besides");
            comparison.report(Some(node), Some(new.body()), direction.widened(), what);
        }
    }
    for (kind, node) in &after {
        if !before.contains_key(kind) {
            let what = format!("type `{kind}` asked for besides");
            comparison.report(Some(old.body()), Some(node), direction.narrowed(), what);
        }
    }
}

fn properties<'a>(
    comparison: &mut Comparison<'a>,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
    direction: Direction,
) {
    let (mut before, mut after) = (old.properties(), new.properties());
    let names: BTreeSet<&str> = before
        .keys()
        .filter(|name| after.contains_key(*name))
        .copied()
        .collect();
    for name in names {
        let (Some(was), Some(is)) = (before.remove(name), after.remove(name)) else {
            continue;
        };
        let (required, requires) = (old.required(name), new.required(name));
        let impact = match (&required, &requires) {
            (None, Some(_)) => Some((direction.narrowed(), "is now required")),
            (Some(_), None) => Some((direction.widened(), "is no longer required")),
            _ => None,
        };
        if let Some((impact, what)) = impact {
            // In Rust the field becomes an `Option`, or stops being one.
            comparison.report(Some(&was), Some(&is), impact.and_rust(true), what);
        }
        schema(comparison, &was, &is, direction);
    }
    // The same schema with the same description under another name is a rename.
    let described = |node: &Node<'_>| node.str("description").is_some_and(|text| !text.is_empty());
    let (renamed, removed, added) = pair_up(
        before.into_iter().collect(),
        after.into_iter().collect(),
        |(_, old), (_, new)| described(old) && reads_the_same(old.value, new.value),
    );
    for ((from, was), (to, is)) in renamed {
        comparison.report(
            Some(&was),
            Some(&is),
            direction.removed(),
            format!("renamed from `{from}` to `{to}`"),
        );
    }
    for (_, was) in removed {
        comparison.report(Some(&was), None, direction.removed(), "removed");
    }
    for (name, is) in added {
        match (new.required(name), direction) {
            (Some(_), Direction::Request) => {
                comparison.report(None, Some(&is), Impact::BOTH, "added and required")
            }
            _ => comparison.report(None, Some(&is), direction.added(), "added"),
        }
    }
}

fn additional_properties<'a>(
    comparison: &mut Comparison<'a>,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
    direction: Direction,
) {
    if !matches!(kind(old), Some(("object", _)) | None) {
        return;
    }
    const KEYWORD: &str = "additionalProperties";
    let (before, after) = (old.get(KEYWORD), new.get(KEYWORD));
    let open = |node: &Option<Node<'_>>| match node {
        None => true,
        Some(node) => *node.value == Value::Bool(true) || is_anything(node),
    };
    let closed = |node: &Option<Node<'_>>| {
        node.as_ref()
            .is_some_and(|node| *node.value == Value::Bool(false))
    };
    let from = before.clone().unwrap_or_else(|| old.body().clone());
    let to = after.clone().unwrap_or_else(|| new.body().clone());
    let (impact, what) = match () {
        () if open(&before) && open(&after) => return,
        () if closed(&before) && closed(&after) => return,
        () if closed(&after) => (direction.narrowed(), "takes no further properties any more"),
        // Further properties in a response are ignored, unless the schema is a map.
        () if closed(&before) && open(&after) => {
            let impact = if direction == Direction::Request {
                direction.widened()
            } else {
                direction.added()
            };
            (impact, "takes further properties")
        }
        () if closed(&before) => (
            direction.widened().and_rust(true),
            "takes further properties of a type",
        ),
        () if open(&before) => (
            direction.narrowed().and_rust(true),
            "further properties have a type",
        ),
        () if open(&after) => (
            direction.widened().and_rust(true),
            "further properties have no type any more",
        ),
        () => return schema(comparison, &from, &to, direction),
    };
    comparison.report(Some(&from), Some(&to), impact, what);
}

fn items<'a>(
    comparison: &mut Comparison<'a>,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
    direction: Direction,
) {
    let (before, after) = (old.get("items"), new.get("items"));
    if kind(old).is_some_and(|(kind, _)| kind == "array")
        && kind(new).is_some_and(|(kind, _)| kind == "array")
    {
        schemas(
            comparison,
            (old.body(), before),
            (new.body(), after),
            direction,
        );
    }
}

/// `oneOf` and `anyOf`; with one member they are folded into the view.
fn alternatives<'a>(
    comparison: &mut Comparison<'a>,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
    direction: Direction,
) {
    let several = |view: &ResolvedSchema<'a>, keyword: &str| -> Vec<Node<'a>> {
        let lists = view.parts.iter().filter_map(|part| part.node.get(keyword));
        lists
            .filter(|list| list.items().count() > 1)
            .flat_map(|list| list.items())
            .collect()
    };
    let switched = [("oneOf", "anyOf"), ("anyOf", "oneOf")]
        .into_iter()
        .find(|(from, to)| {
            !several(old, from).is_empty()
                && !several(new, to).is_empty()
                && several(old, to).is_empty()
                && several(new, from).is_empty()
        });
    if let Some((from, to)) = switched {
        let what = format!("alternatives changed from `{from}` to `{to}`");
        comparison.report(
            old.get(from).as_ref(),
            new.get(to).as_ref(),
            direction.replaced().and_rust(true),
            what,
        );
        return;
    }
    for keyword in ["oneOf", "anyOf"] {
        let (before, after) = (several(old, keyword), several(new, keyword));
        let name_of = |root: &'a Value, node: &Node<'a>| {
            name(&ResolvedSchema::new(root, node)).map(str::to_owned)
        };
        let same_name = |a: &Node<'a>, b: &Node<'a>| {
            let (a, b) = (name_of(comparison.old, a), name_of(comparison.new, b));
            a.is_some() && a == b
        };
        let (mut pairs, before, after) = pair_up(before, after, same_name);
        let (equal, mut before, mut after) = pair_up(before, after, |a, b| {
            a.value == b.value && a.str("$ref").is_none()
        });
        pairs.extend(equal);
        while !before.is_empty() && !after.is_empty() {
            pairs.push((before.remove(0), after.remove(0)));
        }
        for (before, after) in pairs {
            schema(comparison, &before, &after, direction);
        }
        for node in before {
            comparison.report(
                Some(&node),
                None,
                direction.narrowed().and_rust(true),
                format!("{keyword} alternative removed"),
            );
        }
        for node in after {
            comparison.report(
                None,
                Some(&node),
                direction.widened(),
                format!("{keyword} alternative added"),
            );
        }
    }
}

/// Whether a schema takes anything.
fn is_anything(schema: &Node<'_>) -> bool {
    match schema.value {
        Value::Object(keywords) => keywords
            .keys()
            .all(|key| !HANDLED.contains(&key.as_str()) && key != "$ref"),
        other => *other != Value::Bool(false),
    }
}
