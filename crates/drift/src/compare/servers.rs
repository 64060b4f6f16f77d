//! Servers and their variables.

use super::comparison::Comparison;
use super::documentation::documentation;
use super::impact::{Direction, Impact};
use super::pairs::{pair_up, set_difference};
use super::text::{change_of, show};
use openapi::Node;

/// Compares the servers of an operation: its own, else those of its path, else of the document.
pub(super) fn servers_in_effect<'a>(
    comparison: &mut Comparison<'a>,
    old: [&Node<'a>; 2],
    new: [&Node<'a>; 2],
) {
    let in_effect = |root: Node<'a>, holders: [&Node<'a>; 2]| {
        let own = holders.iter().find_map(|holder| holder.get("servers"));
        own.or_else(|| root.get("servers"))
    };
    let from = in_effect(Node::root(comparison.old), old);
    let to = in_effect(Node::root(comparison.new), new);
    let place =
        |node: &Option<Node<'a>>, holder: &Node<'a>| node.clone().unwrap_or_else(|| holder.clone());
    let (from, to) = (place(&from, old[0]), place(&to, new[0]));
    comparison.shared(&from, &to, Direction::Request, |comparison| {
        servers(comparison, &from, &to)
    });
}

fn servers<'a>(comparison: &mut Comparison<'a>, old: &Node<'a>, new: &Node<'a>) {
    let url = |node: &Node<'a>| node.str("url").unwrap_or("/");
    let bare = |node: &Node<'a>| url(node).trim_end_matches('/');
    let described = |node: &Node<'a>| node.str("description").filter(|text| !text.is_empty());
    let (same, before, after) = pair_up(old.items().collect(), new.items().collect(), |a, b| {
        url(a) == url(b)
    });
    let (slashed, before, after) = pair_up(before, after, |a, b| bare(a) == bare(b));
    let (named, mut before, mut after) = pair_up(before, after, |a, b| {
        described(a).is_some() && described(a) == described(b)
    });
    let lone = (before.len() == 1 && after.len() == 1).then(|| (before.remove(0), after.remove(0)));
    for (was, is) in &slashed {
        let what = format!("url is now written `{}`", url(is));
        comparison.report(
            was.get("url").as_ref(),
            is.get("url").as_ref(),
            Impact::DOCUMENTATION,
            what,
        );
    }
    for (was, is) in named.iter().chain(&lone) {
        let what = format!("url changed from `{}` to `{}`", url(was), url(is));
        comparison.report(
            was.get("url").as_ref(),
            is.get("url").as_ref(),
            Impact::WIRE,
            what,
        );
    }
    for gone in before {
        comparison.removed(&gone, Impact::BOTH, "removed");
    }
    for new in after {
        comparison.added(&new, Impact::ADDITIVE, "added");
    }
    for (was, is) in same.into_iter().chain(slashed).chain(named).chain(lone) {
        server_variables(comparison, &was, &is);
        documentation(comparison, &was, &is, &["url", "variables"]);
    }
}

fn server_variables<'a>(comparison: &mut Comparison<'a>, old: &Node<'a>, new: &Node<'a>) {
    let variables = |node: &Node<'a>| -> Vec<(&'a str, Node<'a>)> {
        node.get("variables")
            .iter()
            .flat_map(|all| all.members())
            .collect()
    };
    let (same, removed, added) = pair_up(variables(old), variables(new), |a, b| a.0 == b.0);
    for ((name, before), (_, after)) in same {
        let (was, is) = (before.get("default"), after.get("default"));
        if was.as_ref().map(|node| node.value) != is.as_ref().map(|node| node.value) {
            let what = change_of(
                &format!("default of variable `{name}`"),
                was.as_ref(),
                is.as_ref(),
            );
            comparison.report(was.as_ref(), is.as_ref(), Impact::WIRE, what);
        }
        if let (Some(was), Some(is)) = (before.get("enum"), after.get("enum")) {
            let (lost, gained) = set_difference(&was, &is);
            for value in lost {
                let what = format!("value {} of variable `{name}` removed", show(value.value));
                comparison.removed(&value, Impact::WIRE, what);
            }
            for value in gained {
                let what = format!("value {} of variable `{name}` added", show(value.value));
                comparison.added(&value, Impact::ADDITIVE, what);
            }
        } else if before.get("enum").is_some() != after.get("enum").is_some() {
            let impact = if after.get("enum").is_some() {
                Impact::WIRE
            } else {
                Impact::ADDITIVE
            };
            comparison.changed(
                &before,
                &after,
                impact,
                format!("values of variable `{name}` changed"),
            );
        }
        documentation(comparison, &before, &after, &["default", "enum"]);
    }
    for (name, gone) in removed {
        comparison.removed(&gone, Impact::WIRE, format!("variable `{name}` removed"));
    }
    for (name, new) in added {
        comparison.added(&new, Impact::ADDITIVE, format!("variable `{name}` added"));
    }
}
