//! A place in one of the two documents, and how to get from one to the next.

use openapi::pointer;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A node with its pointer.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    pub pointer: String,
    pub value: &'a Value,
}

impl<'a> Node<'a> {
    pub fn root(value: &'a Value) -> Self {
        Node {
            pointer: String::new(),
            value,
        }
    }

    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        self.value.get(key).map(|value| Node {
            pointer: pointer::join(&self.pointer, key),
            value,
        })
    }

    pub fn str(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    pub fn flag(&self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    /// The members of an object, with their names; none of anything else.
    pub fn members(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let pointer = self.pointer.clone();
        let members = self.value.as_object().into_iter().flat_map(Map::iter);
        members.map(move |(key, value)| {
            (
                key.as_str(),
                Node {
                    pointer: pointer::join(&pointer, key),
                    value,
                },
            )
        })
    }

    /// The items of an array; none of anything else.
    pub fn items(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let pointer = self.pointer.clone();
        let items = self.value.as_array().into_iter().flatten();
        items.enumerate().map(move |(index, value)| Node {
            pointer: format!("{pointer}/{index}"),
            value,
        })
    }

    /// What a reference leads to; the node itself if it is none, or leads nowhere.
    pub fn resolved(self, root: &'a Value) -> Node<'a> {
        match self
            .str("$ref")
            .and_then(|reference| pointer::resolve(root, reference))
        {
            Some((pointer, value)) => Node { pointer, value },
            None => self,
        }
    }
}

/// A scalar as a text, so that `'1'` and `1` are the same where only the text counts.
pub(super) fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// Whether two values read the same: line endings and blanks at the end of a text do not count,
/// nor does whether a scalar is quoted.
pub(super) fn reads_the_same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            old.len() == new.len()
                && old
                    .iter()
                    .all(|(key, old)| new.get(key).is_some_and(|new| reads_the_same(old, new)))
        }
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len()
                && old
                    .iter()
                    .zip(new)
                    .all(|(old, new)| reads_the_same(old, new))
        }
        (Value::Object(_) | Value::Array(_), _) | (_, Value::Object(_) | Value::Array(_)) => false,
        (old, new) => {
            let lines = |text: &'_ str| -> Vec<String> {
                text.trim_end()
                    .lines()
                    .map(|line| line.trim_end().to_owned())
                    .collect()
            };
            old == new || lines(&text(old)) == lines(&text(new))
        }
    }
}
