//! A document as a list of text sections. Merging sections keeps comments, quotes and folding as
//! they are written.

use openapi::{Document, pointer};
use serde_json::Value;

/// A part of a document that is merged as a whole, or a mapping of such parts.
#[derive(Clone, Debug)]
pub(super) struct Section {
    /// The key, or the name of an item of `tags`.
    pub name: String,
    /// The lines of the section. For a mapping of parts, those above the first part.
    pub text: String,
    /// Spaces before the key.
    pub indent: usize,
    /// The index of the document that it comes from, and its pointer there.
    pub origin: usize,
    pub pointer: String,
    /// The parts, if it is a mapping of them.
    pub parts: Option<Vec<Section>>,
}

/// The number of levels below a key in which documents are merged.
fn depth(key: &str) -> usize {
    match key {
        "paths" | "components" => 2,
        "tags" => 1,
        _ => 0,
    }
}

/// The sections of a document, and the lines above the first; `None` if it is not written in
/// block style, one key to a line.
pub(super) fn outline(document: &Document, origin: usize) -> Option<(String, Vec<Section>)> {
    let text = document.text();
    let start = entries(document, "")?
        .first()
        .map_or(text.len(), |entry| entry.start);
    let sections = sections(document, origin, "", text.len(), None)?;
    Some((text[..start].to_owned(), sections))
}

/// Whether everything that is merged by its parts has them on lines of their own.
pub(super) fn has_parts(document: &Document, sections: &[Section]) -> bool {
    let divided = |section: &Section, levels: usize| {
        levels == 0 || section.parts.is_some() || is_empty(document, &section.pointer)
    };
    sections.iter().all(|section| {
        let levels = depth(&section.name);
        let mut parts = section.parts.iter().flatten();
        divided(section, levels) && parts.all(|part| divided(part, levels.saturating_sub(1)))
    })
}

fn is_empty(document: &Document, at: &str) -> bool {
    match document.value().pointer(at) {
        Some(Value::Object(members)) => members.is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        _ => true,
    }
}

struct Entry {
    name: String,
    pointer: String,
    /// The offset of its first line.
    start: usize,
    indent: usize,
}

/// The children of a node, each on its own lines.
fn entries(document: &Document, at: &str) -> Option<Vec<Entry>> {
    let text = document.text();
    let entry = |name: String, pointer: String, key: usize, item: bool| {
        let start = text[..key].rfind('\n').map_or(0, |newline| newline + 1);
        let lead = &text[start..key];
        let own_line = if item {
            lead.trim() == "-"
        } else {
            // An explicit key has its mark before it.
            matches!(lead.trim_matches(' '), "" | "?")
        };
        own_line.then(|| Entry {
            name,
            pointer,
            start,
            indent: lead.len() - lead.trim_start().len(),
        })
    };
    match document.value().pointer(at)? {
        Value::Object(members) => members
            .keys()
            .map(|key| {
                let pointer = pointer::join(at, key);
                let range = document.range(&pointer)?;
                entry(key.clone(), pointer, range.start, false)
            })
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| {
                let pointer = format!("{at}/{index}");
                let range = document.range(&pointer)?;
                let name = item.get("name")?.as_str()?;
                entry(name.to_owned(), pointer, range.start, true)
            })
            .collect(),
        _ => Some(Vec::new()),
    }
}

/// The sections below a node that ends at offset `end`. `levels` of their parts are sections, too;
/// at the root (`None`) the key decides.
fn sections(
    document: &Document,
    origin: usize,
    at: &str,
    end: usize,
    levels: Option<usize>,
) -> Option<Vec<Section>> {
    let entries = entries(document, at)?;
    let ends = entries.iter().skip(1).map(|entry| entry.start).chain([end]);
    let ranged: Vec<(&Entry, usize)> = entries.iter().zip(ends).collect();
    ranged
        .into_iter()
        .map(|(entry, end)| {
            let levels = levels.unwrap_or_else(|| depth(&entry.name));
            let parts = match levels {
                0 => None,
                _ => {
                    let parts = sections(document, origin, &entry.pointer, end, Some(levels - 1));
                    parts.filter(|parts| !parts.is_empty())
                }
            };
            let head = match &parts {
                Some(_) => self::entries(document, &entry.pointer)?.first()?.start,
                None => end,
            };
            Some(Section {
                name: entry.name.clone(),
                text: document.text()[entry.start..head].to_owned(),
                indent: entry.indent,
                origin,
                pointer: entry.pointer.clone(),
                parts,
            })
        })
        .collect()
}

impl Section {
    /// Appends the section with all of its parts.
    pub fn write(&self, out: &mut String) {
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        out.push_str(&self.text);
        for part in self.parts.iter().flatten() {
            part.write(out);
        }
    }

    /// The section with its key indented by `indent` spaces.
    pub fn at_indent(&self, indent: usize) -> Section {
        let shift = |line: &str| match (indent.checked_sub(self.indent), line.trim().is_empty()) {
            (_, true) => line.to_owned(),
            (Some(more), false) => format!("{}{line}", " ".repeat(more)),
            (None, false) => line
                .strip_prefix(&" ".repeat(self.indent - indent))
                .unwrap_or(line)
                .to_owned(),
        };
        let moved =
            |part: &Section| part.at_indent((part.indent + indent).saturating_sub(self.indent));
        Section {
            name: self.name.clone(),
            text: self.text.split_inclusive('\n').map(shift).collect(),
            indent,
            origin: self.origin,
            pointer: self.pointer.clone(),
            parts: self
                .parts
                .as_ref()
                .map(|parts| parts.iter().map(moved).collect()),
        }
    }
}
