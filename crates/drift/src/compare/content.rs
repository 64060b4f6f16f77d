//! Request bodies, responses, and the content of both.

use super::comparison::{Comparison, Direction, Impact};
use super::documentation::pair_up;
use super::text::reads_the_same;
use openapi::Node;
use openapi::model::{self, Operation, is_json, is_success, same_media_type};
use serde_json::Value;

impl<'a> Comparison<'a> {
    /// Compares what two operations send.
    pub fn request_bodies(&mut self, old: &Node<'a>, new: &Node<'a>) {
        let body = |root: &'a Value, node: &Node<'a>| {
            node.get("requestBody").map(|body| body.resolved(root))
        };
        match (body(self.old, old), body(self.new, new)) {
            (None, None) => {}
            (Some(before), None) => self.report(Some(&before), None, Impact::BOTH, "removed"),
            (None, Some(after)) if after.flag("required") => {
                self.report(None, Some(&after), Impact::BOTH, "added and required");
            }
            (None, Some(after)) => self.report(None, Some(&after), Impact::ADDITIVE, "added"),
            (Some(before), Some(after)) => {
                self.shared(&before, &after, Direction::Request, |this| {
                    match (before.flag("required"), after.flag("required")) {
                        (false, true) => this.report(
                            Some(&before),
                            Some(&after),
                            Impact::BOTH,
                            "is now required",
                        ),
                        (true, false) => this.report(
                            Some(&before),
                            Some(&after),
                            Impact::RUST,
                            "is no longer required",
                        ),
                        _ => {}
                    }
                    this.contents(&before, &after, Direction::Request);
                    this.documentation(&before, &after, &["required", "content"]);
                })
            }
        }
    }

