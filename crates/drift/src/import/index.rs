//! An index of documentation pages, such as the `llms.txt` of a site.

use pulldown_cmark::{Event, Options, Parser, Tag};
use std::collections::HashSet;

/// The addresses that an index in Markdown links to, each once, in its order.
pub fn links(text: &str) -> Vec<String> {
    let mut known = HashSet::new();
    let links = Parser::new_ext(text, Options::empty()).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    // A part of a page is on the page.
    let pages = links.map(|link| match link.split_once('#') {
        Some((page, _)) => page.to_owned(),
        None => link,
    });
    pages
        .filter(|page| !page.is_empty() && known.insert(page.clone()))
        .collect()
}
