//! Members that do not change what is sent or generated: texts, examples, extensions.

use super::comparison::Comparison;
use super::impact::Impact;
use super::pairs::pair_up;
use super::text::reads_the_same;
use openapi::Node;
use serde_json::Value;
use std::collections::BTreeSet;

/// Compares the members of two objects that are not `handled` elsewhere.
pub(super) fn documentation<'a>(
    comparison: &mut Comparison<'a>,
    old: &Node<'a>,
    new: &Node<'a>,
    handled: &[&str],
) {
    let names: BTreeSet<&str> = old
        .members()
        .chain(new.members())
        .map(|(name, _)| name)
        .collect();
    for name in names {
        if handled.contains(&name) || name == "$ref" {
            continue;
        }
        if name == "deprecated" {
            deprecation(comparison, old, new);
            continue;
        }
        let (before, after) = (old.get(name), new.get(name));
        let what = match (&before, &after) {
            (Some(before), Some(after))
                if name == "example" && !same_types(before.value, after.value) =>
            {
                let what = type_change(before.value, after.value);
                comparison.changed(
                    before,
                    after,
                    Impact::DOCUMENTATION,
                    format!("example {what}"),
                );
                continue;
            }
            (Some(before), Some(after)) if reads_the_same(before.value, after.value) => {
                continue;
            }
            (Some(_), Some(_)) => "changed",
            (None, _) => "added",
            (_, None) => "removed",
        };
        let what = format!("{name} {what}");
        comparison.report(before.as_ref(), after.as_ref(), Impact::DOCUMENTATION, what);
    }
}

/// Whether two examples have values of the same types in the same places, as far as both have them.
fn same_types(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            let both = old
                .iter()
                .filter_map(|(key, old)| Some((old, new.get(key)?)));
            both.into_iter().all(|(old, new)| same_types(old, new))
        }
        (Value::Array(old), Value::Array(new)) => {
            old.iter().zip(new).all(|(old, new)| same_types(old, new))
        }
        // Null is no type: it is what is missing.
        (Value::Null, _) | (_, Value::Null) => true,
        (old, new) => std::mem::discriminant(old) == std::mem::discriminant(new),
    }
}

fn type_change(old: &Value, new: &Value) -> String {
    let name = |value: &Value| match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    match (name(old), name(new)) {
        (old, new) if old == new => "has values of other types".to_owned(),
        (old, new) => format!("changed from {old} to {new}"),
    }
}

fn deprecation<'a>(comparison: &mut Comparison<'a>, old: &Node<'a>, new: &Node<'a>) {
    let what = match (old.flag("deprecated"), new.flag("deprecated")) {
        (false, true) => "is now deprecated",
        (true, false) => "is no longer deprecated",
        _ => return,
    };
    let impact = Impact {
        deprecation: true,
        ..Impact::DOCUMENTATION
    };
    comparison.report(
        old.get("deprecated").as_ref(),
        new.get("deprecated").as_ref(),
        impact,
        what,
    );
}

/// Compares named examples one by one; references are followed.
pub(super) fn named_examples<'a>(comparison: &mut Comparison<'a>, old: &Node<'a>, new: &Node<'a>) {
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
        let value = |node: &Node<'a>| node.get("value").unwrap_or_else(|| node.clone());
        let (was, is) = (value(&before), value(&after));
        if !same_types(was.value, is.value) {
            let what = format!("example `{name}` {}", type_change(was.value, is.value));
            comparison.changed(&before, &after, Impact::DOCUMENTATION, what);
        } else if !reads_the_same(before.value, after.value) {
            let what = format!("example `{name}` changed");
            comparison.changed(&before, &after, Impact::DOCUMENTATION, what);
        }
    }
    for (name, gone) in removed {
        comparison.removed(
            &gone,
            Impact::DOCUMENTATION,
            format!("example `{name}` removed"),
        );
    }
    for (name, new) in added {
        comparison.added(
            &new,
            Impact::DOCUMENTATION,
            format!("example `{name}` added"),
        );
    }
}
