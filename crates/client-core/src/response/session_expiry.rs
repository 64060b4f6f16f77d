//! Whether an error body says that the session has expired.
//!
//! Nexus says so with the code `4011`. Cards, amounts, postal codes and ids contain that number, too, and a call that is
//! repeated by mistake can be carried out twice. So the number counts only as the value of a code field, or in a text
//! that says what it means.

use std::mem;

/// The code by which Nexus says that a session has expired.
pub(crate) const SESSION_EXPIRED: &str = "4011";

/// A longer text is not a message.
const MESSAGE_LIMIT: usize = 1024;

/// A key without case, separators and a plural's `s`.
pub(crate) fn normalized(key: &str) -> String {
    let letters = key.chars().filter(char::is_ascii_alphanumeric);
    let key: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    key.trim_end_matches('s').to_owned()
}

/// Whether a field says it: a string or number under these keys, the outermost first. Without keys it is the whole body,
/// or an item of an array that is the whole body.
///
/// `about_caller`: the status says that the caller is refused.
pub(crate) fn in_field(keys: &[&str], text: &str, about_caller: bool) -> bool {
    match Field::at(keys) {
        Field::Code => is_code(text) || in_text(text, about_caller),
        Field::Message => text.trim() == SESSION_EXPIRED || in_text(text, about_caller),
        Field::Details => in_text(text, about_caller),
        Field::Other => Words::of(text).any_number(|words, at| words.tells_of_session(at)),
    }
}

/// Whether XML or HTML says it. Attributes, comments, scripts and styles do not count.
pub(crate) fn in_markup(markup: &str, about_caller: bool) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for piece in markup.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next();
        let name = name.unwrap_or_default();
        let name = name.rsplit(':').next().unwrap_or_default();
        if tag.starts_with('/') {
            if let Some(place) = open.iter().rposition(|known| *known == name) {
                open.truncate(place);
            }
        } else if !tag.ends_with('/') && !tag.starts_with(['!', '?']) {
            open.push(name);
        }
        let is_hidden = |tag: &&str| matches!(*tag, "script" | "style");
        let says = in_field(&open, text, about_caller) || in_text(text, about_caller);
        if says && !open.iter().any(is_hidden) {
            return true;
        }
    }
    false
}

/// What a field may hold.
enum Field {
    Code,
    Message,
    /// Text that goes with an error; a bare number in it may be anything.
    Details,
    Other,
}

impl Field {
    fn at(keys: &[&str]) -> Self {
        let Some((key, parents)) = keys.split_last() else {
            return Self::Message;
        };
        let key = normalized(key);
        let names = |words: &[&str]| words.iter().any(|word| key.contains(word));
        match key.strip_suffix("code") {
            Some(kind) if kind == "err" || kind.ends_with("error") => return Self::Code,
            Some(kind) if CODE_KINDS.contains(&kind) && is_about_error(parents) => {
                return Self::Code;
            }
            Some(_) => return Self::Other,
            None => {}
        }
        match key.as_str() {
            "error" | "err" | "fault" | "exception" => Self::Code,
            "message" | "msg" | "errormessage" | "errormsg" => Self::Message,
            _ if names(&["error", "message", "detail", "description", "reason"]) => Self::Details,
            _ => Self::Other,
        }
    }
}

/// Codes that may be the error's. Institutions, currencies and countries have codes of other kinds.
const CODE_KINDS: [&str; 10] = [
    "", "status", "response", "reason", "message", "result", "api", "mx", "nexus", "session",
];

/// Whether an object under these keys is about the error, and not about an institution or an account.
fn is_about_error(keys: &[&str]) -> bool {
    let neutral = [
        "response", "statu", "detail", "message", "meta", "session", "cause",
    ];
    let mut is_about_error = true;
    for key in keys {
        let key = normalized(key);
        is_about_error = ["error", "exception", "problem"]
            .iter()
            .any(|word| key.contains(word))
            || key == "fault"
            || (is_about_error && neutral.contains(&key.as_str()));
    }
    is_about_error
}

/// Whether the value of a code field is the code, such as `4011` or `NEXUS-4011`.
fn is_code(text: &str) -> bool {
    let mut parts = text.trim().split(['-', '_', '.', ':', '#']);
    let is_word = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    parts.clone().any(|part| part == SESSION_EXPIRED)
        && parts.all(|part| part == SESSION_EXPIRED || is_word(part))
}

fn in_text(text: &str, about_caller: bool) -> bool {
    Words::of(text).any_number(|words, at| {
        words.begins_with(at)
            || words.is_announced(at)
            || words.tells_of_session(at)
            || (about_caller && words.are_a_refusal(at))
    })
}

/// How a word says that something has expired.
const ENDED: &str = "expired expire expiration ended invalid invalidated terminated revoked inactive stale timeout timed";

/// The words that may separate `session` from such a word.
const BETWEEN: &str = "4011 a already been for had has have id is key md member no not or our out since the this token user \
    was your";

/// What may follow a number at the beginning that is the code.
const MEANINGS: &str = "session sessions expired unauthorized unauthenticated authentication";

