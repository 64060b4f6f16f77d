//! Whatever text a spec holds: its doc comments never run as tests, and readers see the text.

use codegen::{Authentication, Facts, Input, generate};
use openapi::Document;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use serde_json::{Value, json};

/// What rustdoc parses.
fn rustdoc() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
}

/// Whether rustdoc takes a code block with this info string for Rust.
fn is_rust(info: &str) -> bool {
    let mut rust = false;
    let mut other = false;
    for word in info.split(|c: char| ", \t{}".contains(c)) {
        let error = word.len() == 5
            && word.starts_with('E')
            && word[1..].bytes().all(|byte| byte.is_ascii_digit());
        match word {
            "" => {}
            "rust" | "test_harness" | "custom" => rust = true,
            "should_panic" | "no_run" | "compile_fail" | "standalone_crate" => {}
            _ if word.starts_with("ignore") || word.starts_with("edition") || error => {}
            _ => other = true,
        }
    }
    rust || !other
}

/// The doc comments of generated code.
fn doc_comments(code: &str) -> Vec<String> {
    let mut comments = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in code.lines().chain([""]) {
        let line = line.trim_start();
        match line.strip_prefix("///").or(line.strip_prefix("//!")) {
            Some(line) => lines.push(line),
            None if lines.is_empty() => {}
            None => {
                let indents = lines.iter().filter(|line| !line.trim().is_empty());
                let indents = indents.map(|line| line.len() - line.trim_start().len());
                let indent = indents.min().unwrap_or_default();
                let text = lines.iter().map(|line| line.get(indent..).unwrap_or(""));
                comments.push(text.collect::<Vec<_>>().join("\n"));
                lines.clear();
            }
        }
        assert!(
            !line.starts_with("/**") && !line.starts_with("#[doc ="),
            "{line}"
        );
    }
    comments
}

fn tested(comment: &str) -> bool {
    Parser::new_ext(comment, rustdoc()).any(|event| match event {
        Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => true,
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => is_rust(&info),
        _ => false,
    })
}

/// What a reader sees: HTML as it stands but for its line breaks.
fn visible(markdown: &str) -> String {
    let options = rustdoc() - Options::ENABLE_SMART_PUNCTUATION;
    let mut text = String::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::Html(part) | Event::InlineHtml(part) => {
                let breaks = ["<br>", "<br/>", "<br />", "</br>"];
                text.push_str(
                    &breaks
                        .iter()
                        .fold(part.to_string(), |text, tag| text.replace(tag, "")),
                );
            }
            Event::FootnoteReference(name) => text.push_str(&format!("[^{name}]")),
            Event::Start(Tag::FootnoteDefinition(name)) => text.push_str(&format!("[^{name}]:")),
            _ => {}
        }
    }
    without_space(&text)
}

fn without_space(text: &str) -> String {
    text.split_whitespace().collect()
}

/// A spec that has a text in every place whose text becomes documentation.
fn spec(text: &str) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": text, "version": "1", "description": text },
        "servers": [{ "url": format!("https://example.com/{text}"), "description": text }],
        "paths": { "/a/{id}": { "post": {
            "operationId": "createA",
            "summary": text,
            "description": text,
            "tags": [text],
            "deprecated": true,
            "parameters": [
                { "name": "id", "in": "path", "required": true, "description": text, "schema": { "type": "string" } },
                { "name": "page", "in": "query", "description": text, "schema": { "type": "string", "enum": [text, "A"] } },
            ],
            "requestBody": {
                "required": true,
                "description": text,
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/User" } } },
            },
            "responses": { "200": { "description": text, "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/User" },
            } } } },
        } } },
        "components": {
            "securitySchemes": { format!("basic {text}"): { "type": "http", "scheme": "basic", "description": text } },
            "schemas": { "User": {
                "type": "object",
                "title": text,
                "description": text,
                "properties": {
                    "a": { "type": "string", "description": text },
                    "b": { "type": "string", "description": text, "enum": [text, "B"] },
                    text: { "type": "object", "description": text, "properties": { "a": { "type": "integer" } } },
                },
            } },
        },
    })
}

