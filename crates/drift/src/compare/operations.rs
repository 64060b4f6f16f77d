//! Operations: pairs of the two documents, and the parts of each pair.

use super::comparison::Comparison;
use super::documentation::documentation;
use super::impact::Impact;
use super::messages::{request_bodies, responses};
use super::pairs::{pair_up, set_difference};
use super::parameters::{in_effect, parameters};
use super::security::security;
use super::servers::servers_in_effect;
use super::text::{reads_the_same, text};
use openapi::Node;
use openapi::model::{self, METHODS, Operation};
use serde_json::Value;

const HANDLED: [&str; 8] = [
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "security",
    "servers",
    "tags",
    "callbacks",
];

/// Compares all operations.
pub(super) fn all_operations<'a>(comparison: &mut Comparison<'a>) {
    let (same, old, new) = pair_up(
        model::operations(comparison.old),
        model::operations(comparison.new),
        |a, b| a.method == b.method && a.path == b.path,
    );
    let (renamed, old, new) = pair_up(old, new, |a, b| {
        a.method == b.method && template(a.path) == template(b.path)
    });
    let (mut moved, old, new) = pair_up(old, new, |a, b| a.id().is_some() && a.id() == b.id());
    let (slashed, removed, added) = pair_up(old, new, |a, b| {
        let bare = |path: &str| template(path.trim_end_matches('/'));
        a.method == b.method && bare(a.path) == bare(b.path)
    });
    moved.extend(slashed);
    for (before, after) in same.into_iter().chain(renamed) {
        comparison.operation(after.label(), |comparison| {
            if before.path != after.path {
                path_parameter_names(comparison, &before, &after);
            }
            operation_pair(comparison, &before, &after);
        });
    }
    for (before, after) in moved {
        comparison.operation(after.label(), |comparison| {
            let what = format!("moved from `{}` to `{}`", before.label(), after.label());
            comparison.changed(&before.node, &after.node, Impact::WIRE, what);
            operation_pair(comparison, &before, &after);
        });
    }
    for gone in removed {
        comparison.operation(gone.label(), |comparison| {
            comparison.removed(
                &gone.node,
                Impact::BOTH,
                format!("operation{} removed", id(&gone)),
            );
        });
    }
    for new in added {
        comparison.operation(new.label(), |comparison| {
            comparison.added(
                &new.node,
                Impact::ADDITIVE,
                format!("operation{} added", id(&new)),
            );
        });
    }
}

/// Compares what is among the paths and is none: a path starts with a slash. No client has it, but a server may.
pub(super) fn other_members_of_paths<'a>(comparison: &mut Comparison<'a>) {
    let others = |root: &'a Value| -> Vec<(&'a str, Node<'a>)> {
        let paths = Node::root(root).get("paths");
        let members = paths.iter().flat_map(|paths| paths.members());
        members.filter(|(path, _)| !path.starts_with('/')).collect()
    };
    let (old, new) = (others(comparison.old), others(comparison.new));
    let (same, removed, added) = pair_up(old, new, |a, b| a.0 == b.0);
    let impact = |name: &str, impact: Impact| match name.starts_with("x-") {
        true => Impact::DOCUMENTATION,
        false => impact,
    };
    for ((name, before), (_, after)) in same {
        if !reads_the_same(before.value, after.value) {
            let what = format!("`{name}` among the paths changed: not weighed");
            comparison.changed(&before, &after, impact(name, Impact::WIRE), what);
        }
    }
    for (name, gone) in removed {
        let what = format!("`{name}` among the paths removed");
        comparison.removed(&gone, impact(name, Impact::WIRE), what);
    }
    for (name, new) in added {
        let what = format!("`{name}` among the paths added");
        comparison.added(&new, impact(name, Impact::ADDITIVE), what);
    }
}

/// Compares the names in two path templates. They are not sent, but mocks and commands have them.
fn path_parameter_names<'a>(
    comparison: &mut Comparison<'a>,
    old: &Operation<'a>,
    new: &Operation<'a>,
) {
    for (before, after) in renamed(old.path, new.path) {
        let what = format!("path parameter renamed from `{before}` to `{after}`");
        comparison.changed(&old.item, &new.item, Impact::RUST, what);
    }
}

fn operation_pair<'a>(comparison: &mut Comparison<'a>, old: &Operation<'a>, new: &Operation<'a>) {
    if old.id() != new.id() {
        let (before, after) = (old.node.get("operationId"), new.node.get("operationId"));
        let what = match (old.id(), new.id()) {
            (Some(before), Some(after)) => {
                format!("operationId renamed from `{before}` to `{after}`")
            }
            (None, _) => "operationId added".to_owned(),
            (_, None) => "operationId removed".to_owned(),
        };
        comparison.report(before.as_ref(), after.as_ref(), Impact::RUST, what);
    }
    let before = in_effect(comparison.old, old);
    let after = in_effect(comparison.new, new);
    parameters(comparison, before, after, &renamed(old.path, new.path));
    request_bodies(comparison, &old.node, &new.node);
    responses(comparison, old, new);
    security(comparison, old, new);
    servers_in_effect(comparison, [&old.node, &old.item], [&new.node, &new.item]);
    tags_of(comparison, &old.node, &new.node);
    callbacks(comparison, &old.node, &new.node);
    documentation(comparison, &old.node, &new.node, &HANDLED);
    let mut of_path = METHODS.to_vec();
    of_path.extend(["parameters", "servers"]);
    documentation(comparison, &old.item, &new.item, &of_path);
}

fn tags_of<'a>(comparison: &mut Comparison<'a>, old: &Node<'a>, new: &Node<'a>) {
    let (before, after) = (old.get("tags"), new.get("tags"));
    let nothing = || Node {
        pointer: String::new(),
        value: &Value::Null,
    };
    let (removed, added) = set_difference(
        &before.unwrap_or_else(nothing),
        &after.unwrap_or_else(nothing),
    );
    for tag in removed {
        let what = format!("tag `{}` removed", text(tag.value));
        comparison.removed(&tag, Impact::DOCUMENTATION, what);
    }
    for tag in added {
        let what = format!("tag `{}` added", text(tag.value));
        comparison.added(&tag, Impact::DOCUMENTATION, what);
    }
}

/// Compares callbacks. They are requests of the server; the clients do not have them.
fn callbacks<'a>(comparison: &mut Comparison<'a>, old: &Node<'a>, new: &Node<'a>) {
    let (before, after) = (old.get("callbacks"), new.get("callbacks"));
    let same = match (&before, &after) {
        (Some(before), Some(after)) => reads_the_same(before.value, after.value),
        (before, after) => before.is_none() && after.is_none(),
    };
    if !same {
        let what = "callbacks changed (not part of the client)";
        comparison.report(before.as_ref(), after.as_ref(), Impact::DOCUMENTATION, what);
    }
}

fn id(operation: &Operation<'_>) -> String {
    operation
        .id()
        .map(|id| format!(" `{id}`"))
        .unwrap_or_default()
}

/// A path template without the names of its parameters.
fn template(path: &str) -> String {
    let mut template = String::with_capacity(path.len());
    let mut inside = false;
    for character in path.chars() {
        match character {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        template.push(character);
    }
    template
}

/// The names of a path template's parameters.
fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
}

/// The names that differ between two path templates, in order.
fn renamed<'p>(old: &'p str, new: &'p str) -> Vec<(&'p str, &'p str)> {
    if old == new || template(old) != template(new) {
        return Vec::new();
    }
    names(old)
        .zip(names(new))
        .filter(|(old, new)| old != new)
        .collect()
}
