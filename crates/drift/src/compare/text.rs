//! Values compared by how they read.

use serde_json::Value;
use std::borrow::Cow;

/// A scalar as a text, so that `'1'` and `1` are the same where only the text counts.
pub(super) fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// Whether two values read the same: line endings and blanks at the end of a text do not count,
/// nor does whether a scalar is quoted.
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
