//! A node of a document with its pointer, and the nodes below it.

use crate::pointer;
use serde_json::{Map, Value};

/// A node of a document with its JSON pointer.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'a> {
    /// JSON pointer to the node, from the root of the document.
    pub pointer: String,
    /// The node.
    pub value: &'a Value,
}

impl<'a> Node<'a> {
    /// The root of a document.
    pub fn root(value: &'a Value) -> Self {
        Node {
            pointer: String::new(),
            value,
        }
    }

    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        self.value.get(key).map(|value| Node {
            pointer: pointer::join(&self.pointer, key),
            value,
        })
    }

    /// The member of an object, if it is a string.
    pub fn str(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// Whether the member of an object is `true`.
    pub fn flag(&self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    /// The members of an object with their names; none if the node is not an object.
    pub fn members(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let pointer = self.pointer.clone();
        let members = self.value.as_object().into_iter().flat_map(Map::iter);
        members.map(move |(key, value)| {
            let pointer = pointer::join(&pointer, key);
            (key.as_str(), Node { pointer, value })
        })
    }

    /// The items of an array; none if the node is not an array.
    pub fn items(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let pointer = self.pointer.clone();
        let items = self.value.as_array().into_iter().flatten();
        items.enumerate().map(move |(index, value)| Node {
            pointer: format!("{pointer}/{index}"),
            value,
        })
    }

    /// The target of the node's `$ref`; the node itself if it has none, or if that leads nowhere.
    pub fn resolved(self, document: &'a Value) -> Node<'a> {
        match self
            .str("$ref")
            .and_then(|reference| pointer::resolve(document, reference))
        {
            Some((pointer, value)) => Node { pointer, value },
            None => self,
        }
    }
}
