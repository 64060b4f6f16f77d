//! What MX's error bodies say, read leniently: no schema of them is published.

use std::collections::VecDeque;

use reqwest::StatusCode;
use serde_json::Value;

/// Keys under which a message is looked for, the more telling first.
const MESSAGE_KEYS: [&str; 6] = [
    "message",
    "error_message",
    "error_description",
    "error",
    "detail",
    "reason",
];
const CODE_KEYS: [&str; 3] = ["code", "error_code", "status_code"];

/// A plain-text body up to this length is taken for a message.
const PLAIN_MESSAGE_LIMIT: usize = 1024;

/// The code by which Nexus says that a session has expired.
const SESSION_EXPIRED: &str = "4011";

/// What an error body tells.
#[derive(Default)]
pub(crate) struct Facts {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) session_expired: bool,
}

/// Reads an error body of any kind; what cannot be read tells nothing.
pub(crate) fn read(status: StatusCode, body: &[u8]) -> Facts {
    let mut facts = match serde_json::from_slice::<Value>(body) {
        Ok(value) => read_json(&value),
        Err(_) => read_text(body),
    };
    // Who refuses the caller means nothing else by the number, wherever it stands.
    let refuses_caller = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
    facts.session_expired |= refuses_caller && holds_code(&String::from_utf8_lossy(body));
    if facts.session_expired {
        facts.code.get_or_insert_with(|| SESSION_EXPIRED.to_owned());
    }
    facts
}

fn read_text(body: &[u8]) -> Facts {
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    let is_message = !text.is_empty()
        && text.len() <= PLAIN_MESSAGE_LIMIT
        && !text.starts_with(['<', '{', '['])
        && !text.contains(char::REPLACEMENT_CHARACTER)
        && !text.contains(|c: char| c.is_control() && !c.is_whitespace());
    Facts {
        code: None,
        message: is_message.then(|| text.to_owned()),
        session_expired: tells_of_expired_session(text),
    }
}

/// Goes through the body from the outside in, so that an outer message wins over an inner one.
fn read_json(root: &Value) -> Facts {
    let mut facts = Facts::default();
    if let Value::String(text) = root {
        facts.message = Some(text.clone());
    }
    let mut level = VecDeque::from([(root, Place::Message)]);
    while let Some((value, place)) = level.pop_front() {
        match value {
            Value::Object(fields) => {
                for key in MESSAGE_KEYS {
                    if facts.message.is_none() {
                        facts.message = fields.get(key).and_then(text_of);
                    }
                }
                for key in CODE_KEYS {
                    if facts.code.is_none() {
                        facts.code = fields.get(key).and_then(code_of);
                    }
                }
                level.extend(fields.iter().map(|(key, value)| (value, Place::of(key))));
            }
            Value::Array(items) => {
                if facts.message.is_none() {
                    facts.message = items.iter().find_map(text_of);
                }
                level.extend(items.iter().map(|item| (item, place)));
            }
            Value::String(text) => {
                facts.session_expired |= match place {
                    Place::Code => holds_code(text),
                    Place::Message => tells_of_expired_session(text),
                    Place::Other => false,
                };
            }
            Value::Number(number) => {
                facts.session_expired |=
                    place != Place::Other && number.to_string() == SESSION_EXPIRED;
            }
            Value::Null | Value::Bool(_) => {}
        }
    }
    facts
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Array(items) => items.iter().find_map(text_of),
        _ => None,
    }
}

fn code_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What a value may be, by its key; the items of an array are what the array is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Code,
    Message,
    Other,
}

impl Place {
    fn of(key: &str) -> Self {
        let key = key.to_ascii_lowercase().replace(['_', '-'], "");
        let is_any = |parts: &[&str]| parts.iter().any(|part| key.contains(part));
        match key.trim_end_matches('s') {
            "code" | "errorcode" | "statuscode" | "responsecode" => Self::Code,
            _ if is_any(&["error", "message", "detail", "description", "reason"]) => Self::Message,
            _ => Self::Other,
        }
    }
}

/// Where `4011` stands as a word of its own.
fn places_of_code(text: &str) -> impl Iterator<Item = usize> {
    let is_part = |c: char| c.is_ascii_alphanumeric();
    let places = text.match_indices(SESSION_EXPIRED);
    let places = places.filter(move |(start, code)| {
        !text[..*start].ends_with(is_part) && !text[start + code.len()..].starts_with(is_part)
    });
    places.map(|(start, _)| start)
}

fn holds_code(text: &str) -> bool {
    places_of_code(text).next().is_some()
}

/// Whether a text that may speak of anything speaks of the code: it begins with it and goes on to say what it means,
/// or `code` or `error` stands right before it, or it speaks of a session. Cards, dates and streets have that number, too.
fn tells_of_expired_session(text: &str) -> bool {
    let rest = text.trim().strip_prefix(SESSION_EXPIRED);
    let begins = rest.is_some_and(|rest| {
        rest.is_empty() || rest.starts_with(": ") || rest.trim_start().starts_with("expired")
    });
    let lower = text.to_ascii_lowercase();
    let is_short = text.len() <= PLAIN_MESSAGE_LIMIT && !text.starts_with('<');
    let speaks_of_session = is_short && lower.contains("session");
    let is_joined = |c: char| matches!(c, '-' | '_' | '.' | '/');
    begins
        || places_of_code(text).any(|start| {
            let (before, after) = (&lower[..start], &lower[start + SESSION_EXPIRED.len()..]);
            let is_alone = !before.ends_with(is_joined) && !after.starts_with(['-', '_', '/']);
            is_alone && (speaks_of_session || announces_code(before))
        })
}

/// Whether what stands before a number, in lower case, says that it is a code. A postal code is another.
fn announces_code(before: &str) -> bool {
    let trim = |text| str::trim_end_matches(text, |c: char| !c.is_ascii_alphanumeric());
    let before = trim(before);
    let Some(kind) = before.strip_suffix("code") else {
        return before.ends_with("error") || before.ends_with("errors");
    };
    let kind = trim(kind);
    !["zip", "post", "postal", "category", "country", "bar"]
        .iter()
        .any(|word| kind.ends_with(word))
}
