//! The content of request bodies, responses and parameters.

use super::comparison::{Comparison, Direction, Impact};
use super::documentation::{documentation, pair_up};
use super::schema::schemas;
use super::text::reads_the_same;
use openapi::Node;
use openapi::model::{is_json, same_media_type};
use serde_json::Value;

pub(super) fn contents<'a>(
    comparison: &mut Comparison<'a>,
    old: &Node<'a>,
    new: &Node<'a>,
    direction: Direction,
) {
    match (old.get("content"), new.get("content")) {
        (Some(before), Some(after)) => content(comparison, &before, &after, direction),
        (None, Some(after)) if has_members(&after) => {
            // There was nothing to decode; now there is.
            comparison.report(
                Some(old),
                Some(&after),
                direction.narrowed().and_rust(true),
                "content added",
            );
        }
        (Some(before), None) if has_members(&before) => {
            comparison.report(
                Some(&before),
                Some(new),
                direction.removed(),
                "content removed",
            );
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
        comparison.report(
            Some(before),
            Some(after),
            Impact::WIRE.and_rust(!typed_alike),
            what,
        );
        if typed_alike {
            media_type(comparison, to, before, after, direction);
        }
        removed.clear();
        added.clear();
    }
    for (name, gone) in removed {
        comparison.report(
            Some(&gone),
            None,
            direction.replaced(),
            format!("media type `{name}` removed"),
        );
    }
    for (name, new) in added {
        comparison.report(
            None,
            Some(&new),
            Impact::ADDITIVE,
            format!("media type `{name}` added"),
        );
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
    let told = comparison.found() > before && comparison.is_inferred(old, new);
    let encoding = |node: &Node<'a>| node.get("encoding").filter(has_members);
    let (before, after) = (encoding(old), encoding(new));
    if before.as_ref().map(|node| node.value) != after.as_ref().map(|node| node.value)
        && !is_json(name)
    {
        let (from, to) = (
            before.unwrap_or_else(|| old.clone()),
            after.unwrap_or_else(|| new.clone()),
        );
        comparison.report(
            Some(&from),
            Some(&to),
            direction.replaced(),
            "encoding changed",
        );
    }
    if told {
        // The schema was read off the examples: what differs in them has been said.
        documentation(
            comparison,
            old,
            new,
            &["schema", "encoding", "examples", "example"],
        );
    } else {
        documentation(comparison, old, new, &["schema", "encoding", "examples"]);
        example_set(comparison, old, new);
    }
}

/// Named examples, each for itself; references followed.
pub(super) fn example_set<'a>(comparison: &mut Comparison<'a>, old: &Node<'a>, new: &Node<'a>) {
    let examples = |root: &'a Value, node: &Node<'a>| -> Vec<(&'a str, Node<'a>)> {
        let all = node.get("examples");
        all.iter()
            .flat_map(|all| all.members())
            .map(|(name, node)| (name, node.resolved(root)))
            .collect()
    };
    let (pairs, removed, added) = pair_up(
        examples(comparison.old, old),
        examples(comparison.new, new),
        |a, b| a.0 == b.0,
    );
    for ((name, before), (_, after)) in pairs {
        if !reads_the_same(before.value, after.value) {
            let what = format!("example `{name}` changed");
            comparison.report(Some(&before), Some(&after), Impact::DOCUMENTATION, what);
        }
    }
    for (name, gone) in removed {
        comparison.report(
            Some(&gone),
            None,
            Impact::DOCUMENTATION,
            format!("example `{name}` removed"),
        );
    }
    for (name, new) in added {
        comparison.report(
            None,
            Some(&new),
            Impact::DOCUMENTATION,
            format!("example `{name}` added"),
        );
    }
}

fn has_members(node: &Node<'_>) -> bool {
    node.members().next().is_some()
}
