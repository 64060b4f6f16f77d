//! Why a document could not be read.

use crate::positions::{Location, SpanTree, location};
use std::fmt;
use std::ops::Range;

/// Why a document could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError(Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    name: String,
    location: Option<Location>,
    message: String,
    /// The line of the first of two keys that are the same.
    first: Option<usize>,
    help: Option<String>,
}

impl ReadError {
    /// The document's name, as given by the caller.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Where in the text, if it is about one position.
    pub fn location(&self) -> Option<&Location> {
        self.0.location.as_ref()
    }

    /// What is wrong, without file and position.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The same error in a text that starts on a later line of the file.
    pub(crate) fn below(mut self, first_line: usize) -> Self {
        if let Some(location) = &mut self.0.location {
            location.line += first_line - 1;
        }
        self.0.first = self.0.first.map(|line| line + first_line - 1);
        self
    }

    /// An error about a line of the file, or about the whole of it, that another reader found.
    pub fn at_line(name: &str, line: Option<usize>, message: String, help: &str) -> Self {
        ReadError(Box::new(Details {
            name: name.to_owned(),
            location: line.map(|line| Location {
                line,
                column: 1,
                range: 0..0,
            }),
            message,
            first: None,
            help: Some(help.to_owned()),
        }))
    }

    /// What to do about it.
    pub fn help(&self) -> Option<&str> {
        self.0.help.as_deref()
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.name)?;
        if let Some(location) = &self.0.location {
            write!(f, ":{}:{}", location.line, location.column)?;
        }
        write!(f, ": {}", self.0.message)?;
        if let Some(line) = self.0.first {
            write!(f, ", first on line {line}")?;
        }
        match &self.0.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ReadError {}

/// A problem in the text, before the name of the document is known.
pub(super) struct Problem {
    range: Option<Range<usize>>,
    message: String,
    first: Option<Range<usize>>,
    help: Option<String>,
}

impl Problem {
    pub fn new(message: impl Into<String>) -> Self {
        Problem {
            range: None,
            message: message.into(),
            first: None,
            help: None,
        }
    }

    pub fn at(range: Range<usize>, message: impl Into<String>) -> Self {
        Problem {
            range: Some(range),
            ..Problem::new(message)
        }
    }

    pub fn help(self, help: impl Into<String>) -> Self {
        Problem {
            help: Some(help.into()),
            ..self
        }
    }

    pub fn named(self, name: &str, text: &str) -> ReadError {
        ReadError(Box::new(Details {
            name: name.to_owned(),
            location: self.range.map(|range| location(text, range)),
            message: self.message,
            first: self.first.map(|range| location(text, range).line),
            help: self.help,
        }))
    }
}

/// What happens to a key that a mapping has twice.
pub(super) enum Duplicates {
    /// The document is refused.
    Refused,
    /// The last of them counts; each is listed.
    LastCounts(Vec<Problem>),
}

impl Duplicates {
    /// Takes a key that is there already: of its entries the last stays.
    pub fn take(
        &mut self,
        entries: &mut Vec<(String, SpanTree)>,
        key: &str,
        second: Range<usize>,
    ) -> Result<(), Problem> {
        let problem = duplicate_key(entries, key, second);
        match self {
            Duplicates::Refused => Err(problem),
            Duplicates::LastCounts(found) => {
                found.push(problem);
                entries.retain(|(name, _)| name != key);
                Ok(())
            }
        }
    }
}

/// Two entries of a mapping have the same key.
fn duplicate_key(entries: &[(String, SpanTree)], key: &str, second: Range<usize>) -> Problem {
    let first = entries.iter().find(|(name, _)| name == key);
    Problem {
        first: first.map(|(_, span)| span.range.clone()),
        ..Problem::at(second, format!("duplicate key `{}`", shorten(key)))
    }
    .help("remove or rename one of the two: only one of them would be used")
}

/// A text short enough for a message.
pub(super) fn shorten(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}
