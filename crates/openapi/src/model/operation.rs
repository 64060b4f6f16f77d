//! Operations: what a path and a method come to.

use crate::Node;
use serde_json::Value;

/// The methods that a path item may have, in lower case as OpenAPI spells them.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An operation of a document.
#[derive(Clone, Debug)]
pub struct Operation<'a> {
    /// The path template, such as `/users/{user_guid}`.
    pub path: &'a str,
    /// The method, one of [`METHODS`].
    pub method: &'static str,
    /// The path item that holds the operation.
    pub item: Node<'a>,
    /// The operation object.
    pub node: Node<'a>,
}

impl<'a> Operation<'a> {
    /// Its `operationId`.
    pub fn id(&self) -> Option<&'a str> {
        self.node.str("operationId")
    }

    /// What people call it: `GET /users/{user_guid}`.
    pub fn label(&self) -> String {
        format!("{} {}", self.method.to_ascii_uppercase(), self.path)
    }
}

/// The operations below `paths`: paths in the order of the document, the methods of a path in the
/// order of [`METHODS`].
///
/// A path starts with a slash; other keys are extensions or mistakes. A path item that is a `$ref`
/// is what that leads to, and its own members do not count: OpenAPI leaves their meaning open.
/// Webhooks and callbacks are requests that the server sends, so they are not listed.
pub fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = Node::root(document).get("paths");
    let mut operations = Vec::new();
    for (path, item) in paths.iter().flat_map(Node::members) {
        if !path.starts_with('/') {
            continue;
        }
        let item = item.resolved(document);
        for method in METHODS {
            if let Some(node) = item.get(method).filter(|node| node.value.is_object()) {
                operations.push(Operation {
                    path,
                    method,
                    item: item.clone(),
                    node,
                });
            }
        }
    }
    operations
}
