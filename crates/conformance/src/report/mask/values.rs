//! Finds secrets by their values, in any spelling.
//!
//! Texts and secrets are converted to one form first: the escapes of URLs, JSON, HTML and JSON pointers are decoded, as
//! often as they were applied, and only letters and digits are kept, in lower case. So one search finds all spellings
//! of a secret, also one that was cut into the items of a list.

use std::borrow::Cow;
use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// What is shown instead of a secret.
pub const MASKED: &str = "[masked]";

/// How many letters and digits of a secret in a row are masked wherever they occur.
const WINDOW: usize = 8;

/// Shorter texts are common words.
const SHORTEST: usize = 4;

/// The shortest encoded form of a secret that is looked for, where it has fewer than [`WINDOW`] characters.
const SHORTEST_ENCODED: usize = 6;

/// Values that no report may show.
#[derive(Default)]
pub struct Secrets {
    windows: Windows,
    /// Forms with less than a window.
    short: Vec<Vec<u8>>,
    /// Values with fewer letters and digits than [`SHORTEST`], as they are.
    literal: Vec<String>,
}

/// A value that is masked only if it occurs whole, in any spelling.
pub struct Needle(Vec<u8>);

impl Needle {
    /// `None` for a value with too few letters and digits to be a secret.
    pub fn new(value: &str) -> Option<Self> {
        let form = Form::of(value).letters;
        (form.len() >= WINDOW).then_some(Self(form))
    }
}

impl Secrets {
    /// Adds a value, with its forms in base64 (alone, or anywhere in something longer) and in hexadecimal digits.
    pub fn add(&mut self, value: &str) {
        let plain = Form::of(value).letters;
        if plain.len() < SHORTEST && value.len() >= SHORTEST {
            self.literal.push(value.to_owned());
        }
        self.add_form(plain, SHORTEST);
        let hex: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
        self.add_form(hex.into_bytes(), SHORTEST_ENCODED);
        let encoded = STANDARD_NO_PAD.encode(value);
        self.add_form(Form::of(&encoded).letters, SHORTEST_ENCODED);
        // In a longer text the value starts at any of three positions in a group of base64, and the characters at its
        // ends depend on the text around it.
        for before in 0..3 {
            let bytes = [&vec![0; before][..], value.as_bytes()].concat();
            let encoded = STANDARD_NO_PAD.encode(&bytes);
            let shared = (before * 8).div_ceil(6);
            let whole = bytes.len() * 8 / 6;
            let core = encoded.get(shared..whole).unwrap_or_default();
            self.add_form(Form::of(core).letters, SHORTEST_ENCODED);
        }
    }

    fn add_form(&mut self, form: Vec<u8>, shortest: usize) {
        match form.len() {
            WINDOW.. => form
                .windows(WINDOW)
                .for_each(|window| self.windows.add(window)),
            length if length >= shortest && !self.short.contains(&form) => self.short.push(form),
            _ => {}
        }
    }

    /// The text without the secrets and these values.
    pub fn hide<'a>(&self, text: &'a str, also: &[Needle]) -> Cow<'a, str> {
        let ranges = self.find(text, also);
        if ranges.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut shown = String::new();
        let mut done = 0;
        for (start, end) in ranges {
            // Secrets that overlap are masked as one.
            if start > done || done == 0 {
                shown.push_str(&text[done..start]);
                shown.push_str(MASKED);
            }
            done = done.max(end);
        }
        shown.push_str(&text[done..]);
        Cow::Owned(shown)
    }

    /// Which of these texts contain a part of a secret that can be seen only if they are joined.
    pub fn split_among(&self, texts: &[&str]) -> Vec<usize> {
        let ranges = self.find(&texts.concat(), &[]);
        let mut start = 0;
        let mut found = Vec::new();
        for (index, text) in texts.iter().enumerate() {
            let end = start + text.len();
            if ranges.iter().any(|range| range.0 < end && start < range.1) {
                found.push(index);
            }
            start = end;
        }
        found
    }

    /// Where the secrets and these values are, ordered by their starts.
    fn find(&self, text: &str, also: &[Needle]) -> Vec<(usize, usize)> {
        let form = Form::of(text);
        let mut ranges = Vec::new();
        let hits = self.windows.find(&form.letters);
        ranges.extend(hits.map(|at| form.range(at, WINDOW)));
        for needle in self.short.iter().chain(also.iter().map(|needle| &needle.0)) {
            let windows = form.letters.windows(needle.len()).enumerate();
            let hits = windows.filter(|(_, window)| window == needle);
            ranges.extend(hits.map(|(at, _)| form.range(at, needle.len())));
        }
        for literal in &self.literal {
            let hits = text.match_indices(literal.as_str());
            ranges.extend(hits.map(|(at, _)| (at, at + literal.len())));
        }
        ranges.sort_unstable();
        ranges
    }
}

/// Letters and digits in a row, [`WINDOW`] at a time, each row as a number. Nearly all of what a run sends and receives
/// is compared with them.
#[derive(Default)]
struct Windows {
    numbers: HashSet<u64>,
    /// Which short hashes they have: most others are told apart without the set.
    hashes: Vec<bool>,
}

