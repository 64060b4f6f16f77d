//! A value as YAML in block style, one key to a line, so that its parts can be moved as lines.

use serde_json::Value;

/// The text of a value.
pub(super) fn block_style(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, 0);
    out
}

fn write(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                out.push_str(&" ".repeat(indent));
                out.push_str(&self::key(key));
                out.push(':');
                write_below(out, member, indent + 2);
            }
        }
        Value::Array(items) => {
            for item in items {
                let start = out.len() + indent;
                match is_scalar(item) {
                    true => {
                        out.push_str(&" ".repeat(indent + 1));
                        write_below(out, item, indent);
                    }
                    false => write(out, item, indent + 2),
                }
                // The first line of an item has its mark in the place of a blank.
                out.replace_range(start..=start, "-");
            }
        }
        scalar => {
            out.push_str(&scalar.to_string());
            out.push('\n');
        }
    }
}

fn write_below(out: &mut String, value: &Value, indent: usize) {
    if is_scalar(value) {
        out.push(' ');
        out.push_str(&value.to_string());
        out.push('\n');
    } else {
        out.push('\n');
        write(out, value, indent);
    }
}

/// Whether a value stands on the line of its key. JSON is YAML.
fn is_scalar(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    }
}

/// A key without quotes if it can only be read as itself.
fn key(key: &str) -> String {
    const OTHER: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let starts = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '$');
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/_-.{}$".contains(c);
    let is_word = OTHER.contains(&key.to_ascii_lowercase().as_str());
    match starts && !is_word && key.chars().all(is_plain) {
        true => key.to_owned(),
        false => Value::from(key).to_string(),
    }
}
