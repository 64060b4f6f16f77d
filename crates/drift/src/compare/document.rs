//! Two whole documents: operations, unused components, tags, `info`.

use super::comparison::Comparison;
use super::documentation::documentation;
use super::impact::{Direction, Impact};
use super::operations::{all_operations, other_members_of_paths};
use super::pairs::pair_up;
use super::schema::{schema, waiting_schemas};
use super::source::Source;
use super::text::{change_of, reads_the_same};
use crate::report::{Report, RustEffect};
use openapi::{Document, Node, model};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Compares two OpenAPI documents by meaning.
///
/// Content with examples and no schema is compared by the schema inferred from them. Neither
/// document has to be valid: what does not make sense as OpenAPI is compared as plain data.
pub fn compare(old: &Document, new: &Document) -> Report {
    let (before, after) = (Source::new(old), Source::new(new));
    let mut comparison = Comparison::new(&before, &after);
    let (from, to) = (Node::root(&before.value), Node::root(&after.value));
    all_operations(&mut comparison);
    other_members_of_paths(&mut comparison);
    waiting_schemas(&mut comparison);
    unused(&mut comparison, &before.used(), &after.used());
    waiting_schemas(&mut comparison);
    tags(&mut comparison, &from, &to);
    version(&mut comparison, &from, &to);
    let top = [
        "openapi",
        "info",
        "paths",
        "components",
        "servers",
        "security",
        "tags",
        "webhooks",
        "jsonSchemaDialect",
    ];
    documentation(&mut comparison, &from, &to, &top);
    not_in_3_0(
        &mut comparison,
        &Node::root(old.value()),
        &Node::root(new.value()),
    );
    match (from.get("info"), to.get("info")) {
        (Some(before), Some(after)) => {
            documentation(&mut comparison, &before, &after, &["summary"])
        }
        (None, None) => {}
        (before, after) => {
            let what = if before.is_some() {
                "info removed"
            } else {
                "info added"
            };
            comparison.report(before.as_ref(), after.as_ref(), Impact::DOCUMENTATION, what);
        }
    }
    let changes = comparison.finish(&before, &after);
    let (latent, changes) = changes.into_iter().partition(|change| change.is_latent);
    let mut report = Report {
        old: old.name().to_owned(),
        new: new.name().to_owned(),
        changes,
        latent,
        accepted: Vec::new(),
        rust: RustEffect::NotAsked,
        resources: BTreeMap::new(),
        ids: BTreeMap::new(),
    };
    for operation in model::operations(&before.value)
        .into_iter()
        .chain(model::operations(&after.value))
    {
        let tag = operation.node.value["tags"][0].as_str().map(str::to_owned);
        let word = || {
            operation
                .path
                .split('/')
                .find(|word| !word.is_empty())
                .unwrap_or("/")
                .to_owned()
        };
        let label = operation.label();
        report
            .ids
            .extend(operation.id().map(|id| (label.clone(), id.to_owned())));
        report.resources.insert(label, tag.unwrap_or_else(word));
    }
    report.sort();
    report
}

/// Compares the versions of OpenAPI: another one is another way to write the same.
fn version<'a>(comparison: &mut Comparison<'a>, old: &Node<'a>, new: &Node<'a>) {
    let (before, after) = (old.get("openapi"), new.get("openapi"));
    let value = |node: &Option<Node<'a>>| node.as_ref().map(|node| node.value);
    if value(&before) != value(&after) {
        let what = change_of("OpenAPI version", before.as_ref(), after.as_ref());
        comparison.report(before.as_ref(), after.as_ref(), Impact::DOCUMENTATION, what);
    }
}

