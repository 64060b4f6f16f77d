//! Text to value tree, with the place of every node, within budgets that hostile input cannot
//! exceed.

mod json;
mod scalar;
mod yaml;

use crate::document::{Location, Place, location};
use serde_json::Value;
use std::fmt;
use std::ops::Range;
use std::path::Path;

/// The largest text taken in. The full Platform spec has 0.3 MB.
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// The most nodes, aliases expanded. The full Platform spec has 17 000.
const MAX_NODES: usize = 2_000_000;
/// The deepest nesting; what walks a tree does so recursively.
const MAX_DEPTH: usize = 128;

/// Why a document could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError(Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    name: String,
    location: Option<Location>,
    message: String,
    /// The line of the other place that the message is about.
    first: Option<usize>,
    help: Option<String>,
}

impl ReadError {
    /// The document's name, as given by the caller.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Where in the text, if it is about a place.
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

/// A problem at a place in the text, before the document's name is known.
struct Problem {
    range: Option<Range<usize>>,
    message: String,
    first: Option<Range<usize>>,
    help: Option<String>,
}

impl Problem {
    fn new(message: impl Into<String>) -> Self {
        Problem {
            range: None,
            message: message.into(),
            first: None,
            help: None,
        }
    }

    fn at(range: Range<usize>, message: impl Into<String>) -> Self {
        Problem {
            range: Some(range),
            ..Problem::new(message)
        }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Problem {
            help: Some(help.into()),
            ..self
        }
    }

    fn named(self, name: &str, text: &str) -> ReadError {
        ReadError(Box::new(Details {
            name: name.to_owned(),
            location: self.range.map(|range| location(text, range)),
            message: self.message,
            first: self.first.map(|range| location(text, range).line),
            help: self.help,
        }))
    }
}

/// The text of a file.
pub(crate) fn file(path: &Path, name: &str) -> Result<String, ReadError> {
    let refused = |problem: Problem| problem.named(name, "");
    let unreadable = |error: std::io::Error| {
        let problem = Problem::new(format!("cannot be read: {error}"));
        refused(problem.help("check the path and its permissions"))
    };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    check_size(usize::try_from(size).unwrap_or(usize::MAX)).map_err(refused)?;
    let bytes = std::fs::read(path).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..valid]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        let problem = Problem::new(format!("not UTF-8 text (line {line}, byte {valid})"));
        refused(problem.help("save the file as UTF-8"))
    })
}

fn check_size(bytes: usize) -> Result<(), Problem> {
    if bytes <= MAX_BYTES {
        return Ok(());
    }
    let problem = Problem::new(format!(
        "too large: {bytes} bytes, at most {MAX_BYTES} are read"
    ));
    Err(problem.help("is this the right file? A spec has well under a megabyte"))
}

/// The value tree of a text and the place of every node in it.
pub(crate) fn parse(name: &str, text: &str) -> Result<(Value, Place), ReadError> {
    check_size(text.len())
        .and_then(|()| tree(text))
        .map_err(|problem| problem.named(name, text))
}

fn tree(text: &str) -> Result<(Value, Place), Problem> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    if body.trim().is_empty() {
        let problem = Problem::new("the document is empty");
        return Err(problem.help("give a YAML or JSON document"));
    }
    if body.trim_start().starts_with('<') {
        let problem = Problem::new("this is HTML or XML, not a YAML or JSON document");
        return Err(
            problem.help("for a documentation page, take its Markdown: add `.md` to its address")
        );
    }
    // JSON is read as such where it is valid: YAML forbids its tabs and misreads its surrogate
    // pairs. What is nearly JSON may still be YAML (`{a: b}`).
    if body.trim_start().starts_with(['{', '['])
        && let Some(read) = json::parse(text, body)?
    {
        return Ok(read);
    }
    yaml::parse(text, body)
}

/// Counts nodes against [`MAX_NODES`].
#[derive(Default)]
struct Budget {
    nodes: usize,
}

impl Budget {
    fn spend(&mut self, nodes: usize, range: impl FnOnce() -> Range<usize>) -> Result<(), Problem> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes <= MAX_NODES {
            return Ok(());
        }
        let problem = Problem::at(range(), format!("more than {MAX_NODES} nodes"));
        Err(problem.help("aliases count each time they are used; write the document without them"))
    }
}

fn too_deep(range: Range<usize>) -> Problem {
    Problem::at(range, format!("nested more than {MAX_DEPTH} levels deep"))
        .help("flatten the document, or move inner parts to `components`")
}

fn duplicate_key(places: &[(String, Place)], key: &str, second: Range<usize>) -> Problem {
    let first = places.iter().find(|(name, _)| name == key);
    Problem {
        first: first.map(|(_, place)| place.range.clone()),
        ..Problem::at(second, format!("duplicate key `{}`", shorten(key)))
    }
    .help("remove or rename one of the two: only one of them would be used")
}

/// A text short enough for a message.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}
