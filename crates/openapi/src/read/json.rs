//! JSON, read as raw values of serde_json: each is a slice of the text, which gives its span.

use super::error::{Problem, duplicate_key};
use super::limits::{Budget, MAX_DEPTH, too_deep};
use crate::positions::{SpanChildren, SpanTree};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::fmt;
use std::ops::Range;

/// Reads `body`, which is `text` without its byte order mark; `None` if it is not JSON.
pub(super) fn parse(text: &str, body: &str) -> Result<Option<(Value, SpanTree)>, Problem> {
    let Ok(raw) = serde_json::from_str::<&RawValue>(body) else {
        return Ok(None);
    };
    Reader {
        text,
        budget: Budget::default(),
    }
    .node(raw.get(), 0)
    .map(Some)
}

/// What is wrong with `body`, which is not JSON though it should be.
pub(super) fn fault(text: &str, body: &str) -> Option<Problem> {
    let error = serde_json::from_str::<&RawValue>(body).err()?;
    let line_start = body
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum::<usize>();
    let mut offset = (line_start + error.column().saturating_sub(1)).min(body.len());
    while !body.is_char_boundary(offset) {
        offset -= 1;
    }
    let start = text.len() - body.len() + offset;
    let what = error.to_string();
    let what = what.split(" at line ").next().unwrap_or_default();
    let problem = Problem::at(start..start, format!("not valid JSON: {what}"));
    Some(problem.help("check the commas, quotes and brackets at and before this position"))
}

struct Reader<'t> {
    text: &'t str,
    budget: Budget,
}

impl<'t> Reader<'t> {
    /// The range of a slice of the text.
    fn range(&self, slice: &str) -> Range<usize> {
        let start = slice.as_ptr() as usize - self.text.as_ptr() as usize;
        start..start + slice.len()
    }

    fn node(&mut self, raw: &'t str, depth: usize) -> Result<(Value, SpanTree), Problem> {
        let range = self.range(raw);
        self.budget.spend(1, || range.clone())?;
        let (value, children) = match raw.as_bytes().first() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => return Err(too_deep(range)),
            Some(b'{') => self.object(raw, depth)?,
            Some(b'[') => self.array(raw, depth)?,
            _ => (
                self.take(serde_json::from_str(raw), &range)?,
                SpanChildren::None,
            ),
        };
        Ok((value, SpanTree { range, children }))
    }

    fn array(&mut self, raw: &'t str, depth: usize) -> Result<(Value, SpanChildren), Problem> {
        let items: Vec<&'t RawValue> = self.take(serde_json::from_str(raw), &self.range(raw))?;
        let nodes = items
            .into_iter()
            .map(|item| self.node(item.get(), depth + 1));
        let (values, spans) = nodes.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
        Ok((Value::Array(values), SpanChildren::Items(spans)))
    }

    fn object(&mut self, raw: &'t str, depth: usize) -> Result<(Value, SpanChildren), Problem> {
        let range = self.range(raw);
        let entries = serde_json::Deserializer::from_str(raw).deserialize_map(Entries);
        let mut values = Map::new();
        let mut spans: Vec<(String, SpanTree)> = Vec::new();
        for (key, raw) in self.take(entries, &range)? {
            let key_range = self.range(key.get());
            let name: String = self.take(serde_json::from_str(key.get()), &key_range)?;
            if values.contains_key(&name) {
                return Err(duplicate_key(&spans, &name, key_range));
            }
            let (value, mut span) = self.node(raw.get(), depth + 1)?;
            span.range = key_range;
            values.insert(name.clone(), value);
            spans.push((name, span));
        }
        Ok((Value::Object(values), SpanChildren::Entries(spans)))
    }

    /// The syntax has been checked. Lone surrogates and numbers out of range are found here.
    fn take<T>(&self, read: serde_json::Result<T>, range: &Range<usize>) -> Result<T, Problem> {
        read.map_err(|error| {
            let error = error.to_string();
            let what = error.split(" at line ").next().unwrap_or_default();
            Problem::at(range.clone(), format!("not valid JSON: {what}"))
                .help("check the escapes and numbers at this position")
        })
    }
}

/// The entries of an object as they are written, duplicates included.
struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<(&'de RawValue, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}
