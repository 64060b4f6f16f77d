//! The content of request bodies, responses and parameters.

use super::comparison::Comparison;
use super::documentation::{documentation, named_examples};
use super::impact::{Direction, Impact};
use super::pairs::pair_up;
use super::schema::schemas;
use openapi::Node;
use openapi::model::{is_json, same_media_type};

pub(super) fn contents<'a>(
    comparison: &mut Comparison<'a>,
    old: &Node<'a>,
    new: &Node<'a>,
    direction: Direction,
) {
    match (old.get("content"), new.get("content")) {
        (Some(before), Some(after)) => content(comparison, &before, &after, direction),
        (None, Some(after)) if has_members(&after) => {
            // A body without a type gets one.
            comparison.changed(
                old,
                &after,
                direction.narrowed().and_rust(true),
                "content added",
            );
        }
        (Some(before), None) if has_members(&before) => {
            comparison.changed(&before, new, direction.removed(), "content removed");
        }
        _ => {}
    }
}

/// Compares content by media type.
pub(super) fn content<'a>(
    comparison: &mut Comparison<'a>,
    old: &Node<'a>,
    new: &Node<'a>,
    direction: Direction,
) {
    let (pairs, mut removed, mut added) = pair_up(
        old.members().collect(),
        new.members().collect(),
        |a: &(&str, Node<'a>), b| same_media_type(a.0, b.0),
    );
    for ((name, before), (_, after)) in pairs {
        media_type(comparison, name, &before, &after, direction);
    }
    if let ([(from, before)], [(to, after)]) = (&removed[..], &added[..]) {
        let what = format!("media type changed from `{from}` to `{to}`");
        let typed_alike = is_json(from) == is_json(to);
        comparison.changed(before, after, Impact::WIRE.and_rust(!typed_alike), what);
        if typed_alike {
            media_type(comparison, to, before, after, direction);
        }
        removed.clear();
        added.clear();
    }
    for (name, gone) in removed {
        comparison.removed(
            &gone,
            direction.replaced(),
            format!("media type `{name}` removed"),
        );
    }
    for (name, new) in added {
        comparison.added(&new, Impact::ADDITIVE, format!("media type `{name}` added"));
    }
}

fn media_type<'a>(
    comparison: &mut Comparison<'a>,
    name: &str,
    old: &Node<'a>,
    new: &Node<'a>,
    direction: Direction,
) {
    let before = comparison.found();
    schemas(
        comparison,
        (old, old.get("schema")),
        (new, new.get("schema")),
        direction,
    );
    let reported = comparison.found() > before && comparison.is_inferred(old, new);
    let encoding = |node: &Node<'a>| node.get("encoding").filter(has_members);
    let (before, after) = (encoding(old), encoding(new));
    if before.as_ref().map(|node| node.value) != after.as_ref().map(|node| node.value)
        && !is_json(name)
    {
        let (from, to) = (
            before.unwrap_or_else(|| old.clone()),
            after.unwrap_or_else(|| new.clone()),
        );
        comparison.changed(&from, &to, direction.replaced(), "encoding changed");
    }
    if reported {
        // The schema was inferred from the examples: their differences have been reported.
        documentation(
            comparison,
            old,
            new,
            &["schema", "encoding", "examples", "example"],
        );
    } else {
        documentation(comparison, old, new, &["schema", "encoding", "examples"]);
        named_examples(comparison, old, new);
    }
}

fn has_members(node: &Node<'_>) -> bool {
    node.members().next().is_some()
}

/// Compares the values of two parameters or headers: a schema, or content with one.
pub(super) fn value_schemas<'a>(
    comparison: &mut Comparison<'a>,
    old: &Node<'a>,
    new: &Node<'a>,
    direction: Direction,
) {
    match (old.get("content"), new.get("content")) {
        (None, None) => schemas(
            comparison,
            (old, old.get("schema")),
            (new, new.get("schema")),
            direction,
        ),
        (Some(before), Some(after)) => content(comparison, &before, &after, direction),
        (before, after) => {
            let (from, to) = (
                before.unwrap_or_else(|| old.clone()),
                after.unwrap_or_else(|| new.clone()),
            );
            let what = "changed between `schema` and `content`";
            comparison.changed(&from, &to, Impact::BOTH, what);
        }
    }
}
