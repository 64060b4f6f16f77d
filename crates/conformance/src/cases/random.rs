//! Values made from shapes by chance: for a seed, the same ones every time.

use fastrand::Rng;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::cases::sample::sample;
use crate::contract::resolved_schema::{Kind, Property, Shape};
use crate::contract::schema::Schema;

/// How often a value is made anew that breaks a rule of its schema which shapes do not know.
const ATTEMPTS: usize = 8;

/// What texts are made of: what goes wrong in URLs, in JSON and in headers.
const LETTERS: [char; 32] = [
    'a',
    'b',
    'Z',
    '0',
    '9',
    ' ',
    '-',
    '_',
    '.',
    '~',
    '/',
    '\\',
    '?',
    '#',
    '%',
    '&',
    '=',
    '+',
    ';',
    ',',
    ':',
    '@',
    '"',
    '\'',
    '<',
    '{',
    '[',
    '|',
    '$',
    'é',
    '東',
    '\u{1f680}',
];

/// Chance, for one case.
pub struct Chance(Rng);

/// What a value is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// To be sent as text that separators could break: no nulls, and plain letters in lists.
    Parameter,
    /// To be sent in a header: visible ASCII.
    Header,
    /// To be sent in a body: no nulls, which are as good as absent.
    Request,
    /// To be answered.
    Response,
}

impl Chance {
    /// The chance of a seed, for what these words tell.
    pub fn new(seed: u64, words: &[&str]) -> Self {
        let digest = Sha256::digest(format!("{seed}\n{}", words.join("\n")));
        let head = digest.first_chunk();
        Self(Rng::with_seed(
            head.map_or(seed, |head| u64::from_be_bytes(*head)),
        ))
    }

    /// Yes or no.
    pub fn flips(&mut self) -> bool {
        self.0.bool()
    }

    /// A value that fits the schema.
    pub fn value(&mut self, schema: &Schema, purpose: Use) -> Value {
        let mut made = std::iter::repeat_with(|| self.of(schema.shape(), purpose));
        made.by_ref()
            .take(ATTEMPTS)
            .find(|value| schema.faults(value).is_empty())
            .unwrap_or_else(|| sample(schema.shape()))
    }

    fn of(&mut self, shape: &Shape, purpose: Use) -> Value {
        if shape.nullable && purpose == Use::Response && self.0.u8(..8) == 0 {
            return Value::Null;
        }
        if let Some(choice) = self.0.choice(&shape.choices) {
            return choice.clone();
        }
        match &shape.kind {
            Kind::Boolean => json!(self.flips()),
            Kind::Integer => json!(self.integer(shape)),
            Kind::Number => json!(self.number(shape)),
            Kind::String => match self.text(shape, purpose) {
                Some(text) => json!(text),
                None => sample(shape),
            },
            Kind::Array(items) => self.list(shape, items, purpose),
            Kind::Object { properties, others } => {
                self.object(properties, others.as_deref(), purpose)
            }
            Kind::Any | Kind::Recursive => sample(shape),
        }
    }

    fn integer(&mut self, shape: &Shape) -> i64 {
        // What a double holds, which is what JSON can be trusted with.
        let widest = match shape.keywords.get("format").and_then(Value::as_str) {
            Some("int32") => i64::from(i32::MAX),
            _ => (1 << 53) - 1,
        };
        let bound = |key: &str| shape.keywords.get(key).and_then(Value::as_i64);
        let least = bound("minimum").unwrap_or(-widest);
        let most = bound("maximum").unwrap_or(widest).max(least);
        match self.flips() {
            true => self.0.i64(least..=most),
            // Small ones are what servers send.
            false => self.0.i64(-3..=100).clamp(least, most),
        }
    }

    fn number(&mut self, shape: &Shape) -> f64 {
        let bound = |key: &str| shape.keywords.get(key).and_then(Value::as_f64);
        let least = bound("minimum").unwrap_or(f64::MIN);
        let most = bound("maximum").unwrap_or(f64::MAX).max(least);
        (f64::from(self.0.i32(..)) / 100.0).clamp(least, most)
    }

    /// A text, unless it is of a form that only the sample is known to have.
    fn text(&mut self, shape: &Shape, purpose: Use) -> Option<String> {
        if shape.keywords.contains_key("pattern") {
            return None;
        }
        let (year, month, day) = (self.0.u16(1970..2100), self.0.u8(1..=12), self.0.u8(1..=28));
        let (hour, minute, second) = (self.0.u8(..24), self.0.u8(..60), self.0.u8(..60));
        let date = format!("{year}-{month:02}-{day:02}");
        match shape.keywords.get("format").and_then(Value::as_str) {
            None | Some("password") => Some(self.free_text(shape, purpose)),
            Some("date") => Some(date),
            Some("date-time") => Some(format!("{date}T{hour:02}:{minute:02}:{second:02}Z")),
            Some(_) => None,
        }
    }

    fn free_text(&mut self, shape: &Shape, purpose: Use) -> String {
        let length = |key: &str| shape.keywords.get(key).and_then(Value::as_u64);
        // No text of a path or a header can be empty.
        let least = length("minLength").unwrap_or(0).max(1) as usize;
        let most = length("maxLength").unwrap_or(40) as usize;
        let length = self.0.usize(least..=most.min(least + 40).max(least));
        let mut text: String = (0..length).map(|_| self.letter(purpose)).collect();
        // White space at the ends of a header is none of its value; a segment of dots is none of a path.
        if text.trim() != text || text.chars().all(|letter| letter == '.') {
            text = "x".repeat(length);
        }
        text
    }

    fn letter(&mut self, purpose: Use) -> char {
        let letter = LETTERS[self.0.usize(..LETTERS.len())];
        match purpose {
            Use::Header if !letter.is_ascii() => 'h',
            _ => letter,
        }
    }

    fn list(&mut self, shape: &Shape, items: &Shape, purpose: Use) -> Value {
        if matches!(items.kind, Kind::Recursive) {
            return json!([]);
        }
        let bound = |key: &str| shape.keywords.get(key).and_then(Value::as_u64);
        // An empty list of a parameter is no parameter.
        let least = bound("minItems").unwrap_or(u64::from(purpose == Use::Parameter));
        let most = bound("maxItems")
            .unwrap_or(least + 3)
            .min(least + 3)
            .max(least);
        let count = self.0.u64(least..=most);
        let is_parameter = matches!(purpose, Use::Parameter | Use::Header);
        let item = |chance: &mut Self| match (&items.kind, items.choices.is_empty()) {
            // What separates items must not occur in them.
            (Kind::String, true) if is_parameter => sample(items),
            _ => chance.of(items, purpose),
        };
        (0..count).map(|_| item(self)).collect()
    }

    fn object(&mut self, properties: &[Property], others: Option<&Shape>, purpose: Use) -> Value {
        let mut object = Map::new();
        for property in properties {
            let is_recursive = matches!(property.shape.kind, Kind::Recursive);
            if property.required || (!is_recursive && self.flips()) {
                object.insert(property.name.clone(), self.of(&property.shape, purpose));
            }
        }
        if let (true, Some(others)) = (properties.is_empty(), others) {
            for number in 0..self.0.usize(..3) {
                object.insert(format!("key {number}"), self.of(others, purpose));
            }
        }
        Value::Object(object)
    }
}
