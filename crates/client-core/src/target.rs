//! From a path template and its values to the one URL they stand for.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use serde::Serialize;
use serde_json::Value;

use crate::{base_url::BaseUrl, error::Error};

/// Everything outside the unreserved characters of RFC 3986, section 2.3.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Longer ones cannot be represented by the `http` crate.
const LONGEST_URL: usize = 65_000;

/// The values of a call that end up in its URL.
#[derive(Default)]
pub(crate) struct Target {
    /// Path parameters by name, encoded.
    path: Vec<(&'static str, String)>,
    /// The query string so far, encoded.
    query: String,
}

impl Target {
    pub(crate) fn set_path(&mut self, name: &'static str, value: &str) {
        self.path.push((name, encode(value)));
    }

    pub(crate) fn add_query(&mut self, name: &str, value: &Value, explode: bool) {
        append_pairs(&mut self.query, name, value, explode);
    }

    /// The URL of the call. Every value arrives as (or within) one segment that decodes to it, or is refused.
    pub(crate) fn url(&self, base: &BaseUrl, template: &str) -> Result<Url, Error> {
        let mut text =
            String::with_capacity(base.prefix.len() + template.len() + self.query.len() + 64);
        text.push_str(&base.prefix);
        for segment in template.split('/').skip(1) {
            text.push('/');
            self.fill(segment, &mut text)?;
        }
        if !self.query.is_empty() {
            text.push('?');
            text.push_str(&self.query);
        }
        if text.len() > LONGEST_URL {
            return Err(self.too_long());
        }
        let url = Url::parse(&text).map_err(|_| Error::invalid("the arguments make no URL"))?;
        // The parser must not have changed a thing: what it normalises would reach another endpoint.
        if url.as_str() != text {
            return Err(Error::invalid(
                "the arguments make another URL than the operation's",
            ));
        }
        Ok(url)
    }

    /// Writes one segment of the template, its `{parameters}` replaced.
    fn fill(&self, template: &str, text: &mut String) -> Result<(), Error> {
        let start = text.len();
        let mut rest = template;
        let mut last = None;
        while let Some((literal, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or_else(|| {
                Error::configuration("the operation's path template is malformed")
            })?;
            let value = self.path.iter().find(|(known, _)| *known == name);
            let (_, value) = value.ok_or_else(|| missing(name))?;
            if value.is_empty() {
                return Err(Error::invalid(format!("parameter `{name}` is empty")));
            }
            text.push_str(literal);
            text.push_str(value);
            last = Some(name);
            rest = after;
        }
        text.push_str(rest);
        match (last, &text[start..]) {
            (Some(name), "." | "..") => Err(Error::invalid(format!(
                "parameter `{name}` makes a dot segment, which would reach another path"
            ))),
            _ => Ok(()),
        }
    }

    fn too_long(&self) -> Error {
        let longest = self.path.iter().max_by_key(|(_, value)| value.len());
        match longest {
            Some((name, value)) if value.len() > self.query.len() => {
                Error::invalid(format!("parameter `{name}` is too long for a URL"))
            }
            _ => Error::invalid("the query is too long for a URL"),
        }
    }
}

pub(crate) fn missing(name: &str) -> Error {
    Error::invalid(format!("parameter `{name}` is required and was not given"))
}

/// A value as JSON sees it, which is how queries and forms write it too.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Option<Value> {
    let text = serde_json::to_string(value).ok()?;
    // Most values are strings without escapes, which need no parser.
    let plain = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    if let Some(plain) = plain.filter(|plain| !plain.contains('\\')) {
        return Some(Value::String(plain.to_owned()));
    }
    // By way of the text, because a value tree turns an `f32` of 0.1 into 0.10000000149011612.
    serde_json::from_str(&text).ok()
}

/// Appends `name=value` to a query or form; arrays as `explode` says, null as nothing.
pub(crate) fn append_pairs(text: &mut String, name: &str, value: &Value, explode: bool) {
    match value {
        Value::Null => {}
        Value::Array(items) if explode => {
            for item in items {
                append_pairs(text, name, item, explode);
            }
        }
        Value::Array(items) => {
            let joined: Vec<_> = items
                .iter()
                .filter_map(scalar)
                .map(|item| encode(&item))
                .collect();
            append_pair(text, name, [joined.join(",").as_str()]);
        }
        Value::Object(fields) => {
            for (field, value) in fields {
                append_pairs(text, field, value, explode);
            }
        }
        Value::String(value) => append_pair(text, name, utf8_percent_encode(value, ENCODED)),
        Value::Bool(_) | Value::Number(_) => append_pair(text, name, [value.to_string().as_str()]),
    }
}

/// The names and values of a query, decoded.
#[cfg(feature = "mock")]
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    let decode = |text| {
        percent_encoding::percent_decode_str(text)
            .decode_utf8_lossy()
            .into_owned()
    };
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

fn append_pair<'a>(text: &mut String, name: &str, encoded: impl IntoIterator<Item = &'a str>) {
    if !text.is_empty() {
        text.push('&');
    }
    text.extend(utf8_percent_encode(name, ENCODED));
    text.push('=');
    text.extend(encoded);
}

fn scalar(value: &Value) -> Option<std::borrow::Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.into()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string().into()),
        _ => None,
    }
}

pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}
