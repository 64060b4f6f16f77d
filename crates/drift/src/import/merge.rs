//! Merges slices of one spec, and merges them into an existing spec.

use super::Slice;
use super::block_style::block_style;
use super::outline::{Section, has_parts, outline};
use openapi::keywords::Keys;
use openapi::model::METHODS;
use openapi::{Document, ReadError};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

/// Why slices were not merged.
#[derive(Debug)]
pub enum ImportError {
    /// Two slices, or a slice and the existing spec, are not of the same spec.
    OtherSpec(String),
    /// A document is not written in block style, one key to a line.
    Style(String),
    /// Slices differ in the same part.
    Contradictions(Vec<Contradiction>),
    /// The result cannot be read back.
    Result(ReadError),
}

/// A part in which two pages differ.
#[derive(Debug)]
pub struct Contradiction {
    /// JSON pointer to the part.
    pub pointer: String,
    /// Page, line and text of both.
    pub versions: [(String, usize, String); 2],
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImportError::OtherSpec(message) => f.write_str(message),
            ImportError::Style(name) => {
                write!(
                    f,
                    "{name}: cannot be merged, it is not written in block style, one key to a line"
                )
            }
            ImportError::Contradictions(contradictions) => {
                for (index, contradiction) in contradictions.iter().enumerate() {
                    let gap = if index > 0 { "\n" } else { "" };
                    writeln!(
                        f,
                        "{gap}two pages contradict each other about `{}`",
                        contradiction.pointer
                    )?;
                    for (page, line, text) in &contradiction.versions {
                        writeln!(f, "  {page}:{line}")?;
                        for line in text.lines() {
                            writeln!(f, "    | {line}")?;
                        }
                    }
                }
                f.write_str("nothing was written: import only the page that is right")
            }
            ImportError::Result(error) => write!(f, "the merged spec cannot be read back: {error}"),
        }
    }
}

impl std::error::Error for ImportError {}

/// Merges slices: paths, methods, path-level parameters, components and tags. What several slices
/// have must have the same meaning. The text is that of the pages; one slice alone is returned
/// byte for byte.
///
/// With a `base`, an existing spec, parts of the slices replace parts of the base, and the rest of
/// the base stays as it is written. If the slices cover all operations of the base, it is not
/// used.
///
/// # Errors
/// See [`ImportError`].
pub fn merge(slices: &[Slice], base: Option<&Document>) -> Result<String, ImportError> {
    check_same_spec(slices, base)?;
    let covered: HashSet<String> = slices
        .iter()
        .flat_map(|slice| operations(slice.document()))
        .collect();
    let base = base.filter(|base| {
        !operations(base)
            .iter()
            .all(|operation| covered.contains(operation))
    });
    let written: Vec<&Document> = base
        .into_iter()
        .chain(slices.iter().map(Slice::document))
        .collect();
    if let [only] = &written[..] {
        return Ok(only.text().to_owned());
    }
    let mut documents = Vec::new();
    for document in &written {
        // What is ours is not written another way.
        let is_ours = documents.is_empty() && base.is_some();
        documents.push(match is_ours {
            true => Cow::Borrowed(*document),
            false => in_block_style(document)?,
        });
    }
    let mut merger = Merger {
        documents: &documents,
        written: &written,
        base: base.map(|_| 0),
        contradictions: Vec::new(),
    };
    let style = |document: &Document| ImportError::Style(document.name().to_owned());
    let Some((first, rest)) = documents.split_first() else {
        return Ok(String::new());
    };
    let (mut text, mut sections) = outline(first, 0).ok_or_else(|| style(first))?;
    for (index, document) in rest.iter().enumerate() {
        let (_, more) = outline(document, index + 1).ok_or_else(|| style(document))?;
        merger.absorb(&mut sections, more);
    }
    if !merger.contradictions.is_empty() {
        return Err(ImportError::Contradictions(merger.contradictions));
    }
    for section in &sections {
        section.write(&mut text);
    }
    // Text was moved: check that the meaning is still the same.
    let merged = Document::parse("the merged spec", text).map_err(ImportError::Result)?;
    if *merged.value() != merger.value(&sections) {
        return Err(style(first));
    }
    Ok(merged.text().to_owned())
}

/// Slices are of the same spec if they name the same file; where one names none, if their titles
/// are equal. So are a slice and the base.
fn check_same_spec(slices: &[Slice], base: Option<&Document>) -> Result<(), ImportError> {
    let Some(first) = slices.first() else {
        return Ok(());
    };
    let title = |document: &'_ Document| -> String {
        let title = document.value()["info"]["title"].as_str();
        title.unwrap_or_default().to_owned()
    };
    for other in &slices[1..] {
        let names = match (first.file(), other.file()) {
            (Some(one), Some(other)) => [one.to_owned(), other.to_owned()],
            _ => [title(first.document()), title(other.document())],
        };
        if names[0] != names[1] {
            return Err(ImportError::OtherSpec(format!(
                "the pages are of two specs: {} of `{}`, {} of `{}`",
                first.document().name(),
                names[0],
                other.document().name(),
                names[1]
            )));
        }
    }
    let Some(base) = base else {
        return Ok(());
    };
    let (page, file) = (title(first.document()), title(base));
    if page != file && !page.is_empty() && !file.is_empty() {
        return Err(ImportError::OtherSpec(format!(
            "{} is of another spec, `{page}`, than {}, `{file}`",
            first.document().name(),
            base.name()
        )));
    }
    Ok(())
}

