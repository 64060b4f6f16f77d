//! The URL of a request, from a path template and the arguments of a call.

use std::{
    borrow::Cow,
    fmt::{self, Display, Write},
    ops::Range,
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{argument, base_url::BaseUrl};
use crate::{error::Error, operation::Location};

/// Everything outside the unreserved characters of RFC 3986, section 2.3.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Longer ones cannot be represented by the `http` crate.
const LONGEST_URL: usize = 65_000;

/// The arguments of a call that become part of its URL.
#[derive(Clone, Default)]
pub(crate) struct RequestUrl {
    /// The arguments, encoded, one after the other.
    text: String,
    parts: Vec<Part>,
}

/// An argument: where it goes, its name, and where its text is.
#[derive(Clone)]
struct Part {
    location: Location,
    name: Cow<'static, str>,
    text: Range<usize>,
}

impl RequestUrl {
    /// Sets a path parameter, in place of an earlier value.
    pub(crate) fn set_path(&mut self, name: impl Into<Cow<'static, str>>, value: &impl Display) {
        let name = name.into();
        self.remove(Location::Path, &name);
        let start = self.start();
        write!(Encoder(&mut self.text), "{value}").expect("values of the API can be displayed");
        self.add(Location::Path, name, start);
    }

    /// Adds a query parameter; whether the value can be written as one.
    pub(crate) fn add_query(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        value: &impl Serialize,
        explode: bool,
    ) -> bool {
        let name = name.into();
        let start = self.start();
        let is_written = append(&mut Pairs::after(&mut self.text), &name, value, explode);
        self.add(Location::Query, name, start);
        is_written
    }

    /// Removes an argument, so that it can be given again.
    pub(crate) fn remove(&mut self, location: Location, name: &str) {
        self.parts
            .retain(|part| part.location != location || part.name != name);
    }

    fn start(&mut self) -> usize {
        if self.text.is_empty() {
            // Room for most arguments, so that they do not grow bit by bit.
            self.text.reserve(160);
        }
        self.text.len()
    }

    fn add(&mut self, location: Location, name: Cow<'static, str>, start: usize) {
        let text = start..self.text.len();
        self.parts.push(Part {
            location,
            name,
            text,
        });
    }

    /// The text of each argument that goes there, with its name.
    fn texts(&self, location: Location) -> impl Iterator<Item = (&str, &str)> {
        let parts = self
            .parts
            .iter()
            .filter(move |part| part.location == location);
        parts.map(|part| (&*part.name, &self.text[part.text.clone()]))
    }

    /// A query parameter as it is sent, with its name.
    pub(crate) fn query_text(&self, name: &str) -> Option<&str> {
        let mut texts = self.texts(Location::Query);
        texts
            .find(|(known, _)| *known == name)
            .map(|(_, text)| text)
    }

    fn query(&self) -> String {
        let mut query = String::with_capacity(self.text.len() + self.parts.len());
        for (_, text) in self
            .texts(Location::Query)
            .filter(|(_, text)| !text.is_empty())
        {
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(text);
        }
        query
    }

    /// The URL of the call. Every value arrives as (or within) one segment that decodes to it, or is refused.
    pub(crate) fn build(&self, base: &BaseUrl, template: &str) -> Result<Url, Error> {
        let mut path = String::with_capacity(base.path.len() + template.len() + self.text.len());
        path.push_str(&base.path);
        self.fill(template, &mut path)?;
        let query = self.query();
        if base.server.as_str().len() + path.len() + query.len() > LONGEST_URL {
            return Err(self.too_long(&query));
        }
        let mut url = base.server.clone();
        url.set_path(&path);
        if !query.is_empty() {
            url.set_query(Some(&query));
        }
        // The parser must not have changed anything: what it normalises would reach another endpoint.
        if url.path() != path || url.query().unwrap_or_default() != query {
            return Err(self.rewritten(template));
        }
        Ok(url)
    }

    /// Writes a template, its `{parameters}` replaced.
    fn fill(&self, template: &str, text: &mut String) -> Result<(), Error> {
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            let (literal, after) = rest.split_at(open);
            let (name, after) = after[1..]
                .split_once('}')
                .ok_or_else(|| Error::configuration("the path template is malformed"))?;
            let value = self.texts(Location::Path).find(|(known, _)| *known == name);
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

    fn too_long(&self, query: &str) -> Error {
        let longest = self
            .texts(Location::Path)
            .max_by_key(|(_, value)| value.len());
        match longest {
            Some((name, value)) if value.len() > query.len() => {
                Error::invalid(format!("parameter `{name}` is too long for a URL"))
            }
            _ => Error::invalid("the query is too long for a URL"),
        }
    }
}

/// Pairs `name=value` of a query or form, as they are written.
pub(crate) struct Pairs<'a> {
    text: &'a mut String,
    start: usize,
}

impl<'a> Pairs<'a> {
    /// Pairs that are written after what the text holds.
    pub(crate) fn after(text: &'a mut String) -> Self {
        let start = text.len();
        Self { text, start }
    }

    fn start_pair(&mut self, name: &str) {
        if self.text.len() > self.start {
            self.text.push('&');
        }
        push_encoded(self.text, name);
        self.text.push('=');
    }
}

/// Appends `name=value`, the value as JSON sees it, to a query or form; whether it has such a form.
pub(crate) fn append(
    pairs: &mut Pairs<'_>,
    name: &str,
    value: &impl Serialize,
    explode: bool,
) -> bool {
    let Ok(json) = serde_json::to_string(value) else {
        return false;
    };
    // Most values are strings without escapes, which need no parser.
    let plain = json
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    if let Some(plain) = plain.filter(|plain| !plain.contains('\\')) {
        pairs.start_pair(name);
        push_encoded(pairs.text, plain);
        return true;
    }
    // By way of the text, which has all digits of a number.
    append_json(pairs, name, &json, explode).is_some()
}

/// Appends `name=value` to a query or form; arrays as `explode` says, null as nothing.
fn append_json(pairs: &mut Pairs<'_>, name: &str, json: &str, explode: bool) -> Option<()> {
    match json.as_bytes().first()? {
        b'n' => {}
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
            if explode {
                for item in items {
                    append_json(pairs, name, item.get(), explode)?;
                }
            } else {
                pairs.start_pair(name);
                let items = items.into_iter().filter_map(|item| scalar(item.get()));
                for (place, item) in items.enumerate() {
                    if place > 0 {
                        pairs.text.push(',');
                    }
                    push_encoded(pairs.text, &item);
                }
            }
        }
        b'{' => {
            for (field, value) in serde_json::from_str::<Fields>(json).ok()?.0 {
                append_json(pairs, &field, value.get(), explode)?;
            }
        }
        _ => {
            pairs.start_pair(name);
            push_encoded(pairs.text, &scalar(json)?);
        }
    }
    Some(())
}

/// The fields of an object in their order, each with its text.
#[derive(Default)]
struct Fields(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Fields, A::Error> {
                let mut fields = Fields::default();
                while let Some(entry) = entries.next_entry()? {
                    fields.0.push(entry);
                }
                Ok(fields)
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

/// The text of a string, number or boolean; `None` for anything else.
fn scalar(json: &str) -> Option<Cow<'_, str>> {
    match json.as_bytes().first()? {
        b'"' => serde_json::from_str::<String>(json).ok().map(Cow::from),
        b'n' | b'[' | b'{' => None,
        _ => Some(json.into()),
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

fn push_encoded(text: &mut String, part: &str) {
    let is_unreserved = |byte: u8| matches!(byte, b'a'..=b'z' | b'_' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'~');
    // Most parts need no encoding, and to see that is quicker than to encode.
    if part.bytes().all(is_unreserved) {
        text.push_str(part);
    } else {
        text.extend(utf8_percent_encode(part, ENCODED));
    }
}

/// A value as it stands in a path.
#[cfg(feature = "mock")]
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
