//! TOML files with errors that name the line, and the key that was meant.

use serde::de::DeserializeOwned;
use toml_edit::Document;

/// Reads a TOML file's text; `name` is what errors call it.
///
/// # Errors
///
/// A line of it is wrong; with the line, and what is expected there.
pub fn parse_toml<T: DeserializeOwned>(text: &str, name: &str) -> Result<T, String> {
    toml_edit::de::from_str(text).map_err(|error: toml_edit::de::Error| {
        let start = error.span().map_or(0, |span| span.start);
        let message = error.message().trim_end().replace('\n', ", ");
        let nearest = nearest(&message);
        format!("{name}:{}: {message}{nearest}", line(text, start))
    })
}

/// The line of a key at the top of a TOML file; 1 if there is none.
pub(crate) fn line_of(text: &str, key: &str) -> usize {
    let document = Document::parse(text).ok();
    let key = document
        .as_ref()
        .and_then(|document| document.as_table().key(key));
    line(
        text,
        key.and_then(|key| key.span()).map_or(0, |span| span.start),
    )
}

fn line(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or_default().matches('\n').count() + 1
}

/// Of a message such as "unknown field `titel`, expected one of `title`, `urls`": the likeliest of what is expected.
fn nearest(message: &str) -> String {
    if !message.starts_with("unknown ") {
        return String::new();
    }
    let mut names = message.split('`').skip(1).step_by(2);
    let unknown = names.next().unwrap_or_default();
    let likeness = |name: &&str| strsim::jaro(unknown, name);
    names
        .max_by(|one, other| likeness(one).total_cmp(&likeness(other)))
        .filter(|nearest| likeness(nearest) > 0.7)
        .map_or(String::new(), |nearest| {
            format!("; did you mean `{nearest}`?")
        })
}
