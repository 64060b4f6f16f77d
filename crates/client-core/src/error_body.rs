//! What MX's error bodies say, read leniently: no schema of them is published.

use std::collections::VecDeque;

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
pub(crate) fn read(body: &[u8]) -> Facts {
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        return read_json(&value);
    }
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
        session_expired: tells_of_expired_session(text) || (is_message && is_expired_session(text)),
    }
}

/// Goes through the body from the outside in, so that an outer message wins over an inner one.
fn read_json(root: &Value) -> Facts {
    let mut facts = Facts::default();
    if let Value::String(text) = root {
        facts.message = Some(text.clone());
    }
    // Each value with whether its place is one where codes stand.
    let mut level = VecDeque::from([(root, true)]);
    while let Some((value, is_code)) = level.pop_front() {
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
                level.extend(fields.iter().map(|(key, value)| {
                    let key = key.to_ascii_lowercase();
                    let is_told = ["error", "message"].iter().any(|word| key.contains(word));
                    (value, is_told || announces_code(&key))
                }));
            }
            Value::Array(items) => {
                if facts.message.is_none() {
                    facts.message = items.iter().find_map(text_of);
                }
                level.extend(items.iter().map(|item| (item, is_code)));
            }
            Value::String(text) => {
                facts.session_expired |=
                    tells_of_expired_session(text) || (is_code && is_expired_session(text));
            }
            Value::Number(number) => {
                facts.session_expired |= is_code && number.to_string() == SESSION_EXPIRED;
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

/// Whether a text that may be a code is the one, alone or before what it means: `4011`, `4011: expired`.
fn is_expired_session(text: &str) -> bool {
    let rest = text.trim().strip_prefix(SESSION_EXPIRED);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', ',', ';', '.', '-', ')']))
}

/// Whether a key, or what stands before a number, in lower case, says that a code follows. A postal code is another.
fn announces_code(text: &str) -> bool {
    let name = text.strip_suffix('s').unwrap_or(text);
    let Some(kind) = name.strip_suffix("code") else {
        return name.ends_with("error");
    };
    let kind = kind.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    !["zip", "post", "postal"]
        .iter()
        .any(|word| kind.ends_with(word))
}

/// Whether any text speaks of the code: it stands there as a word of its own, and `code` or `error` right before it, or
/// the text is short and about a session or something expired. Other things have that number as well.
fn tells_of_expired_session(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric();
    let mut places = text.match_indices(SESSION_EXPIRED).filter(|(start, code)| {
        !text[..*start].ends_with(is_part) && !text[start + code.len()..].starts_with(is_part)
    });
    let Some((first, _)) = places.next() else {
        return false;
    };
    let lower = text.to_ascii_lowercase();
    let is_named = |start: usize| announces_code(lower[..start].trim_end_matches(|c| !is_part(c)));
    let is_about_it = text.len() <= PLAIN_MESSAGE_LIMIT
        && !text.starts_with('<')
        && ["session", "expired"]
            .iter()
            .any(|word| lower.contains(word));
    is_about_it || is_named(first) || places.any(|(start, _)| is_named(start))
}
