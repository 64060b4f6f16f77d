//! One of the two documents, in the words of OpenAPI 3.0, with schemas inferred where it has examples only.

use super::lowered;
use crate::report::Side;
use openapi::Node;
use openapi::infer::{self, Inferred};
use openapi::{Document, pointer};
use serde_json::Value;
use std::collections::HashSet;

/// A document ready to be compared.
pub(super) struct Source<'d> {
    document: &'d Document,
    /// Its value, with inferred schemas.
    pub value: Value,
    inferred: Vec<Inferred>,
    lines: Lines,
}

/// The lines of a text. A report asks for thousands, and each search from the start would read the whole text.
struct Lines {
    /// Where lines end.
    ends: Vec<usize>,
    /// The number of the first line.
    first: usize,
}

impl Lines {
    fn new(document: &Document) -> Self {
        let ends = document
            .text()
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n');
        let mut lines = Lines {
            ends: ends.map(|(at, _)| at).collect(),
            first: 0,
        };
        let root = document.range("").map_or(0, |range| range.start);
        lines.first = document.locate("").line - lines.line(root);
        lines
    }

    /// The line of a byte.
    fn line(&self, at: usize) -> usize {
        self.first + self.ends.partition_point(|end| *end < at)
    }
}

/// The longest value shown with a change, in bytes of JSON.
const LONGEST_VALUE: usize = 120;

impl<'d> Source<'d> {
    pub fn new(document: &'d Document) -> Self {
        let mut value = document.value().clone();
        lowered::lower(&mut value);
        let inferred = infer::infer_schemas(&mut value);
        Source {
            lines: Lines::new(document),
            document,
            value,
            inferred,
        }
    }

    /// Pointers to the media type objects whose schema was inferred.
    pub fn inferred(&self) -> HashSet<&str> {
        self.inferred
            .iter()
            .map(|one| one.pointer.as_str())
            .collect()
    }

    /// The side of a change at a pointer.
    pub fn side(&self, pointer: &str) -> Side {
        let pointer = self.written(pointer);
        let value = self
            .document
            .value()
            .pointer(&pointer)
            .filter(|value| match value {
                Value::Object(_) | Value::Array(_) => value.to_string().len() <= LONGEST_VALUE,
                _ => true,
            });
        Side {
            line: self.line(&pointer),
            value: value.cloned().unwrap_or(Value::Null),
            pointer,
        }
    }

    /// The line of a node, or of the nearest node above it that the text has.
    fn line(&self, pointer: &str) -> usize {
        let mut at = pointer;
        loop {
            if let Some(range) = self.document.range(at) {
                return self.lines.line(range.start);
            }
            match pointer::split_last(at) {
                Some((parent, _)) => at = parent,
                None => return self.lines.line(0),
            }
        }
    }

    /// The pointer to what is written in the document: for an inferred schema, in the example.
    fn written(&self, at: &str) -> String {
        let schema_of = |media: &str| at.strip_prefix(media)?.strip_prefix("/schema");
        let found = self
            .inferred
            .iter()
            .find_map(|one| Some((&one.pointer, schema_of(&one.pointer)?)));
        let Some((media, rest)) = found else {
            return at.to_owned();
        };
        let mut pointer = format!("{media}/example");
        let mut names = pointer::segments(rest);
        while let Some(word) = names.next() {
            let next = match &*word {
                "properties" => names.next(),
                "items" => Some("0".into()),
                _ => None,
            };
            let deeper = next.map(|next| pointer::join(&pointer, &next));
            match deeper.filter(|deeper| self.document.value().pointer(deeper).is_some()) {
                Some(deeper) => pointer = deeper,
                None => break,
            }
        }
        match self.document.value().pointer(&pointer) {
            Some(_) => pointer,
            None => media.clone(),
        }
    }

    /// Pointers to everything that operations refer to.
    pub fn used(&self) -> HashSet<String> {
        let mut used = HashSet::new();
        let mut waiting: Vec<&Value> = self.value.get("paths").into_iter().collect();
        while let Some(node) = waiting.pop() {
            match node {
                Value::Object(members) => {
                    if let Some(reference) = members.get("$ref").and_then(Value::as_str)
                        && let Some(target) = pointer::target(reference)
                        && let Some(node) = self.value.pointer(&target)
                        && used.insert(target)
                    {
                        waiting.push(node);
                    }
                    waiting.extend(members.values());
                }
                Value::Array(items) => waiting.extend(items),
                _ => {}
            }
        }
        let root = Node::root(&self.value);
        let operations = root
            .get("paths")
            .into_iter()
            .flat_map(|paths| paths.members());
        let holders = operations
            .flat_map(|(_, item)| item.members())
            .map(|(_, node)| node)
            .chain([root]);
        for requirement in holders
            .filter_map(|node| node.get("security"))
            .flat_map(|list| list.items())
        {
            for (scheme, _) in requirement.members() {
                used.insert(pointer::join("/components/securitySchemes", scheme));
            }
        }
        used
    }
}
