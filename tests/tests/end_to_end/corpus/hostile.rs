//! No text of a spec comes alive in what is generated of it.

use codegen::Generated;
use openapi::safe::is_unseen;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use serde_json::Value;
use syn::visit::Visit;

/// Judges the files of a client and its `DEVIATIONS.md`.
pub fn judge(generated: &Generated) {
    for (name, text) in &generated.files {
        if name.ends_with(".json") {
            serde_json::from_str::<Value>(text).expect(name);
            continue;
        }
        shows_all(name, text);
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut functions = Functions::default();
        functions.visit_file(&file);
        assert!(!functions.0.contains(&"pwned".to_owned()), "{name}");
        for comment in comments(text) {
            is_tame_in_rustdoc(name, &comment);
        }
    }
    shows_all("DEVIATIONS.md", &generated.deviations);
    is_tame_on_github(&generated.deviations);
}

/// The functions of a file.
#[derive(Default)]
struct Functions(Vec<String>);

impl<'a> Visit<'a> for Functions {
    fn visit_signature(&mut self, signature: &'a syn::Signature) {
        self.0.push(signature.ident.to_string());
        syn::visit::visit_signature(self, signature);
    }
}

/// The doc comments of a file.
fn comments(code: &str) -> Vec<String> {
    let mut comments = vec![String::new()];
    for line in code.lines() {
        let line = line.trim_start();
        assert!(
            !line.starts_with("/**") && !line.starts_with("#[doc"),
            "{line}"
        );
        match (
            line.strip_prefix("///").or(line.strip_prefix("//!")),
            comments.last_mut(),
        ) {
            (Some(line), Some(comment)) => {
                comment.push_str(line.strip_prefix(' ').unwrap_or(line));
                comment.push('\n');
            }
            _ => comments.push(String::new()),
        }
    }
    comments
}

/// A file that is read in a terminal or in a review shows all that it holds.
fn shows_all(name: &str, text: &str) {
    let hidden = text.chars().find(|c| is_unseen(*c) && *c != '\n');
    assert_eq!(hidden, None, "{name}");
}

fn rustdoc() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
}

fn is_tame_in_rustdoc(name: &str, comment: &str) {
    for event in Parser::new_ext(comment, rustdoc()) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => panic!("{name}: {html} in {comment}"),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => {
                panic!("{name}: code that rustdoc runs in {comment}")
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                assert!(
                    ["text", "json"].contains(&&*language),
                    "{name}: {language} in {comment}"
                );
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                is_harmless(&dest_url, comment);
            }
            _ => {}
        }
    }
}

fn is_harmless(target: &str, text: &str) {
    let schemes = ["https://", "http://", "mailto:", "#"];
    let items = [
        "client_core::",
        "Self::",
        "ClientBuilder::",
        "super::",
        "crate::",
    ];
    let known = |starts: &[&str]| starts.iter().any(|start| target.starts_with(start));
    let is_item = target
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || ":_".contains(c));
    assert!(
        known(&schemes) || known(&items) || is_item && !target.contains("javascript"),
        "{target} in {text}"
    );
}

/// Names of a spec are code in Markdown: no mention, no markup and no link.
fn is_tame_on_github(markdown: &str) {
    for event in Parser::new_ext(markdown, rustdoc()) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => panic!("{html}"),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                panic!("a link to {dest_url}");
            }
            Event::Start(Tag::CodeBlock(_) | Tag::Table(_)) => panic!("a block in {markdown}"),
            Event::Text(text) => {
                assert!(!text.contains('@') && !text.contains("#1"), "{text}");
                assert!(
                    !text.trim_start().starts_with("::") && !text.contains("##["),
                    "{text}"
                );
            }
            _ => {}
        }
    }
}