impl Windows {
    fn add(&mut self, window: &[u8]) {
        let number = window.iter().fold(0, |number, byte| next(number, *byte));
        self.hashes.resize(1 << HASH_BITS, false);
        self.hashes[hash(number)] = true;
        self.numbers.insert(number);
    }

    /// Where they start in a text.
    fn find<'a>(&'a self, letters: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
        // Without a window there is nothing to look for.
        let letters = match self.numbers.is_empty() {
            true => &[],
            false => letters,
        };
        let mut number = 0;
        letters.iter().enumerate().filter_map(move |(at, byte)| {
            number = next(number, *byte);
            let start = (at + 1).checked_sub(WINDOW)?;
            let is_one = self.hashes[hash(number)] && self.numbers.contains(&number);
            is_one.then_some(start)
        })
    }
}

/// How many bits a short hash has.
const HASH_BITS: u32 = 14;

/// The number of a row that goes on with a byte.
fn next(number: u64, byte: u8) -> u64 {
    number << 8 | u64::from(byte)
}

fn hash(number: u64) -> usize {
    // Fibonacci hashing: the upper bits of the product depend on all bytes.
    (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - HASH_BITS)) as usize
}

/// The letters and digits of a text, with the places that they come from.
struct Form {
    letters: Vec<u8>,
    /// Start and end in the text, for each letter.
    spans: Vec<(usize, usize)>,
}

impl Form {
    fn of(text: &str) -> Self {
        let mut form = Self {
            letters: Vec::with_capacity(text.len()),
            spans: Vec::with_capacity(text.len()),
        };
        for (start, letter) in text.char_indices() {
            form.push(letter, (start, start + letter.len_utf8()));
        }
        while form.letters.iter().any(|letter| b"%\\&~".contains(letter)) {
            let decoded = form.decoded();
            if decoded.letters.len() == form.letters.len() {
                break;
            }
            form = decoded;
        }
        let letters = form.letters.iter().zip(&form.spans);
        let (letters, spans) = letters
            .filter(|(letter, _)| letter.is_ascii_alphanumeric() || !letter.is_ascii())
            .map(|(letter, span)| (letter.to_ascii_lowercase(), *span))
            .unzip();
        Self { letters, spans }
    }

    fn push(&mut self, letter: char, span: (usize, usize)) {
        for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
            self.letters.push(byte);
            self.spans.push(span);
        }
    }

    /// The same with its escapes decoded once.
    fn decoded(&self) -> Self {
        let mut form = Self {
            letters: Vec::with_capacity(self.letters.len()),
            spans: Vec::with_capacity(self.letters.len()),
        };
        let mut at = 0;
        while let Some(letter) = self.letters.get(at) {
            let (decoded, length) = match escape(&self.letters[at..]) {
                Some((Escape::Byte(byte), length)) => (Some(byte), length),
                Some((Escape::Letter(letter), length)) => {
                    form.push(letter, self.range(at, length));
                    (None, length)
                }
                None => (Some(*letter), 1),
            };
            if let Some(byte) = decoded {
                form.letters.push(byte);
                form.spans.push(self.range(at, length));
            }
            at += length;
        }
        form
    }

    /// From the start of a letter to the end of the last of so many.
    fn range(&self, at: usize, length: usize) -> (usize, usize) {
        (self.spans[at].0, self.spans[at + length - 1].1)
    }
}

/// What an escape stands for.
enum Escape {
    Byte(u8),
    Letter(char),
}

/// The escape at the start of a text, and its length.
fn escape(text: &[u8]) -> Option<(Escape, usize)> {
    let number = |digits: &[u8], radix| {
        let digits = std::str::from_utf8(digits).ok()?;
        u32::from_str_radix(digits, radix).ok()
    };
    match text {
        [b'%', high, low, ..] => {
            let byte = u8::try_from(number(&[*high, *low], 16)?).ok()?;
            Some((Escape::Byte(byte), 3))
        }
        [b'\\', b'u', digits @ ..] if digits.len() >= 4 => {
            let letter = char::from_u32(number(&digits[..4], 16)?)?;
            Some((Escape::Letter(letter), 6))
        }
        [b'\\', b'n' | b'r' | b't' | b'b' | b'f', ..] => Some((Escape::Byte(b' '), 2)),
        [b'\\', other, ..] => Some((Escape::Byte(*other), 2)),
        [b'~', b'0', ..] => Some((Escape::Byte(b'~'), 2)),
        [b'~', b'1', ..] => Some((Escape::Byte(b'/'), 2)),
        [b'&', rest @ ..] => {
            let end = rest.iter().take(10).position(|letter| *letter == b';')?;
            let letter = match &rest[..end] {
                b"amp" => '&',
                b"lt" => '<',
                b"gt" => '>',
                b"quot" => '"',
                b"apos" => '\'',
                [b'#', b'x' | b'X', digits @ ..] => char::from_u32(number(digits, 16)?)?,
                [b'#', digits @ ..] => char::from_u32(number(digits, 10)?)?,
                _ => return None,
            };
            Some((Escape::Letter(letter), end + 2))
        }
        _ => None,
    }
}