/// The words of a message that says nothing but that the caller is refused.
const REFUSALS: &str = "401 403 a access again an api authentication authorization authorized been credentials denied \
    error expired forbidden has in invalid is log login missing not or please required session the token \
    unauthenticated unauthorized valid your";

fn is_one_of(words: &str, word: &str) -> bool {
    words.split(' ').any(|known| known == word)
}

/// A message in lower case, as words and the gaps between them.
struct Words {
    /// Each word with the gap before it.
    words: Vec<(String, String)>,
    /// What comes after the last word.
    end: String,
}

impl Words {
    fn of(text: &str) -> Self {
        let (mut words, mut gap, mut word) = (Vec::new(), String::new(), String::new());
        if text.len() <= MESSAGE_LIMIT && text.contains(SESSION_EXPIRED) {
            for c in text.chars() {
                if c.is_alphanumeric() {
                    word.push(c.to_ascii_lowercase());
                    continue;
                }
                if !word.is_empty() {
                    words.push((mem::take(&mut gap), mem::take(&mut word)));
                }
                gap.push(c);
            }
            if !word.is_empty() {
                words.push((mem::take(&mut gap), word));
            }
        }
        Self { words, end: gap }
    }

    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |(_, word)| word)
    }

    fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |at| self.word(at))
    }

    /// The gap before a word.
    fn gap(&self, at: usize) -> &str {
        self.words.get(at).map_or(&self.end, |(gap, _)| gap)
    }

    /// Whether the number is a word of its own somewhere and satisfies `is_code` there. A part of a date, a path, an
    /// amount or a masked card is not a word of its own.
    fn any_number(&self, is_code: impl Fn(&Self, usize) -> bool) -> bool {
        let separates = |c: char| c.is_whitespace() || "([\"':=#>".contains(c);
        (0..self.words.len()).any(|at| {
            let (before, after) = (self.gap(at), self.gap(at + 1));
            self.word(at) == SESSION_EXPIRED
                && !before.contains(|c| "$€£*•/+%@".contains(c))
                && !after.starts_with(['%', '€', '/'])
                && (at == 0 || before.contains(separates))
                && (at + 1 == self.words.len() || after.contains(separates))
                && is_code(self, at)
        })
    }

    /// Whether the number comes first and the rest explains it: `4011: …`, `4011 expired`.
    fn begins_with(&self, at: usize) -> bool {
        let gap = self.gap(1).trim_start_matches([')', ']']);
        at == 0
            && self.words.len() > 1
            && (gap.starts_with(": ") || is_one_of(MEANINGS, self.word(1)))
    }

    /// Whether the number is said to be an error: `error 4011`, `error code: 4011`, or just `code 4011`.
    fn is_announced(&self, at: usize) -> bool {
        let is_error = |word: &str| matches!(word, "error" | "errors" | "err");
        let is_near = !self.gap(at).contains(['.', ',', ';', '!', '?']);
        is_near
            && match self.before(at) {
                "code" => at == 1 || is_error(self.before(at - 1)),
                word => is_error(word),
            }
    }

    /// Whether the number is not the one of a thing that the message is about, such as `account 4011`.
    fn is_apart(&self, at: usize) -> bool {
        let (gap, before) = (self.gap(at), self.before(at));
        let is_last = at + 1 == self.words.len();
        at == 0
            || gap.contains(['(', '[', ':', '=', '–', '—'])
            || gap.contains(" - ")
            || (is_last && gap.contains(['.', ',', ';']))
            || is_one_of(ENDED, before)
            || is_one_of(
                "code error status session unauthorized unauthenticated denied",
                before,
            )
    }

    /// Whether the message says that a session has expired, and the number goes with it.
    fn tells_of_session(&self, at: usize) -> bool {
        let is_near = |first: usize, last: usize| {
            (first + 1..=last).all(|at| !self.gap(at).contains(['.', ',', ';', '!', '?']))
                && (first + 1..last)
                    .all(|at| is_one_of(BETWEEN, self.word(at)) || is_one_of(ENDED, self.word(at)))
        };
        let all = 0..self.words.len();
        let mut sessions = all
            .clone()
            .filter(|at| self.word(*at).starts_with("session"));
        self.is_apart(at)
            && sessions.any(|session| {
                all.clone()
                    .any(|end| self.says_ended(end) && is_near(session.min(end), session.max(end)))
            })
    }

    fn says_ended(&self, at: usize) -> bool {
        let before = self.before(at);
        match self.word(at) {
            "longer" => before == "no",
            "valid" | "active" => matches!(before, "not" | "longer"),
            word => is_one_of(ENDED, word) && !matches!(before, "not" | "t" | "never"),
        }
    }

    /// Whether the message says nothing but that the caller is refused. `your code` and `access code` are something that
    /// the caller has sent.
    fn are_a_refusal(&self, at: usize) -> bool {
        let is_fitting = |at: usize| match self.word(at) {
            SESSION_EXPIRED => true,
            "code" => {
                at == 0
                    || is_one_of(
                        "denied error expired forbidden required unauthenticated unauthorized",
                        self.before(at),
                    )
            }
            word => is_one_of(REFUSALS, word),
        };
        self.words.len() > 1 && self.is_apart(at) && (0..self.words.len()).all(is_fitting)
    }
}
