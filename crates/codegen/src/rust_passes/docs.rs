//! Documentation that rustdoc takes without a warning.
//!
//! The specs' texts are written for a web site: links relative to it, HTML line breaks, code fences that rustdoc would
//! compile as Rust, bare URLs, and brackets that look like links to items.

use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, parse_quote};

use super::Code;

/// The site that relative links in MX's specs are relative to.
const SITE: &str = "https://docs.mx.com";

/// Runs the pass over the types, whose documentation progenitor took from the spec as it stands.
pub(crate) fn run(code: &mut Code) {
    for item in &mut code.types {
        Docs.visit_item_mut(item);
    }
}

/// A documentation as attributes, one for each line.
pub(crate) fn attributes(text: &str) -> Vec<Attribute> {
    text.lines()
        .map(|line| {
            if line.is_empty() {
                String::new()
            } else {
                format!(" {line}")
            }
        })
        .map(|line| parse_quote!(#[doc = #line]))
        .collect()
}

struct Docs;

impl VisitMut for Docs {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        let spec = std::mem::take(attributes);
        for attribute in spec {
            match text(&attribute) {
                // Where the spec says nothing, progenitor repeats the name.
                Some(text) if is_name(&text) => {}
                Some(text) => attributes.extend(self::attributes(&markdown(&text))),
                None => attributes.push(attribute),
            }
        }
    }
}

fn is_name(text: &str) -> bool {
    let name = text
        .strip_prefix('`')
        .and_then(|text| text.strip_suffix('`'));
    name.is_some_and(|name| syn::parse_str::<syn::Ident>(name).is_ok())
}

fn text(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) => doc_text(meta),
        _ => None,
    }
}

fn doc_text(meta: &syn::MetaNameValue) -> Option<String> {
    match &meta.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) if meta.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}

/// A spec's text as Markdown for rustdoc.
pub fn markdown(text: &str) -> String {
    let mut result = String::new();
    let mut fenced = false;
    for line in text.trim().lines() {
        let trimmed = line.trim();
        if let Some(language) = trimmed.strip_prefix("```") {
            let language = if fenced || !language.trim().is_empty() {
                language.trim()
            } else {
                "text"
            };
            result.push_str("```");
            result.push_str(language);
            fenced = !fenced;
        } else if fenced {
            result.push_str(line.trim_end());
        } else {
            // Four leading spaces would make a code block, which rustdoc compiles.
            let indent = (line.len() - line.trim_start().len()).min(3);
            result.push_str(&" ".repeat(indent));
            result.push_str(&prose(trimmed));
        }
        result.push('\n');
    }
    if fenced {
        result.push_str("```\n");
    }
    result.trim_end().to_owned()
}

/// A line of prose: code spans stay as they are, the rest is cleaned.
fn prose(line: &str) -> String {
    let mut result = String::new();
    let mut parts = line.split('`').peekable();
    let mut code = false;
    while let Some(part) = parts.next() {
        // An unmatched backtick opens no code span.
        let closes = parts.peek().is_some();
        if code && closes {
            result.push_str(part);
        } else {
            result.push_str(&plain(part));
        }
        if closes {
            result.push('`');
        }
        code = !code;
    }
    result
}

fn plain(text: &str) -> String {
    let text = text
        .replace("<br></br>", " ")
        .replace("<br/>", " ")
        .replace("<br />", " ")
        .replace("<br>", " ");
    let text = text
        .replace("](/", &format!("]({SITE}/"))
        .replace("](docs.mx.com", &format!("]({SITE}"));
    let mut result = String::new();
    let mut rest = text.as_str();
    while let Some(next) = rest.chars().next() {
        let taken = match next {
            '<' if rest.starts_with("<http") => {
                rest.find('>').map(|end| (rest[..=end].to_owned(), end + 1))
            }
            '<' | '>' => Some((format!("\\{next}"), 1)),
            '[' => link(rest),
            'h' if rest.starts_with("https://") || rest.starts_with("http://") => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || "<>)]`\"".contains(c))
                    .unwrap_or(rest.len());
                let url = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?']);
                Some((format!("<{url}>"), url.len()))
            }
            _ => None,
        };
        let (written, read) = taken.unwrap_or_else(|| (next.to_string(), next.len_utf8()));
        result.push_str(&written);
        rest = &rest[read..];
    }
    collapse(&result)
}

/// A Markdown link is kept; a bracket that is none is escaped, or rustdoc takes it for the name of an item.
fn link(text: &str) -> Option<(String, usize)> {
    let close = text
        .find("](")
        .filter(|close| !text[1..*close].contains('['));
    let whole = close.and_then(|close| text[close..].find(')').map(|end| close + end + 1));
    match whole {
        Some(end) if text[..end].contains("](http") || text[..end].contains("](#") => {
            Some((text[..end].to_owned(), end))
        }
        // A target that leads nowhere from here: the words stay.
        Some(end) => close.map(|close| (text[1..close].to_owned(), end)),
        None => Some(("\\[".to_owned(), 1)),
    }
}

/// Runs of spaces inside a line as one.
fn collapse(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        if character != ' ' || !result.ends_with(' ') {
            result.push(character);
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn text_for_a_web_site_becomes_rustdoc() {
        let cases = [
            (
                "see [guides](/nexus)",
                "see [guides](https://docs.mx.com/nexus)",
            ),
            (
                "see [categories](docs.mx.com/api#x)",
                "see [categories](https://docs.mx.com/api#x)",
            ),
            ("again. <br></br><br></br> The", "again. The"),
            ("at https://mx.com/a.", "at <https://mx.com/a>."),
            ("a [field] of `[x]`", "a \\[field] of `[x]`"),
            ("an Array<String>", "an Array\\<String\\>"),
            ("```\ncurl\n```", "```text\ncurl\n```"),
            ("```json\n{}", "```json\n{}\n```"),
            ("a\n     deep", "a\n   deep"),
        ];
        for (given, wanted) in cases {
            assert_eq!(markdown(given), wanted);
        }
    }
}
