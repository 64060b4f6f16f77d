//! YAML, read as events of saphyr: each has its span.

use super::error::{Duplicates, Problem, shorten};
use super::limits::{Budget, MAX_DEPTH, too_deep};
use super::scalar;
use crate::positions::{SpanChildren, SpanTree};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// Reads `body`, which is `text` without its byte order mark.
pub(super) fn parse(
    text: &str,
    body: &str,
    duplicates: &mut Duplicates,
) -> Result<(Value, SpanTree), Problem> {
    let offsets = Offsets::new(body, text.len() - body.len());
    let mut builder = Builder::new(offsets, duplicates);
    for event in Parser::new_from_str(body) {
        match event {
            Ok((event, span)) => builder.event(event, span)?,
            Err(error) => return Err(builder.syntax(&error)),
        }
    }
    match builder.root {
        Some(root) => Ok((root.value, root.span)),
        None => Err(Problem::new("the document is empty").help("give a YAML or JSON document")),
    }
}

/// From character indices, which saphyr counts, to byte offsets.
struct Offsets {
    /// Where the parsed text starts in the whole text.
    start: usize,
    /// Byte offset of each character; empty if they are the same.
    bytes: Vec<usize>,
    end: usize,
}

impl Offsets {
    fn new(body: &str, start: usize) -> Self {
        let bytes = if body.is_ascii() {
            Vec::new()
        } else {
            body.char_indices().map(|(offset, _)| offset).collect()
        };
        Offsets {
            start,
            bytes,
            end: body.len(),
        }
    }

    fn byte(&self, marker: Marker) -> usize {
        let index = marker.index();
        let offset = if self.bytes.is_empty() {
            index.min(self.end)
        } else {
            self.bytes.get(index).copied().unwrap_or(self.end)
        };
        self.start + offset
    }
}

/// A finished node.
#[derive(Clone)]
struct Node {
    value: Value,
    span: SpanTree,
    /// Nodes in it, itself included.
    size: usize,
    /// Levels in it, itself included.
    depth: usize,
}

/// A mapping or sequence that has not ended yet.
struct Open {
    range: Range<usize>,
    anchor: usize,
    size: usize,
    depth: usize,
    content: Content,
}

enum Content {
    Sequence {
        values: Vec<Value>,
        spans: Vec<SpanTree>,
    },
    Mapping {
        values: Map<String, Value>,
        spans: Vec<(String, SpanTree)>,
        key: Option<(String, Range<usize>)>,
    },
}

struct Builder<'d> {
    duplicates: &'d mut Duplicates,
    offsets: Offsets,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    budget: Budget,
    documents: usize,
    root: Option<Node>,
}

impl<'d> Builder<'d> {
    fn new(offsets: Offsets, duplicates: &'d mut Duplicates) -> Self {
        Builder {
            duplicates,
            offsets,
            open: Vec::new(),
            anchors: HashMap::new(),
            budget: Budget::default(),
            documents: 0,
            root: None,
        }
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = self.offsets.byte(span.start);
        start..self.offsets.byte(span.end).max(start)
    }

