//! From text to value tree, with the span of every node.

mod error;
mod json;
mod limits;
mod scalar;
mod yaml;

pub use error::ReadError;

use crate::positions::SpanTree;
use error::Problem;
use limits::check_size;
use serde_json::Value;
use std::path::Path;

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

/// The value tree of a text and the span of every node in it.
pub(crate) fn parse(name: &str, text: &str) -> Result<(Value, SpanTree), ReadError> {
    check_size(text.len())
        .and_then(|()| tree(name, text))
        .map_err(|problem| problem.named(name, text))
}

fn tree(name: &str, text: &str) -> Result<(Value, SpanTree), Problem> {
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
    // Valid JSON is read as JSON: YAML forbids its tabs and misreads its surrogate pairs. What is
    // not valid JSON may still be YAML (`{a: b}`).
    if body.trim_start().starts_with(['{', '['])
        && let Some(read) = json::parse(text, body)?
    {
        return Ok(read);
    }
    // A fault in a file that is called JSON is one of JSON.
    let is_json = Path::new(name)
        .extension()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("json"));
    match is_json.then(|| json::fault(text, body)).flatten() {
        Some(fault) => Err(fault),
        None => yaml::parse(text, body),
    }
}
