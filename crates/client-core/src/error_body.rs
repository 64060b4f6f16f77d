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
    let Ok(text) = std::str::from_utf8(body) else {
        return Facts::default();
    };
    let text = text.trim();
    let is_message = !text.is_empty()
        && text.len() <= PLAIN_MESSAGE_LIMIT
        && !text.starts_with(['<', '{', '['])
        && !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    Facts {
        code: None,
        message: is_message.then(|| text.to_owned()),
        session_expired: is_message && names_expired_session(text),
    }
}

/// Goes through the body from the outside in, so that an outer message wins over an inner one.
fn read_json(root: &Value) -> Facts {
    let mut facts = Facts::default();
    if let Value::String(text) = root {
        facts.session_expired = names_expired_session(text);
        facts.message = Some(text.clone());
        return facts;
    }
    let mut level = VecDeque::from([root]);
    while let Some(value) = level.pop_front() {
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
                facts.session_expired |= fields
                    .iter()
                    .filter(|(key, _)| key.contains("code") || key.contains("error"))
                    .filter_map(|(_, value)| code_of(value))
                    .any(|code| names_expired_session(&code));
                level.extend(fields.values());
            }
            Value::Array(items) => {
                if facts.message.is_none() {
                    facts.message = items.iter().find_map(text_of);
                }
                level.extend(items);
            }
            _ => {}
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

/// Whether `4011` stands in the text as a word of its own.
fn names_expired_session(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| word == SESSION_EXPIRED)
}
