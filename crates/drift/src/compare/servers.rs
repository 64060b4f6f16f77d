//! The whole of two documents: what stands above and beside the operations.

use super::Report;
use super::comparison::{Comparison, Direction, Impact};
use super::documentation::{change_of, pair_up, set_difference};
use super::source::Source;
use super::text::reads_the_same;
use openapi::Document;
use openapi::Node;
use std::collections::{BTreeSet, HashSet};

/// Compares two OpenAPI documents by meaning.
///
/// Content with examples and no schema is compared by the schema inferred from them. Neither
/// document has to be valid: what does not make sense as OpenAPI is compared as plain data.
pub fn compare(old: &Document, new: &Document) -> Report {
    let (before, after) = (Source::new(old), Source::new(new));
    let mut comparison = Comparison::new(&before, &after);
    let (from, to) = (Node::root(&before.value), Node::root(&after.value));
    comparison.operations();
    comparison.catch_up();
    comparison.unused(&before.used(), &after.used());
    comparison.catch_up();
    comparison.tags(&from, &to);
    let top = ["info", "paths", "components", "servers", "security", "tags"];
    comparison.documentation(&from, &to, &top);
    match (from.get("info"), to.get("info")) {
        (Some(before), Some(after)) => comparison.documentation(&before, &after, &[]),
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
    Report {
        old: old.name().to_owned(),
        new: new.name().to_owned(),
        changes,
        accepted: Vec::new(),
    }
}

impl<'a> Comparison<'a> {
    /// The servers of an operation: its own, else its path's, else the document's.
    pub fn servers_in_effect(&mut self, old: [&Node<'a>; 2], new: [&Node<'a>; 2]) {
        let in_effect = |root: Node<'a>, holders: [&Node<'a>; 2]| {
            let own = holders.iter().find_map(|holder| holder.get("servers"));
            own.or_else(|| root.get("servers"))
        };
        let from = in_effect(Node::root(self.old), old);
        let to = in_effect(Node::root(self.new), new);
        let nowhere = |node: &Option<Node<'a>>, holder: &Node<'a>| {
            node.clone().unwrap_or_else(|| holder.clone())
        };
        let (from, to) = (nowhere(&from, old[0]), nowhere(&to, new[0]));
        self.shared(&from, &to, Direction::Request, |this| {
            this.servers(&from, &to)
        });
    }

    fn servers(&mut self, old: &Node<'a>, new: &Node<'a>) {
        let url = |node: &Node<'a>| node.str("url").unwrap_or("/");
        let bare = |node: &Node<'a>| url(node).trim_end_matches('/');
        let described = |node: &Node<'a>| node.str("description").filter(|text| !text.is_empty());
        let (same, before, after) =
            pair_up(old.items().collect(), new.items().collect(), |a, b| {
                url(a) == url(b)
            });
        let (slashed, before, after) = pair_up(before, after, |a, b| bare(a) == bare(b));
        let (named, mut before, mut after) = pair_up(before, after, |a, b| {
            described(a).is_some() && described(a) == described(b)
        });
        let lone =
            (before.len() == 1 && after.len() == 1).then(|| (before.remove(0), after.remove(0)));
        for (was, is) in &slashed {
            let what = format!("url is now written `{}`", url(is));
            self.report(
                was.get("url").as_ref(),
                is.get("url").as_ref(),
                Impact::DOCUMENTATION,
                what,
            );
        }
        for (was, is) in named.iter().chain(&lone) {
            let what = format!("url changed from `{}` to `{}`", url(was), url(is));
            self.report(
                was.get("url").as_ref(),
                is.get("url").as_ref(),
                Impact::WIRE,
                what,
            );
        }
        for gone in before {
            self.report(Some(&gone), None, Impact::BOTH, "removed");
        }
        for new in after {
            self.report(None, Some(&new), Impact::ADDITIVE, "added");
        }
        for (was, is) in same.into_iter().chain(slashed).chain(named).chain(lone) {
            self.server_variables(&was, &is);
            self.documentation(&was, &is, &["url", "variables"]);
        }
    }

    fn server_variables(&mut self, old: &Node<'a>, new: &Node<'a>) {
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
                self.report(was.as_ref(), is.as_ref(), Impact::WIRE, what);
            }
            if let (Some(was), Some(is)) = (before.get("enum"), after.get("enum")) {
                let (lost, gained) = set_difference(&was, &is);
                for value in lost {
                    let what = format!(
                        "value {} of variable `{name}` removed",
                        super::documentation::show(value.value)
                    );
                    self.report(Some(&value), None, Impact::WIRE, what);
                }
                for value in gained {
                    let what = format!(
                        "value {} of variable `{name}` added",
                        super::documentation::show(value.value)
                    );
                    self.report(None, Some(&value), Impact::ADDITIVE, what);
                }
            } else if before.get("enum").is_some() != after.get("enum").is_some() {
                let impact = if after.get("enum").is_some() {
                    Impact::WIRE
                } else {
                    Impact::ADDITIVE
                };
                self.report(
                    Some(&before),
                    Some(&after),
                    impact,
                    format!("values of variable `{name}` changed"),
                );
            }
            self.documentation(&before, &after, &["default", "enum"]);
        }
        for (name, gone) in removed {
            self.report(
                Some(&gone),
                None,
                Impact::WIRE,
                format!("variable `{name}` removed"),
            );
        }
        for (name, new) in added {
            self.report(
                None,
                Some(&new),
                Impact::ADDITIVE,
                format!("variable `{name}` added"),
            );
        }
    }

    /// The tags of the document, by name; their texts only.
    fn tags(&mut self, old: &Node<'a>, new: &Node<'a>) {
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
            self.documentation(&before, &after, &["name"]);
        }
        for gone in removed {
            self.report(Some(&gone), None, Impact::DOCUMENTATION, "removed");
        }
        for new in added {
            self.report(None, Some(&new), Impact::DOCUMENTATION, "added");
        }
    }

    /// Components that no operation leads to. Schemas among them are Rust types all the same.
    fn unused(&mut self, used_before: &HashSet<String>, used_after: &HashSet<String>) {
        let components = |node: Node<'a>| node.get("components");
        let (old, new) = (
            components(Node::root(self.old)),
            components(Node::root(self.new)),
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
                    let (compared_before, compared_after) = &self.compared_schemas;
                    if !(compared_before.contains(name) && compared_after.contains(name)) {
                        self.schema(&before, &after, Direction::Unused);
                    }
                } else if !used_before.contains(&before.pointer)
                    && !used_after.contains(&after.pointer)
                    && !reads_the_same(before.value, after.value)
                {
                    self.report(
                        Some(&before),
                        Some(&after),
                        Impact::DOCUMENTATION,
                        "changed (not in use)",
                    );
                }
            }
            // What was in use was reported where it was used.
            for (name, gone) in removed {
                let renamed = schemas && self.compared_schemas.0.contains(name);
                if !renamed && !used_before.contains(&gone.pointer) {
                    let impact = if schemas {
                        Impact::RUST
                    } else {
                        Impact::DOCUMENTATION
                    };
                    self.report(Some(&gone), None, impact, "removed (was not in use)");
                }
            }
            for (name, new) in added {
                let renamed = schemas && self.compared_schemas.1.contains(name);
                if !renamed && !used_after.contains(&new.pointer) {
                    let impact = if schemas {
                        Impact::ADDITIVE
                    } else {
                        Impact::DOCUMENTATION
                    };
                    self.report(None, Some(&new), impact, "added (not in use)");
                }
            }
        }
    }
}
