//! A document: its value tree, its text, and where each node is in the text.

use crate::pointer;
use crate::positions::{Location, SpanTree, location};
use crate::read::{self, ReadError};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::{self, Write as _};
use std::ops::Range;
use std::path::Path;

/// A YAML or JSON document: its value tree and its text.
///
/// The tree may be changed ([`Document::value_mut`]). Positions stay those of the text, so that a
/// finding after several passes still points at what the author wrote.
#[derive(Clone)]
pub struct Document {
    name: String,
    text: String,
    /// The line of the file on which the text starts; not 1 for a block of a page.
    first_line: usize,
    value: Value,
    spans: SpanTree,
}

impl Document {
    /// Reads a file, as JSON if it is JSON and as YAML otherwise.
    ///
    /// # Errors
    /// The file cannot be read, or [`Document::parse`] refuses its text.
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

    /// Reads a text. `name` is its name in messages.
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

    /// Reads a text in which keys may be written twice, for an older version that cannot be corrected: of entries with
    /// the same key the last counts. With one error for each key that is there again.
    ///
    /// # Errors
    /// As [`Document::parse`], but for duplicate keys.
    pub fn parse_tolerant(
        name: &str,
        text: impl Into<String>,
    ) -> Result<(Document, Vec<ReadError>), ReadError> {
        let text = text.into();
        let (value, spans, duplicates) = read::parse_tolerant(name, &text)?;
        let document = Document {
            name: name.to_owned(),
            text,
            first_line: 1,
            value,
            spans,
        };
        Ok((document, duplicates))
    }

    /// Reads a text that starts on line `first_line` (from 1) of a file; positions are lines of the
    /// file.
    ///
    /// # Errors
    /// As [`Document::parse`].
    pub fn parse_from(name: &str, text: String, first_line: usize) -> Result<Document, ReadError> {
        let (value, spans) = read::parse(name, &text).map_err(|error| error.below(first_line))?;
        Ok(Document {
            name: name.to_owned(),
            text,
            first_line,
            value,
            spans,
        })
    }

    /// The name of the document in messages; the path of a file.
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

    /// The position of the node at a JSON pointer: of its key if it is an entry of a mapping, else
    /// of the node. A node that the text does not have is where its nearest ancestor is.
    pub fn locate(&self, pointer: &str) -> Location {
        let mut span = &self.spans;
        for segment in pointer::segments(pointer) {
            match span.child(&segment) {
                Some(child) => span = child,
                None => break,
            }
        }
        let mut location = location(&self.text, span.range.clone());
        location.line += self.first_line - 1;
        location
    }

    /// The bytes of the node at a JSON pointer: of its key if it is an entry of a mapping, else of
    /// the node. `None` if the text does not have the node.
    pub fn range(&self, pointer: &str) -> Option<Range<usize>> {
        pointer::segments(pointer)
            .try_fold(&self.spans, |span, segment| span.child(&segment))
            .map(|span| span.range.clone())
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
