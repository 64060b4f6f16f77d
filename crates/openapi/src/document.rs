//! A document read, and where each of its nodes stands in the text.

use crate::pointer;
use crate::read::{self, ReadError};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::{self, Write as _};
use std::ops::Range;
use std::path::Path;

/// A YAML or JSON document: its value tree and its text.
///
/// The tree may be changed ([`Document::value_mut`]); positions stay those of the text as
/// written, so that a finding after several passes still points at what somebody wrote.
#[derive(Clone)]
pub struct Document {
    name: String,
    text: String,
    /// Line of the file that the text starts on; not 1 for a block of a page.
    first_line: usize,
    value: Value,
    places: Place,
}

/// Where something stands in a document's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// Bytes of the text; never beyond the end of the line.
    pub range: Range<usize>,
}

/// A node's place, with the places of its children: the tree as it was written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    /// Bytes of the key for a mapping entry, of the value itself otherwise.
    pub range: Range<usize>,
    pub children: Children,
}

/// Places of the children of a node.
#[derive(Clone, Debug, Default)]
pub(crate) enum Children {
    #[default]
    None,
    Items(Vec<Place>),
    Entries(Vec<(String, Place)>),
}

impl Place {
    fn child(&self, segment: &str) -> Option<&Place> {
        match &self.children {
            Children::None => None,
            Children::Items(items) => items.get(segment.parse::<usize>().ok()?),
            Children::Entries(entries) => entries
                .iter()
                .find(|(key, _)| key == segment)
                .map(|(_, place)| place),
        }
    }
}

impl Document {
    /// Reads a file, as JSON when it is JSON and as YAML otherwise.
    ///
    /// # Errors
    /// The file cannot be read, or [`Document::parse`] refuses what it holds.
    pub fn read(path: &Path) -> Result<Document, ReadError> {
        Document::read_as(path, &path.display().to_string())
    }

    /// Reads a file that messages call `name`.
    ///
    /// # Errors
    /// As [`Document::read`].
    pub fn read_as(path: &Path, name: &str) -> Result<Document, ReadError> {
        let text = read::file(path, name)?;
        Document::parse(name, text)
    }

    /// Reads a text; `name` is what messages call it.
    ///
    /// Keys become strings (`200:` is `"200"`), aliases are expanded.
    ///
    /// # Errors
    /// Neither YAML nor JSON, empty, several documents in one, duplicate or composite keys, tags
    /// and merge keys that have no meaning in JSON, or more than the budgets for size, depth and
    /// number of nodes allow.
    pub fn parse(name: &str, text: impl Into<String>) -> Result<Document, ReadError> {
        Document::parse_from(name, text.into(), 1)
    }

    /// Reads a text that starts on line `first_line` (from 1) of a file; positions are lines of the
    /// file.
    ///
    /// # Errors
    /// As [`Document::parse`].
    pub fn parse_from(name: &str, text: String, first_line: usize) -> Result<Document, ReadError> {
        let (value, places) = read::parse(name, &text).map_err(|error| error.below(first_line))?;
        Ok(Document {
            name: name.to_owned(),
            text,
            first_line,
            value,
            places,
        })
    }

    /// What messages call this document; a path for a file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the text, in hexadecimal.
    pub fn sha256(&self) -> String {
        sha256(self.text.as_bytes())
    }

    /// The value tree.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The value tree, to be changed.
    pub fn value_mut(&mut self) -> &mut Value {
        &mut self.value
    }

    /// Where the node at a JSON pointer stands: its key if it is an entry of a mapping, else
    /// itself. A node that the text does not hold stands where its nearest ancestor does.
    pub fn locate(&self, pointer: &str) -> Location {
        let mut place = &self.places;
        for segment in pointer::segments(pointer) {
            match place.child(&segment) {
                Some(child) => place = child,
                None => break,
            }
        }
        let mut location = location(&self.text, place.range.clone());
        location.line += self.first_line - 1;
        location
    }

    /// The bytes of the node at a JSON pointer: its key if it is an entry of a mapping, else
    /// itself. `None` if the text does not hold the node.
    pub fn range(&self, pointer: &str) -> Option<Range<usize>> {
        pointer::segments(pointer)
            .try_fold(&self.places, |place, segment| place.child(&segment))
            .map(|place| place.range.clone())
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("name", &self.name)
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

/// SHA-256 of some bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        write!(hex, "{byte:02x}").expect("writing to a String cannot fail");
    }
    hex
}

/// Line and column of a byte range, which is cut at the end of its first line.
pub(crate) fn location(text: &str, range: Range<usize>) -> Location {
    let before = &text[..range.start];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[range.start..]
        .find(['\n', '\r'])
        .map_or(text.len(), |at| range.start + at);
    Location {
        line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
        column: text[line_start..range.start].chars().count() + 1,
        range: range.start..range.end.clamp(range.start, line_end),
    }
}
