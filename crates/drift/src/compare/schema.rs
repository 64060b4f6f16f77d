//! Two schemas: what may be sent or received by each, and the Rust type of each.

use super::comparison::{Comparison, SchemaPair};
use super::constraints::{
    access, bounds, default_value, format, is_unweighed, nullable, unweighed, values,
};
use super::discriminator::discriminator;
use super::documentation::documentation;
use super::impact::{Direction, Impact};
use super::lowered::TYPES;
use super::pairs::pair_up;
use super::resolved::{kind, name};
use super::text::reads_the_same;
use super::types::types;
use openapi::Node;
use openapi::model::ResolvedSchema;
use serde_json::Value;
use std::collections::BTreeSet;

/// Keywords that change what is sent or generated; any other is documentation.
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

/// Compares the schemas that were put off, and those that they lead to.
pub(super) fn waiting_schemas(comparison: &mut Comparison<'_>) {
    while let Some(pair) = comparison.next_waiting() {
        schema_pair(comparison, &pair);
    }
}

/// Compares two schemas of which either may be missing, so that any value is allowed. The node
/// before each is what would hold it.
pub(super) fn schemas<'a>(
    comparison: &mut Comparison<'a>,
    old: (&Node<'a>, Option<Node<'a>>),
    new: (&Node<'a>, Option<Node<'a>>),
    direction: Direction,
) {
    match (old.1, new.1) {
        (Some(old), Some(new)) => schema(comparison, &old, &new, direction),
        (None, Some(schema)) if !is_anything(&schema) => {
            let impact = direction.narrowed().and_rust(true);
            comparison.changed(old.0, &schema, impact, "schema added");
        }
        (Some(schema), None) if !is_anything(&schema) => {
            let impact = direction.widened().and_rust(true);
            comparison.changed(&schema, new.0, impact, "schema removed");
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
    let pair = SchemaPair {
        old: ResolvedSchema::new(comparison.old, old),
        new: ResolvedSchema::new(comparison.new, new),
        direction,
    };
    schema_names(comparison, &pair);
    if pair.old.parts.len() == 1 && pair.new.parts.len() == 1 {
        schema_pair(comparison, &pair);
    } else {
        // A reference was followed: the way on may lead back here.
        comparison.later(pair);
    }
}

/// Names of schemas are names of Rust types.
fn schema_names<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    let (before, after) = (name(&pair.old), name(&pair.new));
    let (compared_old, compared_new) = &mut comparison.compared_schemas;
    compared_old.extend(before.map(str::to_owned));
    compared_new.extend(after.map(str::to_owned));
    if let (Some(before), Some(after)) = (before, after)
        && before != after
        && !is_rename(comparison, before, after)
    {
        let what = format!("is now a `{after}` instead of a `{before}`");
        let (old, new) = (&pair.old.parts[0].node, &pair.new.parts[0].node);
        comparison.changed(old, new, Impact::RUST, what);
    }
    // What has a Rust type of its own is called after the component, or after where it is.
    let typed = |schema: &ResolvedSchema<'a>| {
        schema.get("enum").is_some() || schema.get("properties").is_some()
    };
    let what = match (before, after) {
        (None, Some(name)) if typed(&pair.old) => format!("is now the schema `{name}`"),
        (Some(name), None) if typed(&pair.new) => format!("is no longer the schema `{name}`"),
        _ => return,
    };
    let (old, new) = (&pair.old.parts[0].node, &pair.new.parts[0].node);
    comparison.changed(old, new, Impact::SPELLING, what);
}

/// Whether a schema was renamed for certain: its old name is gone, its new one was not there.
fn is_rename(comparison: &Comparison<'_>, before: &str, after: &str) -> bool {
    let has = |root: &Value, name: &str| root["components"]["schemas"].get(name).is_some();
    !has(comparison.new, before) && !has(comparison.old, after)
}

/// Compares two resolved schemas.
fn schema_pair<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    if let (Some(before), Some(after)) = (name(&pair.old), name(&pair.new))
        && before != after
        && is_rename(comparison, before, after)
    {
        let what = format!("renamed from `{before}` to `{after}`");
        comparison.changed(pair.old.body(), pair.new.body(), Impact::RUST, what);
    }
    documentation_of_parts(comparison, pair);
    if !types(comparison, pair) {
        return;
    }
    format(comparison, pair);
    nullable(comparison, pair);
    values(comparison, pair);
    default_value(comparison, pair);
    bounds(comparison, pair);
    properties(comparison, pair);
    additional_properties(comparison, pair);
    items(comparison, pair);
    alternatives(comparison, pair);
    access(comparison, pair);
    discriminator(comparison, pair);
    unweighed(comparison, pair);
}

