//! Specs from documentation pages.
//!
//! MX publishes Nexus as pages only. Each has, in a fenced block, a complete document cut down to
//! one operation. [`slices`] reads such blocks from a page, [`merge`] puts them together.

mod block_style;
mod index;
mod merge;
mod outline;
mod page;

pub use index::links;
pub use merge::{ImportError, merge};
pub use page::{Slice, has_openapi, is_html, is_page, slices};

use openapi::{Document, ReadError, Version};

/// Reads an OpenAPI document from a text: YAML, JSON, or a documentation page with such blocks.
/// Lines are those of the text.
///
/// # Errors
/// The text is neither, or the blocks of the page contradict each other.
pub fn document(name: &str, text: &str) -> Result<Document, ReadError> {
    let document = if is_page(name, text) {
        let slices = slices(name, text)?;
        match &slices[..] {
            [slice] => slice.document().clone(),
            several => {
                let merged = merge(several, None);
                let merged = merged.map_err(|error| {
                    ReadError::at_line(
                        name,
                        None,
                        error.to_string(),
                        "ask MX which of the two is right",
                    )
                })?;
                Document::parse(name, merged)?
            }
        }
    } else {
        Document::parse(name, text)?
    };
    check_version(name, &document)?;
    Ok(document)
}

/// As [`document`], for the older of two documents: of entries with the same key the last counts. With a note for each
/// key that is there again.
///
/// # Errors
/// As of [`document`], but for duplicate keys in a file.
pub fn older_document(name: &str, text: &str) -> Result<(Document, Vec<String>), ReadError> {
    if is_page(name, text) {
        return Ok((document(name, text)?, Vec::new()));
    }
    let (document, duplicates) = Document::parse_tolerant(name, text)?;
    check_version(name, &document)?;
    let note = |error: &ReadError| {
        let text = error.to_string();
        let first = text.split("\n  help: ").next().unwrap_or_default();
        format!("{first}: the last of them counts")
    };
    Ok((document, duplicates.iter().map(note).collect()))
}

fn check_version(name: &str, document: &Document) -> Result<(), ReadError> {
    if document.value().get("openapi").is_none() {
        let message = "not an OpenAPI document: `openapi` is missing".to_owned();
        let help = "give a file of OpenAPI 3.0 or 3.1, or a documentation page with one";
        return Err(ReadError::at_line(name, None, message, help));
    }
    if let Err(problem) = Version::of(document.value()) {
        let line = document.locate(&problem.pointer).line;
        let help = problem.help.unwrap_or_default();
        return Err(ReadError::at_line(name, Some(line), problem.message, &help));
    }
    Ok(())
}