/// The files of the client of [`spec`].
fn client(text: &str) -> Vec<(String, String)> {
    let document = Document::parse("openapi.json", spec(text).to_string()).expect("JSON");
    let facts = Facts::new("Test", Authentication::Basic);
    let input = Input::new(&facts, &document);
    generate(&input).expect("the spec is accepted").files
}

fn check(text: &str) {
    let files = client(text);
    for (name, code) in files.iter().filter(|(name, _)| name.ends_with(".rs")) {
        for comment in doc_comments(code) {
            assert!(
                !tested(&comment),
                "rustdoc runs a part of this in {name}:\n{comment}\n\nfor {text:?}"
            );
        }
    }
    let (_, types) = files
        .iter()
        .find(|(name, _)| name == "types.rs")
        .expect("types");
    let before = types.split("pub struct User {").next().unwrap_or_default();
    let shown = doc_comments(&before.replace("#[", "///\0#["));
    let shown = shown.last().map(|comment| {
        let lines = comment.lines().filter(|line| !line.contains('\0'));
        lines.collect::<Vec<_>>().join("\n")
    });
    let shown = visible(&shown.unwrap_or_default());
    assert!(
        shown == visible(text) || shown == without_space(text),
        "of {text:?} a reader sees {shown:?}"
    );
}

/// Lines that mean something in Markdown or to rustdoc, and lines that do not.
fn line() -> impl Strategy<Value = String> {
    const LINES: &[&str] = &[
        "",
        "```",
        "```rust",
        "```rust,no_run",
        "```should_panic",
        "``` {.rust}",
        "```edition2021",
        "```E0308",
        "```ignore",
        "```json",
        "````",
        "~~~",
        "~~~ rust",
        "panic!(\"run\");",
        "    panic!(\"run\");",
        "\tpanic!(\"run\");",
        "- item",
        "1. item",
        "* * *",
        "# Heading",
        "===",
        "| a | b |",
        "|---|---|",
        "<div>",
        "</div>",
        "<br>",
        "a <br/> b",
        "<!-- comment",
        "-->",
        "<script>",
        "<pre>",
        "[text](/target)",
        "[text](std::fs)",
        "[`Client`]",
        "[a]: /b",
        "[^1]",
        "[^1]: note",
        "![image](https://example.com/a.png)",
        "see https://example.com/a_b*c[]=1.",
        "**bold** and _em_ and ~~gone~~",
        "`code` and ``co`de``",
        "`open",
        "a  b",
        "a\\",
        "a  ",
        "&lt;b&gt; \\* \\`",
        "- [ ] task",
        "\"quotes\" -- dashes...",
        "words",
    ];
    const PREFIXES: &[&str] = &[
        "", "", "", "> ", ">", "- ", "  ", "    ", "> > ", "> - ", "1. ", "   ",
    ];
    let known =
        (select(PREFIXES), select(LINES)).prop_map(|(prefix, line)| format!("{prefix}{line}"));
    prop_oneof![8 => known, 1 => "[ -~]{0,16}"]
}

/// Checks so many texts of each kind.
fn check_texts(cases: u32) {
    let run = |texts: BoxedStrategy<String>| {
        let config = ProptestConfig {
            cases,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        let test = |text: String| {
            check(&text);
            Ok(())
        };
        let outcome = TestRunner::new(config).run(&texts, test);
        outcome.unwrap_or_else(|error| panic!("{error}"));
    };
    let lines = prop::collection::vec(line(), 1..9);
    run(lines.prop_map(|lines| lines.join("\n")).boxed());
    let is_seen = |c: &char| !openapi::safe::is_unseen(*c);
    let seen = move |text: String| text.chars().filter(is_seen).collect();
    run(any::<String>().prop_map(seen).boxed());
}

#[test]
fn text_of_a_spec_never_runs_and_stays_visible() {
    check_texts(16);
}

#[test]
#[ignore = "takes long; `cargo xtask ci` runs it"]
fn text_of_a_spec_never_runs_and_stays_visible_thoroughly() {
    check_texts(128);
}

#[test]
fn lines_may_end_in_any_way() {
    check("a\r\n\r\n```rust\r\npanic!()\r\n```\r\n");
    check("a\r\r    panic!()\r");
}

#[test]
fn depth_costs_no_stack_and_length_no_time() {
    for text in [">", "- ", "*", "[", "`", "<a>", "![", "> - "] {
        client(&text.repeat(2_000));
    }
}
