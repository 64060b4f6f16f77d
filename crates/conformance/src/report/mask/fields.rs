//! Finds secrets by the names of their fields.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use crate::contract::Contract;
use crate::report::mask::values::{MASKED, Secrets};

/// Parts of names (letters and digits only) that make a field a secret, whatever the spec says.
const SECRET: [&str; 14] = [
    "password",
    "passwd",
    "passcode",
    "secret",
    "token",
    "apikey",
    "privatekey",
    "authorization",
    "cookie",
    "sessionid",
    "oauthur",
    "oauthwindowur",
    "accountnumber",
    "routingnumber",
];

/// `name=value` and `name: value` in a text, also escaped.
static ASSIGNED: LazyLock<Regex> = LazyLock::new(|| {
    let between = r#"[\\"'\s]*(?:%22)?(?:=>|[=:]|%3a|%3d)(?:%22)?[\\"'\s\[({]*"#;
    let value = r#"(?:(?:basic|bearer|token)[\s+]+)?[^\s"'&,;<>\\]+"#;
    let pattern = format!(r"(?i)(?<name>[\w.-]+)(?<between>{between})(?<value>{value})");
    Regex::new(&pattern).expect("a constant that is a regular expression")
});

/// The names of fields and headers whose values no report may show.
pub struct SecretNames {
    /// Those that the spec marks (letters and digits only).
    marked: BTreeSet<String>,
    /// The names of all properties of the spec, which are no secrets themselves.
    properties: BTreeSet<String>,
}

impl SecretNames {
    /// The names that are always secret, and those that a spec marks.
    pub fn new(contract: &Contract) -> Self {
        let marked = contract.secrets.iter();
        Self {
            marked: marked.map(|name| plain(name)).collect(),
            properties: contract.properties.clone(),
        }
    }

    /// Whether a name is that of a secret, in any spelling.
    pub fn contains(&self, name: &str) -> bool {
        let name = plain(name);
        self.marked.contains(&name) || SECRET.iter().any(|part| name.contains(part))
    }

    /// The text without the values of such names in it.
    pub fn hide_in_text(&self, text: &str) -> String {
        // What assigns a value; most texts have none of it.
        if !text.contains(['=', ':', '%']) {
            return text.to_owned();
        }
        let (mut shown, mut done, mut at) = (String::new(), 0, 0);
        while let Some(found) = ASSIGNED.captures_at(text, at) {
            let (name, value) = (
                &found["name"],
                found.name("value").map(|value| value.range()),
            );
            let Some(value) = value else { break };
            // The value of another name may contain one: `url: https://…?token=…`.
            at = value.start;
            if self.contains(name) {
                shown.push_str(&text[done..value.start]);
                shown.push_str(MASKED);
                (done, at) = (value.end, value.end);
            }
        }
        shown.push_str(&text[done..]);
        shown
    }

    /// Masks the fields with such names, whatever is in them and wherever they are; the values of such names in texts;
    /// and texts that are pieces of one of these secrets. What was masked by name is added to `hidden`.
    pub fn hide_in_json(&self, value: &mut Value, secrets: &Secrets, hidden: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields.iter_mut() {
                    match self.contains(name) {
                        true => self.hide_all(value, hidden),
                        false => self.hide_in_json(value, secrets, hidden),
                    }
                }
                hide_pieces(fields.values_mut().collect(), secrets);
            }
            Value::Array(items) => {
                for item in items.iter_mut() {
                    self.hide_in_json(item, secrets, hidden);
                }
                hide_pieces(items.iter_mut().collect(), secrets);
            }
            Value::String(text) => {
                *text = match json_in(text) {
                    Some(mut inner @ (Value::Object(_) | Value::Array(_) | Value::String(_))) => {
                        let before = inner.clone();
                        self.hide_in_json(&mut inner, secrets, hidden);
                        if inner == before {
                            return;
                        }
                        inner.to_string()
                    }
                    _ => self.hide_in_text(text),
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Masks everything in a value but what has only two values, also the names of fields that the spec does not have.
    fn hide_all(&self, value: &mut Value, hidden: &mut Vec<String>) {
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Array(items) => {
                for item in items {
                    self.hide_all(item, hidden);
                }
            }
            Value::Object(fields) => {
                let mut masked = Map::new();
                for (name, mut value) in std::mem::take(fields) {
                    self.hide_all(&mut value, hidden);
                    if self.properties.contains(&name) {
                        masked.insert(name, value);
                        continue;
                    }
                    hidden.push(name);
                    masked.insert(MASKED.to_owned(), value);
                }
                *fields = masked;
            }
            Value::String(text) => {
                hidden.push(std::mem::take(text));
                *text = MASKED.to_owned();
            }
            Value::Number(_) => {
                hidden.push(value.to_string());
                *value = MASKED.into();
            }
        }
    }
}

/// The JSON that a text is.
fn json_in(text: &str) -> Option<Value> {
    // A number or a word is nothing that could hide a secret.
    let may_be = text.trim_start().starts_with(['{', '[', '"']);
    may_be.then(|| serde_json::from_str(text).ok())?
}

/// Masks the texts among these values that are pieces of a secret.
fn hide_pieces(mut values: Vec<&mut Value>, secrets: &Secrets) {
    let texts: Vec<&str> = values.iter().filter_map(|value| value.as_str()).collect();
    if texts.len() < 2 {
        return;
    }
    let found = secrets.split_among(&texts);
    let texts = values.iter_mut().filter(|value| value.is_string());
    for (index, value) in texts.enumerate() {
        if found.contains(&index) {
            **value = MASKED.into();
        }
    }
}

/// The letters and digits of a name, in lower case.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
