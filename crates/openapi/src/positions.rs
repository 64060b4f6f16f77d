//! Positions in the text of a document.

use std::ops::Range;

/// A position in the text of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// Bytes of the text; never beyond the end of the line.
    pub range: Range<usize>,
}

/// The span of a node in the text, with the spans of its children.
#[derive(Clone, Debug, Default)]
pub(crate) struct SpanTree {
    /// Bytes of the key for a mapping entry, of the value itself otherwise.
    pub range: Range<usize>,
    pub children: SpanChildren,
}

/// The spans of the children of a node.
#[derive(Clone, Debug, Default)]
pub(crate) enum SpanChildren {
    #[default]
    None,
    Items(Vec<SpanTree>),
    Entries(Vec<(String, SpanTree)>),
}

impl SpanTree {
    /// The span of the member or item of a name.
    pub fn child(&self, segment: &str) -> Option<&SpanTree> {
        match &self.children {
            SpanChildren::None => None,
            SpanChildren::Items(items) => items.get(segment.parse::<usize>().ok()?),
            SpanChildren::Entries(entries) => entries
                .iter()
                .find(|(key, _)| key == segment)
                .map(|(_, span)| span),
        }
    }
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