/// Compares what the words of OpenAPI 3.0 have no place for: no client has any of it.
fn not_in_3_0(comparison: &mut Comparison<'_>, old: &Node<'_>, new: &Node<'_>) {
    const NOT_OF_CLIENT: &str = "(not part of the client)";
    const NOT_WEIGHED: &str = "(not weighed, so it counts as breaking)";
    for (at, impact, note) in [
        ("/webhooks", Impact::DOCUMENTATION, NOT_OF_CLIENT),
        ("/info/summary", Impact::DOCUMENTATION, NOT_OF_CLIENT),
        ("/jsonSchemaDialect", Impact::WIRE, NOT_WEIGHED),
    ] {
        let find = |root: &Node<'_>| root.value.pointer(at).cloned();
        let (before, after) = (find(old), find(new));
        let what = match (&before, &after) {
            (Some(before), Some(after)) if reads_the_same(before, after) => continue,
            (None, None) => continue,
            (Some(_), Some(_)) => "changed",
            (None, _) => "added",
            (_, None) => "removed",
        };
        let node = |found: &Option<Value>| {
            found.is_some().then(|| Node {
                pointer: at.to_owned(),
                value: &Value::Null,
            })
        };
        let name = at.rsplit('/').next().unwrap_or_default();
        let what = format!("{name} {what} {note}");
        comparison.report(node(&before).as_ref(), node(&after).as_ref(), impact, what);
    }
}

/// Compares the texts of the tags of the document, by name.
fn tags<'a>(comparison: &mut Comparison<'a>, old: &Node<'a>, new: &Node<'a>) {
    let tags = |node: &Node<'a>| -> Vec<Node<'a>> {
        node.get("tags")
            .iter()
            .flat_map(|tags| tags.items())
            .collect()
    };
    let (same, removed, added) = pair_up(tags(old), tags(new), |a, b| {
        a.str("name").is_some() && a.str("name") == b.str("name")
    });
    for (before, after) in same {
        documentation(comparison, &before, &after, &["name"]);
    }
    for gone in removed {
        comparison.removed(&gone, Impact::DOCUMENTATION, "removed");
    }
    for new in added {
        comparison.added(&new, Impact::DOCUMENTATION, "added");
    }
}

/// Compares the components that no operation leads to. The schemas among them are Rust types, too.
fn unused<'a>(
    comparison: &mut Comparison<'a>,
    used_before: &HashSet<String>,
    used_after: &HashSet<String>,
) {
    let components = |node: Node<'a>| node.get("components");
    let (old, new) = (
        components(Node::root(comparison.old)),
        components(Node::root(comparison.new)),
    );
    let kinds: BTreeSet<&str> = [&old, &new]
        .into_iter()
        .flatten()
        .flat_map(|all| all.members())
        .map(|(kind, _)| kind)
        .collect();
    for kind in kinds {
        let of_kind = |all: &Option<Node<'a>>| -> Vec<(&'a str, Node<'a>)> {
            let kind = all.as_ref().and_then(|all| all.get(kind));
            kind.iter().flat_map(|all| all.members()).collect()
        };
        let (same, removed, added) = pair_up(of_kind(&old), of_kind(&new), |a, b| a.0 == b.0);
        let schemas = kind == "schemas";
        for ((name, before), (_, after)) in same {
            if schemas {
                let (compared_before, compared_after) = &comparison.compared_schemas;
                if !(compared_before.contains(name) && compared_after.contains(name)) {
                    schema(comparison, &before, &after, Direction::Unused);
                }
            } else if !used_before.contains(&before.pointer)
                && !used_after.contains(&after.pointer)
                && !reads_the_same(before.value, after.value)
            {
                comparison.changed(
                    &before,
                    &after,
                    Impact::DOCUMENTATION,
                    "changed (not in use)",
                );
            }
        }
        // What was in use has been reported where it was used.
        for (name, gone) in removed {
            let renamed = schemas && comparison.compared_schemas.0.contains(name);
            if !renamed && !used_before.contains(&gone.pointer) {
                let impact = if schemas {
                    Impact::RUST
                } else {
                    Impact::DOCUMENTATION
                };
                comparison.removed(&gone, impact, "removed (was not in use)");
            }
        }
        for (name, new) in added {
            let renamed = schemas && comparison.compared_schemas.1.contains(name);
            if !renamed && !used_after.contains(&new.pointer) {
                let impact = if schemas {
                    Impact::ADDITIVE
                } else {
                    Impact::DOCUMENTATION
                };
                comparison.added(&new, impact, "added (not in use)");
            }
        }
    }
}
