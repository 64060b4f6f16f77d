//! Slices of one spec put together, and into what is there already.

use super::Slice;
use super::outline::{Section, outline};
use openapi::model::METHODS;
use openapi::words::Keys;
use openapi::{Document, ReadError};
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::fmt;

/// Why slices were not put together.
#[derive(Debug)]
pub enum ImportError {
    /// Two slices, or a slice and the spec that it should go into, are not of the same spec.
    OtherSpec(String),
    /// A document is not written in block style, one key to a line.
    Style(String),
    /// Slices say different things about the same part.
    Contradictions(Vec<Contradiction>),
    /// The result cannot be read back.
    Result(ReadError),
}

/// A part that two pages tell differently.
#[derive(Debug)]
pub struct Contradiction {
    /// JSON pointer to the part.
    pub pointer: String,
    /// Page, line and text, of the one and of the other.
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
                f.write_str("nothing was written; import the pages that hold, one of the two")
            }
            ImportError::Result(error) => write!(f, "the merged spec cannot be read back: {error}"),
        }
    }
}

impl std::error::Error for ImportError {}

/// Puts slices together: paths, methods, path-level parameters, components and tags. What several
/// have must agree by meaning. The text is that of the pages: one slice alone is given back byte
/// for byte.
///
/// With a `base`, the spec that is there already, what the slices say replaces what it says, and
/// the rest of it stays as it is written, unless the slices cover all of its operations.
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
    let documents: Vec<&Document> = base
        .into_iter()
        .chain(slices.iter().map(Slice::document))
        .collect();
    let mut merger = Merger {
        documents: &documents,
        base: base.map(|_| 0),
        contradictions: Vec::new(),
    };
    let style = |document: &Document| ImportError::Style(document.name().to_owned());
    let Some((first, rest)) = documents.split_first() else {
        return Ok(String::new());
    };
    if rest.is_empty() {
        return Ok(first.text().to_owned());
    }
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
    // Text was moved about: what comes out must be what went in.
    let merged = Document::parse("the merged spec", text).map_err(ImportError::Result)?;
    if *merged.value() != merger.value(&sections) {
        return Err(style(first));
    }
    Ok(merged.text().to_owned())
}

fn check_same_spec(slices: &[Slice], base: Option<&Document>) -> Result<(), ImportError> {
    let Some(first) = slices.first() else {
        return Ok(());
    };
    if let Some(other) = slices.iter().find(|slice| slice.file() != first.file()) {
        return Err(ImportError::OtherSpec(format!(
            "the pages are of two specs: {} of `{}`, {} of `{}`",
            first.document().name(),
            first.file(),
            other.document().name(),
            other.file()
        )));
    }
    let title = |document: &Document| {
        document.value()["info"]["title"]
            .as_str()
            .map(str::to_owned)
    };
    let (page, file) = (title(first.document()), base.and_then(title));
    match (page, base, file) {
        (Some(page), Some(base), Some(file)) if page != file => {
            Err(ImportError::OtherSpec(format!(
                "{} is of another spec, `{page}`, than {}, `{file}`",
                first.document().name(),
                base.name()
            )))
        }
        _ => Ok(()),
    }
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

struct Merger<'d> {
    documents: &'d [&'d Document],
    /// The document that the others may overrule.
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
                    if is_empty(new) || canonical(old, Keys::Words) == canonical(new, Keys::Words) {
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
        // From a little above the first line that differs.
        let common = one
            .text
            .lines()
            .zip(other.text.lines())
            .take_while(|(a, b)| a == b)
            .count();
        let from = common.saturating_sub(1);
        let version = |section: &Section| {
            let document = self.documents[section.origin];
            let line = document.locate(&section.pointer).line + from;
            let text: Vec<&str> = section.text.lines().skip(from).take(6).collect();
            (document.name().to_owned(), line, text.join("\n"))
        };
        Contradiction {
            pointer: one.pointer.clone(),
            versions: [version(one), version(other)],
        }
    }

    /// What the sections say, put together without going through text.
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

/// Lists whose order carries nothing.
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
/// Flags that are off where they are not written.
const OFF: [&str; 6] = [
    "deprecated",
    "nullable",
    "readOnly",
    "required",
    "uniqueItems",
    "writeOnly",
];

/// A part with what carries no meaning taken out of it: the order of such lists, flags that are
/// off, blanks at the end of a text.
fn canonical(value: &Value, keys: Keys) -> Value {
    match value {
        Value::Object(members) => {
            let mut kept = Map::new();
            for (key, member) in members {
                let word = keys == Keys::Words;
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
            .map(|item| canonical(item, Keys::Words))
            .collect(),
        Value::String(text) => Value::String(text.trim_end().replace("\r\n", "\n")),
        other => other.clone(),
    }
}

fn sort_key(value: &Value) -> String {
    value.to_string()
}
