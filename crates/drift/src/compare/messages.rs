//! Request bodies and responses.

use super::comparison::Comparison;
use super::content::contents;
use super::documentation::documentation;
use super::headers::headers;
use super::impact::{Direction, Impact};
use super::pairs::pair_up;
use openapi::Node;
use openapi::model::{self, Operation, counts_as_success};
use serde_json::Value;

/// Compares what two operations send.
pub(super) fn request_bodies<'a>(comparison: &mut Comparison<'a>, old: &Node<'a>, new: &Node<'a>) {
    let body =
        |root: &'a Value, node: &Node<'a>| node.get("requestBody").map(|body| body.resolved(root));
    match (body(comparison.old, old), body(comparison.new, new)) {
        (None, None) => {}
        (Some(before), None) => comparison.removed(&before, Impact::BOTH, "removed"),
        (None, Some(after)) if after.flag("required") => {
            comparison.added(&after, Impact::BOTH, "added and required");
        }
        (None, Some(after)) => comparison.added(&after, Impact::ADDITIVE, "added"),
        (Some(before), Some(after)) => {
            comparison.shared(&before, &after, Direction::Request, |comparison| {
                match (before.flag("required"), after.flag("required")) {
                    (false, true) => {
                        comparison.changed(&before, &after, Impact::BOTH, "is now required")
                    }
                    (true, false) => {
                        comparison.changed(&before, &after, Impact::RUST, "is no longer required")
                    }
                    _ => {}
                }
                contents(comparison, &before, &after, Direction::Request);
                documentation(comparison, &before, &after, &["required", "content"]);
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
    let (pairs, mut removed, mut added) = pair_up(
        documented(comparison.old, old),
        documented(comparison.new, new),
        |a, b| a.status.eq_ignore_ascii_case(b.status),
    );
    let lone = |responses: &[Documented<'a>]| -> Option<usize> {
        let mut successes = (0..responses.len()).filter(|at| responses[*at].is_success);
        let at = successes.next()?;
        successes.next().is_none().then_some(at)
    };
    let mut moved = None;
    if let (Some(before), Some(after)) = (lone(&removed), lone(&added)) {
        let (before, after) = (removed.remove(before), added.remove(after));
        let what = format!(
            "success status changed from {} to {}",
            before.status, after.status
        );
        comparison.changed(&before.node, &after.node, Impact::WIRE, what);
        moved = Some((before, after));
    }
    for (before, after) in pairs.into_iter().chain(moved) {
        let (before, after) = (before.node, after.node);
        comparison.shared(&before, &after, Direction::Response, |comparison| {
            contents(comparison, &before, &after, Direction::Response);
            headers(comparison, &before, &after);
            documentation(comparison, &before, &after, &["content", "headers"]);
        });
    }
    for gone in removed {
        // All failures are of one Rust type, documented or not.
        let impact = match gone.is_success {
            true => Impact::BOTH,
            false => Impact::DOCUMENTATION,
        };
        comparison.removed(&gone.node, impact, format!("{} removed", gone.name()));
    }
    for new in added {
        let what = format!("{} added", new.name());
        comparison.added(&new.node, Impact::ADDITIVE, what);
    }
}

/// A response that an operation documents.
struct Documented<'a> {
    status: &'a str,
    node: Node<'a>,
    is_success: bool,
}

impl Documented<'_> {
    fn name(&self) -> String {
        let kind = if self.is_success { "success" } else { "error" };
        format!("{kind} status {}", self.status.replace('x', "X"))
    }
}

fn documented<'a>(document: &'a Value, operation: &Operation<'a>) -> Vec<Documented<'a>> {
    let responses = model::responses(document, operation);
    let statuses: Vec<&str> = responses.iter().map(|response| response.status).collect();
    responses
        .into_iter()
        .map(|response| Documented {
            is_success: counts_as_success(response.status, statuses.iter().copied()),
            status: response.status,
            node: response.node,
        })
        .collect()
}
