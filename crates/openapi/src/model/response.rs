//! Responses: which are successes, and which one a status belongs to.

use super::Operation;
use crate::Node;
use serde_json::Value;

/// A response that an operation documents.
#[derive(Clone, Debug)]
pub struct Response<'a> {
    /// Its key: a code such as `200`, a range such as `4XX`, or `default`.
    pub status: &'a str,
    /// The response object, its `$ref` followed.
    pub node: Node<'a>,
}

/// The responses that an operation documents, in the order of the document.
pub fn responses<'a>(document: &'a Value, operation: &Operation<'a>) -> Vec<Response<'a>> {
    let responses = operation.node.get("responses");
    responses
        .iter()
        .flat_map(Node::members)
        .filter(|(status, _)| !status.starts_with("x-"))
        .map(|(status, node)| Response {
            status,
            node: node.resolved(document),
        })
        .collect()
}

/// Whether the key of a response is a success in itself: a code from 200 to 299, or `2XX`.
pub fn is_success(status: &str) -> bool {
    let rest = status.strip_prefix('2').unwrap_or_default().as_bytes();
    rest.eq_ignore_ascii_case(b"xx") || (rest.len() == 2 && rest.iter().all(u8::is_ascii_digit))
}

/// Whether the key of a response is a success of its operation, which documents `statuses`: those
/// that [`is_success`], or `default` where there is no such key. Beside a success, `default` is
/// for failures.
pub fn counts_as_success<'s>(status: &str, statuses: impl IntoIterator<Item = &'s str>) -> bool {
    is_success(status) || (status == "default" && !statuses.into_iter().any(is_success))
}

/// Those of an operation's responses that are successes; see [`counts_as_success`].
pub fn successes<'r, 'a>(responses: &'r [Response<'a>]) -> Vec<&'r Response<'a>> {
    let statuses = || responses.iter().map(|response| response.status);
    responses
        .iter()
        .filter(|response| counts_as_success(response.status, statuses()))
        .collect()
}

/// The response that describes a status: that of the code, else that of its range, else `default`.
pub fn response_for<'r, 'a>(
    responses: &'r [Response<'a>],
    status: u16,
) -> Option<&'r Response<'a>> {
    let (code, range) = (status.to_string(), format!("{}XX", status / 100));
    [code.as_str(), &range, "default"]
        .into_iter()
        .find_map(|key| {
            responses
                .iter()
                .find(|response| response.status.eq_ignore_ascii_case(key))
        })
}

/// Whether a response to `method` with the key `status` can have a body. HTTP gives none to
/// `HEAD`, 1xx, 204, 205 and 304, whatever a document says.
pub fn carries_body(method: &str, status: &str) -> bool {
    let informational = status.len() == 3 && status.starts_with('1');
    let empty = informational || matches!(status, "204" | "205" | "304");
    !empty && !method.eq_ignore_ascii_case("head")
}
