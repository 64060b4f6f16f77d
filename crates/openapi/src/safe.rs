//! Texts of specs, servers and pages, made harmless for where they are printed.

use std::borrow::Cow;

/// A text for a terminal or a log, on one line: control characters are shown as `\u{…}`, ends of lines as blanks, and
/// nothing in it is a command to what reads the log.
pub fn line(text: &str) -> Cow<'_, str> {
    let is_tame =
        |text: &str| !text.contains(is_unseen) && !text.contains("::") && !text.contains("##[");
    if is_tame(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' | '\t' | '\r' => shown.push(' '),
            // `::error::` at the start of a line, `##[error]` anywhere: GitHub would obey.
            ':' if characters.peek() == Some(&':') && may_start(&shown) => shown.push_str(": "),
            '[' if shown.ends_with("##") => shown.push_str(" ["),
            character if is_unseen(character) => shown.extend(character.escape_unicode()),
            character => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

/// Several lines, each of them harmless; what starts a line is not taken for a command.
pub fn lines(text: &str) -> String {
    let lines: Vec<Cow<'_, str>> = text
        .split('\n')
        .map(|one| line(one.trim_end_matches('\r')))
        .collect();
    lines.join("\n")
}

/// Whether what follows a text may be taken for the start of a line.
fn may_start(text: &str) -> bool {
    text.is_empty() || text.ends_with(char::is_whitespace)
}

/// Characters that a terminal obeys or that change how others are read.
pub fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

/// A sentence in Markdown: names in backticks are code. One in which anything could come alive is code as a whole.
pub fn sentence(text: &str) -> String {
    let text = line(text);
    let parts: Vec<&str> = text.split('`').collect();
    let outside = parts.iter().step_by(2);
    let inside = parts.iter().skip(1).step_by(2);
    let balanced = parts.len() % 2 == 1 && inside.clone().all(|name| !name.is_empty());
    if !balanced || !outside.clone().all(|words| is_plain(words)) {
        return code(&text);
    }
    let shown = parts
        .iter()
        .enumerate()
        .map(|(index, part)| match index % 2 {
            0 => part.replace('_', "\\_"),
            _ => format!("`{part}`"),
        });
    shown.collect()
}

/// Whether words mean nothing to Markdown but themselves, apart from underscores.
fn is_plain(words: &str) -> bool {
    let lower = words.to_ascii_lowercase();
    words
        .chars()
        .all(|c| c.is_alphanumeric() || " _-,.;:/(){}'+=".contains(c))
        && !["://", "www.", "gh-"]
            .iter()
            .any(|mark| lower.contains(mark))
}

/// A text as code in Markdown, whatever is in it.
pub fn code(text: &str) -> String {
    let text = line(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    match longest {
        0 => format!("`{text}`"),
        _ => format!("{fence} {text} {fence}"),
    }
}

/// Lines as a block of code of a language in Markdown, whatever is in them.
pub fn block(language: &str, text: &str) -> String {
    let text = lines(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!(
        "{fence}{language}\n{}\n{fence}\n",
        text.trim_end_matches('\n')
    )
}

#[cfg(test)]
mod tests {
    use super::{line, lines};

    #[test]
    fn no_text_controls_what_reads_it() {
        let cases = [
            ("plain: a::b", "plain: a::b"),
            ("::error::a", ": :error::a"),
            (" ::error::a", " : :error::a"),
            ("a ##[error]", "a ## [error]"),
            ("a\r\nb\tc", "a  b c"),
            ("\u{1b}[31m", "\\u{1b}[31m"),
            ("\u{202e}\u{61c}\u{feff}", "\\u{202e}\\u{61c}\\u{feff}"),
        ];
        for (given, wanted) in cases {
            assert_eq!(line(given), wanted);
        }
        assert_eq!(lines("a\r\n::b\n"), "a\n: :b\n");
    }
}
