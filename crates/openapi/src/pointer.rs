//! JSON pointers (RFC 6901), the addresses of nodes.

use serde_json::Value;
use std::borrow::Cow;

/// A name as a segment of a pointer: `a/b` becomes `a~1b`.
pub fn escape(segment: &str) -> Cow<'_, str> {
    if segment.contains(['~', '/']) {
        Cow::Owned(segment.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(segment)
    }
}

/// A segment of a pointer as a name: `a~1b` becomes `a/b`.
pub fn unescape(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') {
        Cow::Owned(segment.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(segment)
    }
}

/// `pointer` one step deeper, at the member or item called `segment`.
pub fn join(pointer: &str, segment: &str) -> String {
    format!("{pointer}/{}", escape(segment))
}

/// The names along a pointer, unescaped, outermost first.
pub fn segments(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(unescape)
}

/// The pointer to the parent, and the last name; `None` at the root.
pub fn split_last(pointer: &str) -> Option<(&str, Cow<'_, str>)> {
    let (parent, last) = pointer.rsplit_once('/')?;
    Some((parent, unescape(last)))
}

/// The node that a `$ref` inside the same document (`#/components/…`) leads to, with its pointer.
///
/// References to references are followed. `None` for a reference into another document, to nothing,
/// or in a circle.
pub fn resolve<'a>(root: &'a Value, reference: &str) -> Option<(String, &'a Value)> {
    let mut pointer = target(reference)?;
    // A longer chain is taken for a circle.
    for _ in 0..32 {
        let node = root.pointer(&pointer)?;
        match node.get("$ref").and_then(Value::as_str) {
            Some(next) => pointer = target(next)?,
            None => return Some((pointer, node)),
        }
    }
    None
}

/// The pointer that a local reference names, percent-decoded (`%7B` is `{`).
pub fn target(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    if !fragment.is_empty() && !fragment.starts_with('/') {
        return None;
    }
    if !fragment.contains('%') {
        return Some(fragment.to_owned());
    }
    let bytes = fragment.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%')
            .then(|| fragment.get(at + 1..at + 3))
            .flatten();
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).ok()
}
