//! The URL of a request, from a path template and the arguments of a call.

use std::fmt::{self, Display, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use serde::Serialize;
use serde_json::Value;

use super::{argument, base_url::BaseUrl};
use crate::error::Error;

/// Everything outside the unreserved characters of RFC 3986, section 2.3.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Longer ones cannot be represented by the `http` crate.
const LONGEST_URL: usize = 65_000;

/// The arguments of a call that become part of its URL.
#[derive(Default)]
pub(crate) struct RequestUrl {
    /// Path parameters by name, encoded.
    path: Vec<(&'static str, String)>,
    /// The query string so far, encoded.
    query: String,
}

impl RequestUrl {
    pub(crate) fn set_path(&mut self, name: &'static str, value: &impl Display) {
        self.path.push((name, encode(value)));
    }

    /// Adds a query parameter; whether the value can be written as one.
    pub(crate) fn add_query(&mut self, name: &str, value: &impl Serialize, explode: bool) -> bool {
        append(&mut self.query, name, value, explode)
    }

    /// The URL of the call. Every value arrives as (or within) one segment that decodes to it, or is refused.
    pub(crate) fn build(&self, base: &BaseUrl, template: &str) -> Result<Url, Error> {
        let mut path = String::with_capacity(base.path.len() + template.len() + 64);
        path.push_str(&base.path);
        self.fill(template, &mut path)?;
        if base.server.as_str().len() + path.len() + self.query.len() > LONGEST_URL {
            return Err(self.too_long());
        }
        let mut url = base.server.clone();
        url.set_path(&path);
        if !self.query.is_empty() {
            url.set_query(Some(&self.query));
        }
        // The parser must not have changed anything: what it normalises would reach another endpoint.
        if url.path() != path || url.query().unwrap_or_default() != self.query {
            return Err(self.rewritten(template));
        }
        Ok(url)
    }

    /// Writes a template, its `{parameters}` replaced.
    fn fill(&self, template: &str, text: &mut String) -> Result<(), Error> {
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            let (literal, after) = rest.split_at(open);
            let (name, after) = after[1..].split_once('}').ok_or_else(|| {
                Error::configuration("the operation's path template is malformed")
            })?;
            let value = self.path.iter().find(|(known, _)| *known == name);
            let (_, value) = value.ok_or_else(|| argument::missing(name))?;
            if value.is_empty() {
                return Err(Error::invalid(format!("parameter `{name}` is empty")));
            }
            text.push_str(literal);
            text.push_str(value);
            rest = after;
        }
        text.push_str(rest);
        Ok(())
    }

    /// Why the parser changed the URL: only dot segments are known to cause that.
    fn rewritten(&self, template: &str) -> Error {
        let culprit = template.split('/').find_map(|segment| {
            let mut text = String::new();
            self.fill(segment, &mut text).ok()?;
            let (name, _) = segment.rsplit_once('{')?.1.split_once('}')?;
            matches!(text.as_str(), "." | "..").then_some(name)
        });
        match culprit {
            Some(name) => Error::invalid(format!(
                "parameter `{name}` makes a dot segment, which would reach another path"
            )),
            None => Error::invalid("the arguments change the operation's path"),
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

/// Appends `name=value`, the value as JSON sees it, to a query or form; whether it has such a form.
pub(crate) fn append(text: &mut String, name: &str, value: &impl Serialize, explode: bool) -> bool {
    let Ok(json) = serde_json::to_string(value) else {
        return false;
    };
    // Most values are strings without escapes, which need no parser.
    let plain = json
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    if let Some(plain) = plain.filter(|plain| !plain.contains('\\')) {
        start_pair(text, name);
        push_encoded(text, plain);
        return true;
    }
    // By way of the text, because a value tree turns an `f32` of 0.1 into 0.10000000149011612.
    match serde_json::from_str(&json) {
        Ok(value) => append_pairs(text, name, &value, explode),
        Err(_) => return false,
    }
    true
}

/// Appends `name=value` to a query or form; arrays as `explode` says, null as nothing.
fn append_pairs(text: &mut String, name: &str, value: &Value, explode: bool) {
    match value {
        Value::Null => {}
        Value::Array(items) if explode => {
            for item in items {
                append_pairs(text, name, item, explode);
            }
        }
        Value::Array(items) => {
            start_pair(text, name);
            for (place, item) in items.iter().filter_map(scalar).enumerate() {
                if place > 0 {
                    text.push(',');
                }
                push_encoded(text, &item);
            }
        }
        Value::Object(fields) => {
            for (field, value) in fields {
                append_pairs(text, field, value, explode);
            }
        }
        Value::String(_) | Value::Bool(_) | Value::Number(_) => {
            start_pair(text, name);
            scalar(value)
                .into_iter()
                .for_each(|value| push_encoded(text, &value));
        }
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

fn start_pair(text: &mut String, name: &str) {
    if text.is_empty() {
        // Room for most queries, so that they do not grow bit by bit.
        text.reserve(128);
    } else {
        text.push('&');
    }
    push_encoded(text, name);
    text.push('=');
}

fn push_encoded(text: &mut String, part: &str) {
    let is_unreserved = |byte: u8| matches!(byte, b'a'..=b'z' | b'_' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'~');
    // Most parts need no encoding, and to see that is quicker than to encode.
    if part.bytes().all(is_unreserved) {
        text.push_str(part);
    } else {
        text.extend(utf8_percent_encode(part, ENCODED));
    }
}

fn scalar(value: &Value) -> Option<std::borrow::Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.into()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string().into()),
        _ => None,
    }
}

pub(crate) fn encode(value: &impl Display) -> String {
    let mut encoded = String::new();
    write!(Encoder(&mut encoded), "{value}").expect("values of the API can be displayed");
    encoded
}

/// Encodes what is written to it.
struct Encoder<'a>(&'a mut String);

impl Write for Encoder<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        push_encoded(self.0, text);
        Ok(())
    }
}
