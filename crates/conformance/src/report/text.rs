//! Texts of specs and servers made safe to print: they cannot control a terminal or a CI service.

use std::borrow::Cow;

/// The longest text that is shown in full, in characters.
const LONGEST: usize = 400;

/// The text on one line, without control characters, and cut off if it is very long.
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unfit) && text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let mut line = String::new();
    for (index, letter) in text.chars().enumerate() {
        match letter {
            _ if index == LONGEST => {
                line.push('…');
                break;
            }
            letter if is_unfit(letter) => line.extend(letter.escape_default()),
            letter => line.push(letter),
        }
    }
    Cow::Owned(line)
}

/// The text without control characters. Line breaks stay.
pub fn lines(text: &str) -> String {
    let mut lines = String::new();
    for letter in text.chars() {
        match letter {
            letter if is_unfit(letter) && letter != '\n' => lines.extend(letter.escape_default()),
            letter => lines.push(letter),
        }
    }
    lines
}

/// Control characters, and those that change the direction of the text.
fn is_unfit(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `1 case`, `2 cases`.
pub fn count(number: usize, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        number => format!("{number} {one}s"),
    }
}