    fn syntax(&self, error: &saphyr_parser::ScanError) -> Problem {
        let start = self.offsets.byte(*error.marker());
        Problem::at(start..start, format!("not valid YAML: {}", error.info()))
            .help("check the indentation and the quotes around this position")
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    let problem = Problem::at(self.range(span), "a second document starts here");
                    return Err(problem.help("keep one document per file: remove the `---`"));
                }
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text, style, anchor, tag.as_deref(), span)
            }
            Event::SequenceStart(anchor, tag) => {
                let content = Content::Sequence {
                    values: Vec::new(),
                    spans: Vec::new(),
                };
                self.start(anchor, tag.as_deref(), "seq", content, span)
            }
            Event::MappingStart(anchor, tag) => {
                let content = Content::Mapping {
                    values: Map::new(),
                    spans: Vec::new(),
                    key: None,
                };
                self.start(anchor, tag.as_deref(), "map", content, span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    /// Whether the innermost open node is a mapping whose next event is a key.
    fn waits_for_key(&self) -> bool {
        matches!(
            self.open.last(),
            Some(Open {
                content: Content::Mapping { key: None, .. },
                ..
            })
        )
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Problem> {
        let range = self.range(span);
        if self.waits_for_key() {
            if text == "<<" && style == ScalarStyle::Plain {
                let problem = Problem::at(range, "merge keys (`<<`) are not part of YAML 1.2");
                return Err(problem.help("write the merged entries out"));
            }
            if anchor > 0 {
                let node = Node::leaf(Value::String(text.clone().into_owned()), range.clone());
                self.anchors.insert(anchor, node);
            }
            return self.key(text.into_owned(), range);
        }
        let value = self.tagged(&text, style, tag, &range)?;
        self.budget.spend(1, || range.clone())?;
        self.finish(Node::leaf(value, range), anchor)
    }

    fn tagged(
        &self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        range: &Range<usize>,
    ) -> Result<Value, Problem> {
        let Some(tag) = tag else {
            return Ok(match style {
                ScalarStyle::Plain => scalar::resolve(text),
                _ => Value::String(text.to_owned()),
            });
        };
        let value = scalar::resolve(text);
        let fits = match tag.suffix.as_str() {
            _ if !tag.is_yaml_core_schema() => false,
            "str" => return Ok(Value::String(text.to_owned())),
            "int" => value.is_i64() || value.is_u64(),
            "float" => value.is_number(),
            "bool" => value.is_boolean(),
            "null" => value.is_null(),
            _ => false,
        };
        if fits {
            Ok(value)
        } else {
            Err(meaningless_tag(tag, range.clone()))
        }
    }

    fn key(&mut self, name: String, range: Range<usize>) -> Result<(), Problem> {
        let Some(Open {
            content: Content::Mapping { values, spans, key },
            ..
        }) = self.open.last_mut()
        else {
            return Ok(());
        };
        if values.contains_key(&name) {
            self.duplicates.take(spans, &name, range.clone())?;
        }
        *key = Some((name, range));
        Ok(())
    }

    fn start(
        &mut self,
        anchor: usize,
        tag: Option<&Tag>,
        kind: &str,
        content: Content,
        span: Span,
    ) -> Result<(), Problem> {
        let range = self.range(span);
        if self.waits_for_key() {
            let problem = Problem::at(
                range,
                "a mapping or sequence as a key has no meaning in JSON",
            );
            return Err(
                problem.help("use a string as the key; quote it if it starts with `{` or `[`")
            );
        }
        if let Some(tag) = tag
            && !(tag.is_yaml_core_schema() && tag.suffix == kind)
        {
            return Err(meaningless_tag(tag, range));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(range));
        }
        self.budget.spend(1, || range.clone())?;
        self.open.push(Open {
            range,
            anchor,
            size: 1,
            depth: 1,
            content,
        });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Problem> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let (value, children) = match open.content {
            Content::Sequence { values, spans } => {
                (Value::Array(values), SpanChildren::Items(spans))
            }
            Content::Mapping { values, spans, .. } => {
                (Value::Object(values), SpanChildren::Entries(spans))
            }
        };
        // A block collection has no text of its own: its first entry is shown.
        let first = match &children {
            SpanChildren::Items(spans) => spans.first(),
            SpanChildren::Entries(spans) => spans.first().map(|(_, span)| span),
            SpanChildren::None => None,
        };
        let end = first.map_or(open.range.end, |span| span.range.end);
        let span = SpanTree {
            range: open.range.start..end,
            children,
        };
        self.finish(
            Node {
                value,
                span,
                size: open.size,
                depth: open.depth,
            },
            open.anchor,
        )
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Problem> {
        let range = self.range(span);
        let Some(node) = self.anchors.get(&anchor) else {
            // The parser refuses unknown names, so the anchor is one that is still open.
            let problem = Problem::at(range, "an alias inside the node that it refers to");
            return Err(problem.help("write the node out in place of the alias"));
        };
        if self.waits_for_key() {
            return match &node.value {
                Value::String(name) => self.key(name.clone(), range),
                _ => {
                    let problem = Problem::at(range, "an alias as a key must refer to a string");
                    Err(problem.help("write the key out"))
                }
            };
        }
        if self.open.len() + node.depth > MAX_DEPTH {
            return Err(too_deep(range));
        }
        self.budget.spend(node.size, || range.clone())?;
        let mut node = node.clone();
        // The spans inside are those of the anchor, where the text is.
        node.span.range = range;
        self.finish(node, 0)
    }

    /// Adds a finished node to the node that it belongs to.
    fn finish(&mut self, mut node: Node, anchor: usize) -> Result<(), Problem> {
        if anchor > 0 {
            // The node is kept twice: nested anchors must not use memory without being counted.
            self.budget.spend(node.size, || node.span.range.clone())?;
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.size += node.size;
        open.depth = open.depth.max(node.depth + 1);
        match &mut open.content {
            Content::Sequence { values, spans } => {
                values.push(node.value);
                spans.push(node.span);
            }
            Content::Mapping { values, spans, key } => {
                if let Some((name, range)) = key.take() {
                    node.span.range = range;
                    values.insert(name.clone(), node.value);
                    spans.push((name, node.span));
                }
            }
        }
        Ok(())
    }
}

impl Node {
    fn leaf(value: Value, range: Range<usize>) -> Self {
        Node {
            value,
            span: SpanTree {
                range,
                children: SpanChildren::None,
            },
            size: 1,
            depth: 1,
        }
    }
}

fn meaningless_tag(tag: &Tag, range: Range<usize>) -> Problem {
    Problem::at(
        range,
        format!(
            "the tag `{}` has no meaning here",
            shorten(&tag.to_string())
        ),
    )
    .help("remove the tag; quote the value if it is a string")
}
