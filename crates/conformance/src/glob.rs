//! Patterns for names: `*` is any text, `?` any character.

use std::str::FromStr;

use regex::Regex;
use serde::Deserialize;

/// A pattern that matches whole names.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Glob {
    text: String,
    regex: Regex,
}

impl Glob {
    /// Whether a name matches.
    pub fn matches(&self, name: &str) -> bool {
        self.regex.is_match(name)
    }

    /// Whether it matches one name only.
    pub fn is_exact(&self) -> bool {
        !self.text.contains(['*', '?'])
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Glob {
    type Err = String;

    /// Reads a pattern. Every character but `*` and `?` is itself.
    fn from_str(text: &str) -> Result<Self, String> {
        let pattern = regex::escape(text).replace(r"\*", ".*").replace(r"\?", ".");
        let regex = Regex::new(&format!("(?s)^{pattern}$"));
        Ok(Self {
            text: text.to_owned(),
            regex: regex.map_err(|_| "the pattern is too long".to_owned())?,
        })
    }
}

impl TryFrom<String> for Glob {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl Default for Glob {
    /// Matches every name.
    fn default() -> Self {
        let every = "*".parse();
        every.unwrap_or_else(|_| unreachable!("a short pattern"))
    }
}