    /// Compares what two operations receive.
    pub fn responses(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let responses =
            |document: &'a Value, operation: &Operation<'a>| -> Vec<(String, Node<'a>)> {
                let all = model::responses(document, operation).into_iter();
                all.map(|response| (response.status.to_ascii_uppercase(), response.node))
                    .collect()
            };
        let (mut pairs, mut removed, mut added) = pair_up(
            responses(self.old, old),
            responses(self.new, new),
            |a, b| a.0 == b.0,
        );
        let lone = |list: &[(String, Node<'a>)]| -> Option<usize> {
            let mut successes = list
                .iter()
                .enumerate()
                .filter(|(_, (status, _))| is_success(status));
            let (at, _) = successes.next()?;
            successes.next().is_none().then_some(at)
        };
        if let (Some(before), Some(after)) = (lone(&removed), lone(&added)) {
            let (before, after) = (removed.remove(before), added.remove(after));
            let what = format!("success status changed from {} to {}", before.0, after.0);
            self.report(Some(&before.1), Some(&after.1), Impact::WIRE, what);
            pairs.push((before, after));
        }
        for ((_, before), (_, after)) in pairs {
            self.shared(&before, &after, Direction::Response, |this| {
                this.contents(&before, &after, Direction::Response);
                this.headers(&before, &after);
                this.documentation(&before, &after, &["content", "headers"]);
            });
        }
        for (status, gone) in removed {
            if is_success(&status) {
                self.report(
                    Some(&gone),
                    None,
                    Impact::BOTH,
                    format!("success status {status} removed"),
                );
            } else {
                // Our error type is the same for every status, documented or not.
                self.report(
                    Some(&gone),
                    None,
                    Impact::DOCUMENTATION,
                    format!("error status {status} removed"),
                );
            }
        }
        for (status, new) in added {
            let kind = if is_success(&status) {
                "success"
            } else {
                "error"
            };
            self.report(
                None,
                Some(&new),
                Impact::ADDITIVE,
                format!("{kind} status {status} added"),
            );
        }
    }

    fn contents(&mut self, old: &Node<'a>, new: &Node<'a>, direction: Direction) {
        match (old.get("content"), new.get("content")) {
            (Some(before), Some(after)) => self.content(&before, &after, direction),
            (None, Some(after)) if has_members(&after) => {
                // There was nothing to decode; now there is.
                self.report(
                    Some(old),
                    Some(&after),
                    direction.narrowed().and_rust(true),
                    "content added",
                );
            }
            (Some(before), None) if has_members(&before) => {
                self.report(
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
    pub fn content(&mut self, old: &Node<'a>, new: &Node<'a>, direction: Direction) {
        let (pairs, mut removed, mut added) = pair_up(
            old.members().collect(),
            new.members().collect(),
            |a: &(&str, Node<'a>), b| same_media_type(a.0, b.0),
        );
        for ((name, before), (_, after)) in pairs {
            self.media(name, &before, &after, direction);
        }
        if let ([(from, before)], [(to, after)]) = (&removed[..], &added[..]) {
            let what = format!("media type changed from `{from}` to `{to}`");
            let typed_alike = is_json(from) == is_json(to);
            self.report(
                Some(before),
                Some(after),
                Impact::WIRE.and_rust(!typed_alike),
                what,
            );
            if typed_alike {
                self.media(to, before, after, direction);
            }
            removed.clear();
            added.clear();
        }
        for (name, gone) in removed {
            self.report(
                Some(&gone),
                None,
                direction.replaced(),
                format!("media type `{name}` removed"),
            );
        }
        for (name, new) in added {
            self.report(
                None,
                Some(&new),
                Impact::ADDITIVE,
                format!("media type `{name}` added"),
            );
        }
    }

    fn media(&mut self, name: &str, old: &Node<'a>, new: &Node<'a>, direction: Direction) {
        let before = self.found();
        self.schemas(
            (old, old.get("schema")),
            (new, new.get("schema")),
            direction,
        );
        let told = self.found() > before && self.is_inferred(old, new);
        let encoding = |node: &Node<'a>| node.get("encoding").filter(has_members);
        let (before, after) = (encoding(old), encoding(new));
        if before.as_ref().map(|node| node.value) != after.as_ref().map(|node| node.value)
            && !is_json(name)
        {
            let (from, to) = (
                before.unwrap_or_else(|| old.clone()),
                after.unwrap_or_else(|| new.clone()),
            );
            self.report(
                Some(&from),
                Some(&to),
                direction.replaced(),
                "encoding changed",
            );
        }
        if told {
            // The schema was read off the examples: what differs in them has been said.
            self.documentation(old, new, &["schema", "encoding", "examples", "example"]);
        } else {
            self.documentation(old, new, &["schema", "encoding", "examples"]);
            self.example_set(old, new);
        }
    }

    /// Named examples, each for itself; references followed.
    pub fn example_set(&mut self, old: &Node<'a>, new: &Node<'a>) {
        let examples = |root: &'a Value, node: &Node<'a>| -> Vec<(&'a str, Node<'a>)> {
            let all = node.get("examples");
            all.iter()
                .flat_map(|all| all.members())
                .map(|(name, node)| (name, node.resolved(root)))
                .collect()
        };
        let (pairs, removed, added) =
            pair_up(examples(self.old, old), examples(self.new, new), |a, b| {
                a.0 == b.0
            });
        for ((name, before), (_, after)) in pairs {
            if !reads_the_same(before.value, after.value) {
                let what = format!("example `{name}` changed");
                self.report(Some(&before), Some(&after), Impact::DOCUMENTATION, what);
            }
        }
        for (name, gone) in removed {
            self.report(
                Some(&gone),
                None,
                Impact::DOCUMENTATION,
                format!("example `{name}` removed"),
            );
        }
        for (name, new) in added {
            self.report(
                None,
                Some(&new),
                Impact::DOCUMENTATION,
                format!("example `{name}` added"),
            );
        }
    }
}

fn has_members(node: &Node<'_>) -> bool {
    node.members().next().is_some()
}
