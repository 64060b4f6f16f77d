//! Request bodies and responses.

use super::comparison::{Comparison, Direction, Impact};
use super::content::contents;
use super::documentation::{documentation, pair_up};
use super::parameters::headers;
use openapi::Node;
use openapi::model::{self, Operation, is_success};
use serde_json::Value;

/// Compares what two operations send.
pub(super) fn request_bodies<'a>(comparison: &mut Comparison<'a>, old: &Node<'a>, new: &Node<'a>) {
    let body =
        |root: &'a Value, node: &Node<'a>| node.get("requestBody").map(|body| body.resolved(root));
    match (body(comparison.old, old), body(comparison.new, new)) {
        (None, None) => {}
        (Some(before), None) => comparison.report(Some(&before), None, Impact::BOTH, "removed"),
        (None, Some(after)) if after.flag("required") => {
            comparison.report(None, Some(&after), Impact::BOTH, "added and required");
        }
        (None, Some(after)) => comparison.report(None, Some(&after), Impact::ADDITIVE, "added"),
        (Some(before), Some(after)) => {
            comparison.shared(&before, &after, Direction::Request, |this| {
                match (before.flag("required"), after.flag("required")) {
                    (false, true) => {
                        this.report(Some(&before), Some(&after), Impact::BOTH, "is now required")
                    }
                    (true, false) => this.report(
                        Some(&before),
                        Some(&after),
                        Impact::RUST,
                        "is no longer required",
                    ),
                    _ => {}
                }
                contents(this, &before, &after, Direction::Request);
                documentation(this, &before, &after, &["required", "content"]);
            })
        }
    }
}

/// Compares what two operations receive.
pub(super) fn responses<'a>(
    comparison: &mut Comparison<'a>,
    old: &Operation<'a>,
    new: &Operation<'a>,
) {
    let responses = |document: &'a Value, operation: &Operation<'a>| -> Vec<(String, Node<'a>)> {
        let all = model::responses(document, operation).into_iter();
        all.map(|response| (response.status.to_ascii_uppercase(), response.node))
            .collect()
    };
    let (mut pairs, mut removed, mut added) = pair_up(
        responses(comparison.old, old),
        responses(comparison.new, new),
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
        comparison.report(Some(&before.1), Some(&after.1), Impact::WIRE, what);
        pairs.push((before, after));
    }
    for ((_, before), (_, after)) in pairs {
        comparison.shared(&before, &after, Direction::Response, |this| {
            contents(this, &before, &after, Direction::Response);
            headers(this, &before, &after);
            documentation(this, &before, &after, &["content", "headers"]);
        });
    }
    for (status, gone) in removed {
        if is_success(&status) {
            comparison.report(
                Some(&gone),
                None,
                Impact::BOTH,
                format!("success status {status} removed"),
            );
        } else {
            // Our error type is the same for every status, documented or not.
            comparison.report(
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
        comparison.report(
            None,
            Some(&new),
            Impact::ADDITIVE,
            format!("{kind} status {status} added"),
        );
    }
}
