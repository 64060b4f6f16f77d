//! Random values of schemas: the same ones each time for a seed.

use fastrand::Rng;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::cases::sample::{sample, sample_of};
use crate::contract::resolved_schema::{Kind, Property, ResolvedSchema};
use crate::contract::schema::Schema;

/// How often another value is made when one breaks a rule of its schema that [`ResolvedSchema`] does not hold.
const ATTEMPTS: usize = 8;

/// The letters of random strings: those that need care in URLs, JSON and headers.
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

/// Makes the random values of one case.
pub struct Random(Rng);

/// What a value is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A path or query parameter: no nulls, and plain letters in lists, whose separators others could be taken for.
    Parameter,
    /// A header: visible ASCII only.
    Header,
    /// A request body.
    Request,
    /// A response body.
    Response,
}

impl Random {
    /// Depends on the seed and these words alone.
    pub fn new(seed: u64, words: &[&str]) -> Self {
        let digest = Sha256::digest(format!("{seed}\n{}", words.join("\n")));
        let head = digest.first_chunk();
        Self(Rng::with_seed(
            head.map_or(seed, |head| u64::from_be_bytes(*head)),
        ))
    }

    /// True or false.
    pub fn boolean(&mut self) -> bool {
        self.0.bool()
    }

    /// A value that the schema allows.
    pub fn value(&mut self, schema: &Schema, purpose: Use) -> Value {
        let mut made = std::iter::repeat_with(|| self.of(schema.resolved(), purpose));
        made.by_ref()
            .take(ATTEMPTS)
            .find(|value| schema.allows(value))
            .unwrap_or_else(|| sample(schema.resolved()))
    }

    fn of(&mut self, schema: &ResolvedSchema, purpose: Use) -> Value {
        if schema.nullable && matches!(purpose, Use::Request | Use::Response) && self.0.u8(..8) == 0
        {
            return Value::Null;
        }
        if let Some(choice) = self.0.choice(&schema.choices) {
            return choice.clone();
        }
        match &schema.kind {
            Kind::Boolean => json!(self.boolean()),
            Kind::Integer => json!(self.integer(schema)),
            Kind::Number => json!(self.number(schema)),
            Kind::String => match self.text(schema, purpose) {
                Some(text) => json!(text),
                None => sample(schema),
            },
            Kind::Array(items) => self.list(schema, items, purpose),
            Kind::Object { properties, others } => {
                // What the alternatives add is known of samples only.
                match schema.alternatives.is_empty() {
                    true => self.object(properties, others.as_deref(), purpose),
                    false => sample_of(schema, self.0.usize(..schema.alternatives.len())),
                }
            }
            Kind::Any | Kind::Recursive => match schema.alternatives.len() {
                0 => sample(schema),
                count => {
                    let alternative = &schema.alternatives[self.0.usize(..count)];
                    self.of(alternative, purpose)
                }
            },
        }
    }

    fn integer(&mut self, schema: &ResolvedSchema) -> i64 {
        // What a double holds, as JSON readers may use one.
        let widest = match schema.keywords.get("format").and_then(Value::as_str) {
            Some("int32") => i64::from(i32::MAX),
            _ => (1 << 53) - 1,
        };
        let bound = |key: &str| schema.keywords.get(key).and_then(Value::as_i64);
        let least = bound("minimum").unwrap_or(-widest);
        let most = bound("maximum").unwrap_or(widest).max(least);
        match self.boolean() {
            true => self.0.i64(least..=most),
            // Servers send small ones as a rule.
            false => self.0.i64(-3..=100).clamp(least, most),
        }
    }

    fn number(&mut self, schema: &ResolvedSchema) -> f64 {
        let bound = |key: &str| schema.keywords.get(key).and_then(Value::as_f64);
        let least = bound("minimum").unwrap_or(f64::MIN);
        let most = bound("maximum").unwrap_or(f64::MAX).max(least);
        (f64::from(self.0.i32(..)) / 100.0).clamp(least, most)
    }

    /// A string; `None` if its form is one that only the sample is known to have.
    fn text(&mut self, schema: &ResolvedSchema, purpose: Use) -> Option<String> {
        if schema.keywords.contains_key("pattern") {
            return None;
        }
        let (year, month, day) = (self.0.u16(1970..2100), self.0.u8(1..=12), self.0.u8(1..=28));
        let (hour, minute, second) = (self.0.u8(..24), self.0.u8(..60), self.0.u8(..60));
        let date = format!("{year}-{month:02}-{day:02}");
        match schema.keywords.get("format").and_then(Value::as_str) {
            None | Some("password") => Some(self.free_text(schema, purpose)),
            Some("date") => Some(date),
            Some("date-time") => Some(format!("{date}T{hour:02}:{minute:02}:{second:02}Z")),
            Some(_) => None,
        }
    }

    fn free_text(&mut self, schema: &ResolvedSchema, purpose: Use) -> String {
        let length = |key: &str| schema.keywords.get(key).and_then(Value::as_u64);
        // A path segment or a header cannot be empty.
        let least = length("minLength").unwrap_or(0).max(1) as usize;
        let most = length("maxLength").unwrap_or(40) as usize;
        let length = self.0.usize(least..=most.min(least + 40).max(least));
        let mut text: String = (0..length).map(|_| self.letter(purpose)).collect();
        // White space at the ends does not belong to a header's value, and `.` and `..` are no path segments.
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

    fn list(&mut self, schema: &ResolvedSchema, items: &ResolvedSchema, purpose: Use) -> Value {
        if matches!(items.kind, Kind::Recursive) {
            return json!([]);
        }
        let bound = |key: &str| schema.keywords.get(key).and_then(Value::as_u64);
        let is_parameter = matches!(purpose, Use::Parameter | Use::Header);
        // An empty list cannot be sent as a parameter.
        let least = bound("minItems").unwrap_or(u64::from(is_parameter));
        let most = bound("maxItems")
            .unwrap_or(least + 3)
            .min(least + 3)
            .max(least);
        let count = self.0.u64(least..=most);
        let item = |random: &mut Self| match (&items.kind, items.choices.is_empty()) {
            // An item must not contain what separates items.
            (Kind::String, true) if is_parameter => sample(items),
            _ => random.of(items, purpose),
        };
        (0..count).map(|_| item(self)).collect()
    }

    fn object(
        &mut self,
        properties: &[Property],
        others: Option<&ResolvedSchema>,
        purpose: Use,
    ) -> Value {
        let mut object = Map::new();
        for property in properties {
            let is_recursive = matches!(property.schema.kind, Kind::Recursive);
            if property.required || (!is_recursive && self.boolean()) {
                object.insert(property.name.clone(), self.of(&property.schema, purpose));
            }
        }
        if let Some(others) = others.filter(|others| !matches!(others.kind, Kind::Recursive)) {
            for number in 0..self.0.usize(..3) {
                object.insert(format!("key {number}"), self.of(others, purpose));
            }
        }
        Value::Object(object)
    }
}
