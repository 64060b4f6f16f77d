//! JSON into types, with errors that say where it failed and what was expected, but no value.

use std::fmt::Write as _;

use serde::de::DeserializeOwned;

use super::tracked::{Step, Tracked, Tracker};
use crate::error::{Error, ErrorKind};

/// How much memory decoding may need whatever the size of the body, in bytes, unless a client sets it.
pub(crate) const MEMORY: usize = 64 * 1024 * 1024;

/// How much memory decoding may need for each byte of the body, in any case.
const MEMORY_PER_BYTE: usize = 30;

/// A body up to this size cannot need more than [`MEMORY`]: that would take a type of 24 KiB for each `{},`.
const SMALL: usize = 8 * 1024;

/// Decodes a JSON body; `memory`: what that may need, if 30 times the body is less.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8], memory: usize) -> Result<T, Error> {
    let body = without_byte_order_mark(body);
    // Following the path and counting cost time, so they are done only where they matter.
    if body.len() <= SMALL && memory >= MEMORY {
        return serde_json::from_slice(body).map_err(|_| explain::<T>(body));
    }
    let limit = memory.max(body.len().saturating_mul(MEMORY_PER_BYTE));
    // The body itself, and its pieces before it was whole.
    let tracker = Tracker::counting(limit.saturating_sub(2 * body.len()));
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    T::deserialize(Tracked::new(&mut deserializer, &tracker))
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|_| match tracker.is_exceeded() {
            true => too_much(limit),
            false => explain::<T>(body),
        })
}

fn too_much(limit: usize) -> Error {
    let detail = format!(
        "to decode the response needs more than {limit} bytes of memory; `ClientBuilder::max_decoding_bytes` raises the \
         limit"
    );
    Error::new(ErrorKind::TooLarge, detail)
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
    let tracker = Tracker::following();
    let detail = match T::deserialize(Tracked::new(&mut deserializer, &tracker)) {
        Err(failure) => describe(&path(tracker.path()), &failure),
        Ok(_) => "the response has something after its JSON".to_owned(),
    };
    Error::new(ErrorKind::Decode, detail)
}

/// Decodes a part of a body from its text, for code within a `Deserialize`. The error names the place in that part.
pub(crate) fn part<T: DeserializeOwned, E: serde::de::Error>(text: &str) -> Result<T, E> {
    let tracker = Tracker::part();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    T::deserialize(Tracked::new(&mut deserializer, &tracker)).map_err(|failure| {
        if tracker.is_exceeded() {
            return E::custom(failure);
        }
        let tracker = Tracker::following();
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let outcome = T::deserialize(Tracked::new(&mut deserializer, &tracker));
        let place = match (outcome, tracker.path()) {
            (Err(_), steps) if !steps.is_empty() => path(steps),
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
fn path(path: Vec<Step>) -> String {
    let mut text = "$".to_owned();
    for step in path {
        match step {
            Step::Item(index) => _ = write!(text, "[{index}]"),
            Step::Field(key) if is_field_name(&key) => _ = write!(text, ".{key}"),
            Step::Field(_) | Step::Other => text.push_str(".*"),
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

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Deserializer};
    use serde_json::{Value, value::RawValue};

    use super::*;

    /// A value that decodes its own text, as unions do.
    struct Part;

    impl<'de> Deserialize<'de> for Part {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let text = <&RawValue>::deserialize(deserializer)?;
            part::<Value, D::Error>(text.get()).map(|_| Self)
        }
    }

    #[test]
    fn what_a_part_needs_counts_for_the_whole() {
        let body = format!("[[{}]]", vec![r#"{"a":1}"#; 200_000].join(","));
        let error = json::<Vec<Part>>(body.as_bytes(), MEMORY).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
        assert!(json::<Vec<Part>>(body.as_bytes(), 8 * MEMORY).is_ok());
    }
}