/// Descriptions and the like, of the schema itself and of each schema folded into it.
fn documentation_of_parts<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    let parts = |schema: &ResolvedSchema<'a>| -> Vec<(Option<String>, Node<'a>)> {
        let parts = schema
            .parts
            .iter()
            .filter(|part| part.node.str("$ref").is_none() || part.node.members().count() > 1);
        parts
            .map(|part| (part.name.clone(), part.node.clone()))
            .collect()
    };
    let (named, old, new) = pair_up(parts(&pair.old), parts(&pair.new), |a, b| {
        a.0.is_some() && a.0 == b.0
    });
    let (equal, old, new) = pair_up(old, new, |a, b| a.1.value == b.1.value);
    let in_order = old.into_iter().zip(new);
    for ((_, before), (_, after)) in named.into_iter().chain(equal).chain(in_order) {
        let mut handled = HANDLED.to_vec();
        handled.extend([TYPES, "$defs"]);
        let keywords = before
            .members()
            .chain(after.members())
            .map(|(keyword, _)| keyword);
        handled.extend(
            keywords.filter(|keyword| is_unweighed(keyword.rsplit('/').next().unwrap_or(keyword))),
        );
        documentation(comparison, &before, &after, &handled);
    }
}

/// Whether a property is not part of what flows in a direction.
fn is_left_out<'a>(root: &'a Value, property: &Node<'a>, direction: Direction) -> bool {
    let flag = |keyword| ResolvedSchema::new(root, property).flag(keyword);
    match direction {
        Direction::Request => flag("readOnly"),
        Direction::Response => flag("writeOnly"),
        Direction::Unused => false,
    }
}

fn properties<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    let SchemaPair {
        old,
        new,
        direction,
    } = pair;
    let (before_root, after_root) = (comparison.old, comparison.new);
    let was_left_out = |node: &Node<'a>| is_left_out(before_root, node, *direction);
    let is_left_out = |node: &Node<'a>| is_left_out(after_root, node, *direction);
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
        let change = match (old.required(name), new.required(name)) {
            (None, Some(_)) => Some((direction.narrowed(), "is now required")),
            (Some(_), None) => Some((direction.widened(), "is no longer required")),
            _ => None,
        };
        let nowhere = was_left_out(&was) && is_left_out(&is);
        if let Some((impact, what)) = change {
            // In Rust the field becomes an `Option`, or stops being one.
            let impact = if nowhere || is_left_out(&is) {
                Impact::DOCUMENTATION
            } else {
                impact
            };
            comparison.changed(&was, &is, impact.and_rust(true), what);
        } else if was_left_out(&was) && !is_left_out(&is) && new.required(name).is_some() {
            let impact = direction.narrowed().and_rust(true);
            comparison.changed(&was, &is, impact, "is now part of what is required");
        }
        let direction = if nowhere {
            Direction::Unused
        } else {
            *direction
        };
        schema(comparison, &was, &is, direction);
    }
    // The same schema under another name is a rename, if no other property could be meant.
    let described = |node: &Node<'_>| node.str("description").is_some_and(|text| !text.is_empty());
    let (renamed, removed, added) = pair_up(
        before.into_iter().collect(),
        after.into_iter().collect(),
        |(_, old): &(&str, Node<'a>), (_, new)| {
            described(old) && reads_the_same(old.value, new.value)
        },
    );
    let alike = |node: &Node<'a>, all: &[(&str, Node<'a>)]| {
        all.iter()
            .filter(|(_, other)| reads_the_same(node.value, other.value))
            .count()
    };
    // A type alone says too little of what a value is.
    let telling = |node: &Node<'a>| {
        node.str("type").is_none()
            || node.members().filter(|(key, _)| *key != "nullable").count() > 1
    };
    let alone =
        |node: &Node<'a>| telling(node) && alike(node, &removed) == 1 && alike(node, &added) == 1;
    let (like, removed, added) = pair_up(removed.clone(), added.clone(), |(_, old), (_, new)| {
        reads_the_same(old.value, new.value) && alone(old)
    });
    for ((from, was), (to, is)) in renamed.into_iter().chain(like) {
        let what = format!("renamed from `{from}` to `{to}`");
        let impact = match (was_left_out(&was), new.required(to), direction) {
            (true, ..) => Impact::DOCUMENTATION,
            (_, Some(_), Direction::Request) => Impact::BOTH,
            _ => direction.removed(),
        };
        comparison.changed(&was, &is, impact.and_rust(true), what);
    }
    for (_, was) in removed {
        let impact = match was_left_out(&was) {
            true => Impact::DOCUMENTATION.and_rust(true),
            false => direction.removed(),
        };
        comparison.removed(&was, impact, "removed");
    }
    for (name, is) in added {
        match (new.required(name), direction) {
            _ if is_left_out(&is) => comparison.added(&is, Impact::DOCUMENTATION, "added"),
            (Some(_), Direction::Request) => {
                comparison.added(&is, Impact::BOTH, "added and required")
            }
            _ => comparison.added(&is, direction.added(), "added"),
        }
    }
}

