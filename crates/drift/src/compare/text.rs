//! Values as texts: compared by how they read, and shown in messages.

use openapi::Node;
use serde_json::Value;
use std::borrow::Cow;

/// A scalar as a text, so that `'1'` and `1` are the same where only the text counts.
pub(super) fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// Whether two values read the same. Line endings, blanks at the end of lines, and quotes around a
/// scalar do not count.
pub(super) fn reads_the_same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            old.len() == new.len()
                && old
                    .iter()
                    .all(|(key, old)| new.get(key).is_some_and(|new| reads_the_same(old, new)))
        }
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len()
                && old
                    .iter()
                    .zip(new)
                    .all(|(old, new)| reads_the_same(old, new))
        }
        (Value::Object(_) | Value::Array(_), _) | (_, Value::Object(_) | Value::Array(_)) => false,
        (old, new) => {
            let lines = |text: &'_ str| -> Vec<String> {
                text.trim_end()
                    .lines()
                    .map(|line| line.trim_end().to_owned())
                    .collect()
            };
            old == new || lines(&text(old)) == lines(&text(new))
        }
    }
}

/// A value for a message; a long one is not shown.
pub(super) fn show(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = match value {
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    };
    if text.chars().count() > LONGEST {
        "a long value".to_owned()
    } else {
        text
    }
}

/// "… changed from … to …", "… added" or "… removed".
pub(super) fn change_of(name: &str, old: Option<&Node<'_>>, new: Option<&Node<'_>>) -> String {
    match (old, new) {
        (Some(old), Some(new)) => {
            format!(
                "{name} changed from {} to {}",
                show(old.value),
                show(new.value)
            )
        }
        (None, Some(new)) => format!("{name} {} added", show(new.value)),
        (Some(old), None) => format!("{name} {} removed", show(old.value)),
        (None, None) => String::new(),
    }
}
