//! What MX's error bodies say, read leniently: no schema of them is published.

use reqwest::StatusCode;
use serde_json::Value;

use super::{
    decode,
    session_expiry::{self, SESSION_EXPIRED},
};
use crate::error::ServerDetails;

/// The keys of a message, the most telling first.
const MESSAGE_KEYS: [&str; 6] = [
    "message",
    "errormessage",
    "errordescription",
    "error",
    "detail",
    "reason",
];

/// The keys of a code, the most telling first.
const CODE_KEYS: [&str; 3] = ["code", "errorcode", "statuscode"];

/// A plain-text body up to this length is taken for a message.
const PLAIN_MESSAGE_LIMIT: usize = 1024;

/// Reads an error body of any kind; what cannot be read says nothing.
pub(crate) fn read(status: StatusCode, body: &[u8]) -> ServerDetails {
    // These statuses are about the caller, so fewer words make clear that the session is meant.
    let about_caller = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
    let body = decode::without_byte_order_mark(body);
    let mut details = match json(body) {
        Some(value) => read_json(&value, about_caller),
        None => read_text(&String::from_utf8_lossy(body), about_caller),
    };
    if details.session_expired {
        details
            .code
            .get_or_insert_with(|| SESSION_EXPIRED.to_owned());
    }
    details
}

/// The body as JSON; one that breaks off, without its last, unfinished entry.
fn json(body: &[u8]) -> Option<Value> {
    if let Ok(value) = serde_json::from_slice(body) {
        return Some(value);
    }
    let text = match std::str::from_utf8(body) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&body[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    text.trim_start()
        .starts_with(['{', '['])
        .then(|| serde_json::from_str(&completed(text)).ok())?
}

/// JSON that breaks off, cut back to its last whole entry, and closed.
fn completed(text: &str) -> String {
    let mut closers = String::new();
    let (mut in_string, mut escaped) = (false, false);
    let mut whole = (0, String::new());
    for (place, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ if in_string => {}
            '{' | '[' => {
                closers.insert(0, if c == '{' { '}' } else { ']' });
                whole = (place + 1, closers.clone());
            }
            '}' | ']' => _ = (!closers.is_empty()).then(|| closers.remove(0)),
            ',' => whole = (place, closers.clone()),
            _ => {}
        }
    }
    [&text[..whole.0], &whole.1].concat()
}

fn read_text(text: &str, about_caller: bool) -> ServerDetails {
    let text = text.trim();
    if text.starts_with('<') {
        return ServerDetails {
            session_expired: session_expiry::in_markup(text, about_caller),
            ..ServerDetails::default()
        };
    }
    let is_message = !text.is_empty()
        && text.len() <= PLAIN_MESSAGE_LIMIT
        && !text.starts_with(['{', '['])
        && !text.contains(char::REPLACEMENT_CHARACTER)
        && !text.contains(|c: char| c.is_control() && !c.is_whitespace());
    ServerDetails {
        code: None,
        message: is_message.then(|| text.to_owned()),
        session_expired: is_message && session_expiry::in_field(&[], text, about_caller),
    }
}

fn read_json(root: &Value, about_caller: bool) -> ServerDetails {
    let mut found = Found::default();
    found.visit(root, &mut Vec::new(), about_caller);
    ServerDetails {
        code: found.code.map(|(_, code)| code),
        message: found.message.map(|(_, message)| message),
        session_expired: found.session_expired,
    }
}

/// How deep a text is nested, and then how telling its key is: the lowest is the best.
type Rank = (usize, usize);

#[derive(Default)]
struct Found {
    code: Option<(Rank, String)>,
    message: Option<(Rank, String)>,
    session_expired: bool,
}

impl Found {
    /// Visits every string and number under a value; `path` holds the keys that lead to it, `None` for an array's item.
    fn visit<'a>(&mut self, value: &'a Value, path: &mut Vec<Option<&'a str>>, about_caller: bool) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    path.push(Some(key));
                    self.visit(value, path, about_caller);
                    path.pop();
                }
            }
            Value::Array(items) => {
                for item in items {
                    path.push(None);
                    self.visit(item, path, about_caller);
                    path.pop();
                }
            }
            Value::String(text) => {
                offer(&mut self.code, code_rank(path), text);
                offer(&mut self.message, message_rank(path), text);
                self.note_expiry(path, text, about_caller);
            }
            Value::Number(number) => {
                let text = number.to_string();
                let text = text.strip_suffix(".0").unwrap_or(&text);
                offer(&mut self.code, code_rank(path), text);
                self.note_expiry(path, text, about_caller);
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn note_expiry(&mut self, path: &[Option<&str>], text: &str, about_caller: bool) {
        if !self.session_expired && text.contains(SESSION_EXPIRED) {
            let keys: Vec<_> = path.iter().copied().flatten().collect();
            self.session_expired = session_expiry::in_field(&keys, text, about_caller);
        }
    }
}

/// Keeps the better one; of two equal ones the first.
fn offer(best: &mut Option<(Rank, String)>, rank: Option<Rank>, text: &str) {
    if let Some(rank) = rank
        && !text.trim().is_empty()
        && best.as_ref().is_none_or(|(known, _)| rank < *known)
    {
        *best = Some((rank, text.to_owned()));
    }
}

fn code_rank(path: &[Option<&str>]) -> Option<Rank> {
    let (key, parents) = path.split_last()?;
    let key = session_expiry::normalized((*key)?);
    let rank = CODE_KEYS.iter().position(|known| *known == key)?;
    Some((parents.len(), rank))
}

/// A message is the value of a message key, alone or in an array, or an item of any other array.
fn message_rank(path: &[Option<&str>]) -> Option<Rank> {
    let Some(last_key) = path.iter().rposition(Option::is_some) else {
        return Some((path.len().saturating_sub(1), 0));
    };
    let key = session_expiry::normalized(path[last_key]?);
    if let Some(rank) = MESSAGE_KEYS.iter().position(|known| *known == key) {
        return Some((last_key, rank));
    }
    let is_item = last_key + 1 < path.len();
    is_item.then_some((path.len() - 1, MESSAGE_KEYS.len()))
}
