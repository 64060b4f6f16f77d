//! JSON into types, with errors that say where it failed and what was expected, but no value.

use std::fmt::Write as _;

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use crate::error::{Error, ErrorKind};

/// Decodes a JSON body.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    let body = without_byte_order_mark(body);
    // Following the path costs time, so it is done only once decoding has failed.
    serde_json::from_slice(body).map_err(|_| explain::<T>(body))
}

/// JSON must not begin with a byte order mark, but some servers send one.
pub(crate) fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

fn explain<T: DeserializeOwned>(body: &[u8]) -> Error {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Error::new(
            ErrorKind::Decode,
            "the response has no body where JSON was expected",
        );
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let detail = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(failure) => describe(&path(failure.path()), failure.inner()),
        Ok(_) => "the response has something after its JSON".to_owned(),
    };
    Error::new(ErrorKind::Decode, detail)
}

/// Decodes a part of a body from its text, for code within a `Deserialize`. The error names the place in that part.
pub(crate) fn part<T: DeserializeOwned, E: serde::de::Error>(text: &str) -> Result<T, E> {
    serde_json::from_str(text).map_err(|failure| {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let place = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Err(failure) if failure.path().iter().len() > 0 => path(failure.path()),
            _ => String::new(),
        };
        let text = failure.to_string();
        let text = text
            .rsplit_once(" at line ")
            .map_or(&*text, |(text, _)| text);
        match place.as_str() {
            "" => E::custom(text),
            place => E::custom(format_args!("{text}, in {place}")),
        }
    })
}

fn describe(path: &str, failure: &serde_json::Error) -> String {
    if failure.is_eof() {
        return format!("the response's JSON ends early, in {path}");
    }
    if failure.is_syntax() {
        let (line, column) = (failure.line(), failure.column());
        return format!("the response is not JSON, from line {line} column {column}, in {path}");
    }
    let text = failure.to_string();
    let expected = expectation(&text);
    format!("the response does not decode at {path}: expected {expected}")
}

/// The part of serde's message that describes the type; the part before it may quote the value.
fn expectation(text: &str) -> String {
    const KNOWN: [&str; 4] = [
        "invalid type: ",
        "invalid value: ",
        "invalid length ",
        "unknown variant ",
    ];
    let text = text.rsplit_once(" at line ").map_or(text, |(text, _)| text);
    if let Some(field) = text.strip_prefix("missing field ") {
        return format!("field {field}");
    }
    match text.rsplit_once(", expected ") {
        Some((_, expected)) if KNOWN.iter().any(|prefix| text.starts_with(prefix)) => {
            expected.to_owned()
        }
        _ => "another value".to_owned(),
    }
}

/// The path as `$.member.accounts[3].name`; a key that may be data rather than a field's name shows as `*`.
fn path(path: &serde_path_to_error::Path) -> String {
    let mut text = "$".to_owned();
    for segment in path {
        match segment {
            Segment::Seq { index } => _ = write!(text, "[{index}]"),
            Segment::Map { key } if is_field_name(key) => _ = write!(text, ".{key}"),
            Segment::Enum { .. } => {}
            Segment::Map { .. } | Segment::Unknown => text.push_str(".*"),
        }
    }
    text
}

/// Names of fields are words; random keys have more digits.
fn is_field_name(key: &str) -> bool {
    key.len() <= 48
        && key.bytes().filter(u8::is_ascii_digit).count() <= 2
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key
            .bytes()
            .all(|byte| byte == b'_' || byte.is_ascii_lowercase() || byte.is_ascii_digit())
}
