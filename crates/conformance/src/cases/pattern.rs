//! Texts that match a pattern.

use std::cell::RefCell;
use std::collections::HashMap;

use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

thread_local! {
    /// The patterns of the specs so far: compiling one takes longer than the case that needs it.
    static KNOWN: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
}

/// How many letters a text may get.
const LONGEST: usize = 200;

/// Whether a text has a part that matches. Patterns that this machine does not know, such as with look-ahead, match
/// nothing.
pub fn matches(pattern: &str, text: &str) -> bool {
    KNOWN.with_borrow_mut(|known| {
        if let Some(compiled) = known.get(pattern) {
            return compiled.as_ref().is_some_and(|known| known.is_match(text));
        }
        let compiled = Regex::new(pattern).ok();
        let matches = compiled.as_ref().is_some_and(|known| known.is_match(text));
        known.insert(pattern.to_owned(), compiled);
        matches
    })
}

/// A text that matches a pattern: with what is repeated as often as it must be, but once if it may be. `None` if none
/// is found.
pub fn text(pattern: &str) -> Option<String> {
    let parsed = regex_syntax::parse(pattern).ok()?;
    let mut text = String::new();
    write(&parsed, &mut text)?;
    matches(pattern, &text).then_some(text)
}

fn write(part: &Hir, text: &mut String) -> Option<()> {
    if text.len() > LONGEST {
        return None;
    }
    match part.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(letter(class)?),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            for _ in 0..repetition.min.max(1).min(most) {
                write(&repetition.sub, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, text)?,
        HirKind::Concat(parts) => {
            for part in parts {
                write(part, text)?;
            }
        }
        HirKind::Alternation(parts) => write(parts.first()?, text)?,
    }
    Some(())
}

/// A letter of a class, a plain one if it has one.
fn letter(class: &Class) -> Option<char> {
    let Class::Unicode(class) = class else {
        return None;
    };
    let has = |letter: char| {
        let mut ranges = class.iter();
        ranges.any(|range| (range.start()..=range.end()).contains(&letter))
    };
    let plain = "aA1x0zZ9_-. ".chars().find(|letter| has(*letter));
    plain.or_else(|| Some(class.iter().next()?.start()))
}

#[cfg(test)]
mod tests {
    use super::{matches, text};

    #[test]
    fn a_text_is_found_for_patterns_that_specs_have() {
        for pattern in [
            "^[A-Z]{3}$",
            "^[0-9]{4}-[0-9]{2}$",
            "^USR-[a-f0-9-]{36}$",
            r"^\+?\d{7,15}$",
            r"^(?:AB|CD)\w+@[^@\s]+\.[a-z]{2,}$",
            "^.{1,5}$",
            "b",
        ] {
            let found = text(pattern).expect(pattern);
            assert!(matches(pattern, &found), "{pattern}: {found}");
        }
        // Look-ahead is unknown.
        assert_eq!(text("^(?=.*x)y"), None);
    }
}
