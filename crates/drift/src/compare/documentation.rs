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
        if !reads_the_same(before.value, after.value) {
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
