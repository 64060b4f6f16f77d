//! Texts of specs and servers made safe to print: they cannot control a terminal or a CI service.

use std::borrow::Cow;

use openapi::safe;
pub use openapi::safe::lines;

/// The longest text that is shown in full, in characters.
const LONGEST: usize = 400;

/// The text on one line, without control characters, and cut off if it is very long.
pub fn line(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", safe::line(&text[..end])).into(),
        None => safe::line(text),
    }
}

/// `1 case`, `2 cases`.
pub fn count(number: usize, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        number => format!("{number} {one}s"),
    }
}
