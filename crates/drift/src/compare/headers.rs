//! Headers of a response.

use super::comparison::Comparison;
use super::content::value_schemas;
use super::documentation::{documentation, named_examples};
use super::impact::{Direction, Impact};
use super::pairs::pair_up;
use super::parameters::HANDLED;
use openapi::Node;
use serde_json::Value;

/// Compares the headers of a response.
pub(super) fn headers<'a>(comparison: &mut Comparison<'a>, old: &Node<'a>, new: &Node<'a>) {
    let headers = |root: &'a Value, node: &Node<'a>| -> Vec<(&'a str, Node<'a>)> {
        let all = node.get("headers");
        all.iter()
            .flat_map(|all| all.members())
            .map(|(name, node)| (name, node.resolved(root)))
            .collect()
    };
    let (pairs, removed, added) = pair_up(
        headers(comparison.old, old),
        headers(comparison.new, new),
        |a, b| a.0.eq_ignore_ascii_case(b.0),
    );
    for ((_, before), (_, after)) in pairs {
        comparison.shared(&before, &after, Direction::Response, |comparison| {
            let (impact, what) = match (before.flag("required"), after.flag("required")) {
                (true, false) => (Impact::WIRE, "is no longer required"),
                (false, true) => (Impact::ADDITIVE, "is now required"),
                _ => (Impact::DOCUMENTATION, ""),
            };
            if !what.is_empty() {
                comparison.changed(&before, &after, impact, what);
            }
            value_schemas(comparison, &before, &after, Direction::Response);
            documentation(comparison, &before, &after, &HANDLED);
            named_examples(comparison, &before, &after);
        });
    }
    for (_, gone) in removed {
        comparison.removed(&gone, Impact::WIRE, "removed");
    }
    for (_, new) in added {
        comparison.added(&new, Impact::ADDITIVE, "added");
    }
}
