//! The flows and scopes of an OAuth 2.0 security scheme.

use super::comparison::Comparison;
use super::impact::Impact;
use super::pairs::pair_up;
use super::text::{change_of, reads_the_same, show};
use openapi::Node;
use openapi::model;
use serde_json::Value;
use std::collections::BTreeSet;

/// Compares the flows of two schemes of these names. A scope counts where an operation asks for it.
pub(super) fn flows<'a>(
    comparison: &mut Comparison<'a>,
    old: (&str, &Node<'a>),
    new: (&str, &Node<'a>),
) {
    let members = |node: &Node<'a>, key: &str| -> Vec<(&'a str, Node<'a>)> {
        let all = node.get(key);
        all.iter().flat_map(|all| all.members()).collect()
    };
    let mut asked_for = scopes_asked_for(comparison.old, old.0);
    asked_for.extend(scopes_asked_for(comparison.new, new.0));
    let (same, removed, added) =
        pair_up(members(old.1, "flows"), members(new.1, "flows"), |a, b| {
            a.0 == b.0
        });
    for (name, gone) in removed {
        comparison.removed(&gone, Impact::WIRE, format!("flow `{name}` removed"));
    }
    for (name, new) in added {
        comparison.added(&new, Impact::ADDITIVE, format!("flow `{name}` added"));
    }
    for ((name, before), (_, after)) in same {
        for (keyword, impact) in [
            ("authorizationUrl", Impact::WIRE),
            ("tokenUrl", Impact::WIRE),
            ("refreshUrl", Impact::WIRE),
        ] {
            let (was, is) = (before.get(keyword), after.get(keyword));
            if was.as_ref().map(|node| node.value) != is.as_ref().map(|node| node.value) {
                let what = change_of(
                    &format!("flow `{name}`, {keyword}"),
                    was.as_ref(),
                    is.as_ref(),
                );
                comparison.report(was.as_ref(), is.as_ref(), impact, what);
            }
        }
        let (kept, lost, gained) = pair_up(
            members(&before, "scopes"),
            members(&after, "scopes"),
            |a, b| a.0 == b.0,
        );
        for (scope, gone) in lost {
            let (impact, note) = match asked_for.contains(scope) {
                true => (Impact::WIRE, ""),
                false => (Impact::DOCUMENTATION, ", which no operation asks for"),
            };
            comparison.removed(
                &gone,
                impact,
                format!("flow `{name}`: scope `{scope}` removed{note}"),
            );
        }
        for (scope, new) in gained {
            comparison.added(
                &new,
                Impact::ADDITIVE,
                format!("flow `{name}`: scope `{scope}` added"),
            );
        }
        for ((scope, was), (_, is)) in kept {
            if !reads_the_same(was.value, is.value) {
                let what = format!(
                    "flow `{name}`: scope `{scope}` is now described as {}",
                    show(is.value)
                );
                comparison.changed(&was, &is, Impact::DOCUMENTATION, what);
            }
        }
    }
}

/// The scopes of a scheme that any operation asks for.
fn scopes_asked_for(root: &Value, scheme: &str) -> BTreeSet<String> {
    let operations = model::operations(root);
    let requirements = operations
        .iter()
        .flat_map(|operation| model::requirements(root, operation));
    let schemes = requirements.flat_map(|requirement| requirement.schemes);
    let of_it = schemes.filter(|(name, _)| *name == scheme);
    of_it
        .flat_map(|(_, scopes)| scopes)
        .map(str::to_owned)
        .collect()
}