fn operations(document: &Document) -> Vec<String> {
    let paths = document.value().get("paths").and_then(Value::as_object);
    let mut operations = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        let methods = METHODS.iter().filter(|method| item.get(**method).is_some());
        operations.extend(methods.map(|method| format!("{method} {path}")));
    }
    operations
}

/// A document whose parts are on lines of their own.
fn in_block_style(document: &Document) -> Result<Cow<'_, Document>, ImportError> {
    if outline(document, 0).is_some_and(|(_, sections)| has_parts(document, &sections)) {
        return Ok(Cow::Borrowed(document));
    }
    let text = block_style(document.value());
    let written = Document::parse(document.name(), text).map_err(ImportError::Result)?;
    match written.value() == document.value() {
        true => Ok(Cow::Owned(written)),
        false => Err(ImportError::Style(document.name().to_owned())),
    }
}

struct Merger<'d> {
    documents: &'d [Cow<'d, Document>],
    /// The documents as they were written.
    written: &'d [&'d Document],
    /// The index of the document whose parts the others may replace.
    base: Option<usize>,
    contradictions: Vec<Contradiction>,
}

impl Merger<'_> {
    fn part(&self, section: &Section) -> &Value {
        self.documents[section.origin]
            .value()
            .pointer(&section.pointer)
            .unwrap_or(&Value::Null)
    }

    fn absorb(&mut self, into: &mut Vec<Section>, from: Vec<Section>) {
        let indent = into.first().map(|section| section.indent);
        for section in from {
            let moved = |section: Section| section.at_indent(indent.unwrap_or(section.indent));
            let Some(known) = into.iter_mut().find(|known| known.name == section.name) else {
                into.push(moved(section));
                continue;
            };
            match (&mut known.parts, section.parts.is_some()) {
                (Some(parts), true) => self.absorb(parts, section.parts.unwrap_or_default()),
                _ => {
                    let (old, new) = (self.part(known), self.part(&section));
                    if is_empty(new)
                        || canonical(old, Keys::Keywords) == canonical(new, Keys::Keywords)
                    {
                        continue;
                    }
                    if is_empty(old) || self.base == Some(known.origin) {
                        *known = moved(section);
                    } else {
                        let contradiction = self.contradiction(known, &section);
                        self.contradictions.push(contradiction);
                    }
                }
            }
        }
    }

    fn contradiction(&self, one: &Section, other: &Section) -> Contradiction {
        // From one line above the first that differs.
        let common = one
            .text
            .lines()
            .zip(other.text.lines())
            .take_while(|(a, b)| a == b)
            .count();
        let from = common.saturating_sub(1);
        let version = |section: &Section| {
            let document = self.written[section.origin];
            let is_moved = matches!(self.documents[section.origin], Cow::Owned(_));
            let below = if is_moved { 0 } else { from };
            let line = document.locate(&section.pointer).line + below;
            let text: Vec<&str> = section.text.lines().skip(from).take(6).collect();
            (document.name().to_owned(), line, text.join("\n"))
        };
        Contradiction {
            pointer: one.pointer.clone(),
            versions: [version(one), version(other)],
        }
    }

    /// The value of the merged sections, computed from the values of the documents.
    fn value(&self, sections: &[Section]) -> Value {
        let member = |section: &Section| {
            let value = match &section.parts {
                None => self.part(section).clone(),
                Some(parts) if section.pointer == "/tags" => {
                    parts.iter().map(|part| self.part(part).clone()).collect()
                }
                Some(parts) => self.value(parts),
            };
            (section.name.clone(), value)
        };
        Value::Object(sections.iter().map(member).collect())
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        other => other.is_null(),
    }
}

/// Lists whose order has no meaning.
const UNORDERED: [&str; 8] = [
    "allOf",
    "anyOf",
    "enum",
    "oneOf",
    "parameters",
    "required",
    "security",
    "tags",
];
/// Flags that are off by default.
const OFF: [&str; 6] = [
    "deprecated",
    "nullable",
    "readOnly",
    "required",
    "uniqueItems",
    "writeOnly",
];

/// A part without what has no meaning: the order of such lists, flags that are off, blanks at the
/// end of a text.
fn canonical(value: &Value, keys: Keys) -> Value {
    match value {
        Value::Object(members) => {
            let mut kept = Map::new();
            for (key, member) in members {
                let word = keys == Keys::Keywords;
                if word && OFF.contains(&key.as_str()) && *member == Value::Bool(false) {
                    continue;
                }
                let mut member = match keys.below(key) {
                    Some(below) => canonical(member, below),
                    None => member.clone(),
                };
                if let Value::Array(items) = &mut member
                    && word
                    && UNORDERED.contains(&key.as_str())
                {
                    items.sort_by_cached_key(sort_key);
                }
                kept.insert(key.clone(), member);
            }
            kept.sort_keys();
            Value::Object(kept)
        }
        Value::Array(items) => items
            .iter()
            .map(|item| canonical(item, Keys::Keywords))
            .collect(),
        Value::String(text) => Value::String(text.trim_end().replace("\r\n", "\n")),
        other => other.clone(),
    }
}

fn sort_key(value: &Value) -> String {
    value.to_string()
}