/// Which properties a schema allows beside those that it names.
enum Additional {
    Any,
    Typed,
    Forbidden,
}

fn additional_properties<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    use Additional::{Any, Forbidden, Typed};
    const KEYWORD: &str = "additionalProperties";
    let direction = pair.direction;
    if !matches!(kind(&pair.old), Some(("object", _)) | None) {
        return;
    }
    let allowed = |schema: &ResolvedSchema<'a>| match schema.get(KEYWORD) {
        Some(node) if *node.value == Value::Bool(false) => Forbidden,
        Some(node) if !is_anything(&node) => Typed,
        _ => Any,
    };
    let place =
        |schema: &ResolvedSchema<'a>| schema.get(KEYWORD).unwrap_or_else(|| schema.body().clone());
    let (from, to) = (place(&pair.old), place(&pair.new));
    let (impact, what) = match (allowed(&pair.old), allowed(&pair.new)) {
        (Any, Any) | (Forbidden, Forbidden) => return,
        (Typed, Typed) => return schema(comparison, &from, &to, direction),
        (_, Forbidden) => (
            direction.narrowed(),
            "no longer allows additional properties",
        ),
        // In a response they are ignored, unless the schema is a map.
        (Forbidden, Any) if direction == Direction::Request => {
            (direction.widened(), "now allows additional properties")
        }
        (Forbidden, Any) => (direction.added(), "now allows additional properties"),
        (Forbidden, Typed) => (
            direction.widened().and_rust(true),
            "now allows additional properties of a type",
        ),
        (Any, Typed) => (
            direction.narrowed().and_rust(true),
            "additional properties now have a type",
        ),
        (Typed, Any) => (
            direction.widened().and_rust(true),
            "additional properties no longer have a type",
        ),
    };
    comparison.changed(&from, &to, impact, what);
}

fn items<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    let is_array =
        |schema: &ResolvedSchema<'a>| kind(schema).is_some_and(|(kind, _)| kind == "array");
    let items = |schema: &ResolvedSchema<'a>| schema.get("items");
    let (old, new) = (&pair.old, &pair.new);
    if is_array(old) && is_array(new) {
        let (old, new) = ((old.body(), items(old)), (new.body(), items(new)));
        schemas(comparison, old, new, pair.direction);
    }
}

/// `oneOf` and `anyOf`. One with a single member is part of the resolved schema.
fn alternatives<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    let SchemaPair {
        old,
        new,
        direction,
    } = pair;
    let several = |schema: &ResolvedSchema<'a>, keyword: &str| -> Vec<Node<'a>> {
        let parts = schema.parts.iter();
        parts
            .filter_map(|part| part.node.get(keyword))
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
        let impact = direction.replaced().and_rust(true);
        comparison.report(old.get(from).as_ref(), new.get(to).as_ref(), impact, what);
        return;
    }
    for keyword in ["oneOf", "anyOf"] {
        let name_of = |root: &'a Value, node: &Node<'a>| {
            name(&ResolvedSchema::new(root, node)).map(str::to_owned)
        };
        let same_name = |a: &Node<'a>, b: &Node<'a>| {
            let (a, b) = (name_of(comparison.old, a), name_of(comparison.new, b));
            a.is_some() && a == b
        };
        let (named, before, after) =
            pair_up(several(old, keyword), several(new, keyword), same_name);
        let (equal, mut before, mut after) = pair_up(before, after, |a, b| {
            a.value == b.value && a.str("$ref").is_none()
        });
        let in_order = before.len().min(after.len());
        let in_order: Vec<_> = before
            .drain(..in_order)
            .zip(after.drain(..in_order))
            .collect();
        for (before, after) in named.into_iter().chain(equal).chain(in_order) {
            schema(comparison, &before, &after, *direction);
        }
        for node in before {
            let impact = direction.narrowed().and_rust(true);
            comparison.removed(&node, impact, format!("{keyword} alternative removed"));
        }
        for node in after {
            let impact = direction.widened();
            comparison.added(&node, impact, format!("{keyword} alternative added"));
        }
    }
}

/// Whether a schema allows any value.
fn is_anything(schema: &Node<'_>) -> bool {
    match schema.value {
        Value::Object(keywords) => keywords
            .keys()
            .all(|key| !HANDLED.contains(&key.as_str()) && key != "$ref"),
        other => *other != Value::Bool(false),
    }
}
