//! Reports that people read: what is folded, what fits, and that nothing of a spec comes alive in them.

use drift::compare::{Options, Report, RustEffect, RustItem, Shown, compare};
use openapi::Document;
use proptest::prelude::*;
use serde_json::{Value, json};

fn document(name: &str, value: &Value) -> Document {
    Document::parse(name, value.to_string()).unwrap()
}

fn report(old: &Value, new: &Value) -> Report {
    compare(&document("old", old), &document("new", new))
}

/// A spec as large as the whole Platform API: resources, each with operations and schemas of their own.
fn large(media_type: &str, next: bool) -> Value {
    let mut paths = serde_json::Map::new();
    let mut schemas = serde_json::Map::new();
    for resource in 0..40 {
        let (list, one) = (format!("/r{resource}"), format!("/r{resource}/{{guid}}"));
        let guid =
            json!({"name": "guid", "in": "path", "required": true, "schema": {"type": "string"}});
        let version = json!({"name": "Accept-Version", "in": "header", "required": true, "schema": {"type": "string", "default": "v2"}});
        let operation = |id: String| {
            let content = json!({media_type: {"schema": {"$ref": format!("#/components/schemas/S{resource}")}}});
            let mut operation = json!({
                "operationId": id, "tags": [format!("resource {resource}")], "description": format!("Reads {next}"),
                "parameters": [], "responses": {"200": {"description": "OK", "content": content}},
            });
            if next {
                operation["parameters"]
                    .as_array_mut()
                    .unwrap()
                    .push(version.clone());
            }
            operation
        };
        paths.insert(list, json!({"get": operation(format!("list{resource}")), "post": operation(format!("add{resource}"))}));
        let mut item = json!({"get": operation(format!("read{resource}")), "put": operation(format!("change{resource}")), "parameters": [guid]});
        item["put"]["deprecated"] = json!(next && resource < 3);
        paths.insert(one, item);
        let mut properties = serde_json::Map::new();
        for property in 0..30 {
            let kind = if next && property == resource % 30 {
                "integer"
            } else {
                "string"
            };
            let text = format!(
                "Property {property}, as {} sees it.",
                if next { "v2" } else { "v1" }
            );
            properties.insert(
                format!("p{property}"),
                json!({"type": kind, "description": text}),
            );
        }
        if next {
            properties.insert("added".to_owned(), json!({"type": "string"}));
        }
        schemas.insert(
            format!("S{resource}"),
            json!({"type": "object", "properties": properties}),
        );
    }
    json!({"openapi": "3.0.3", "info": {"title": "L", "version": "1"}, "paths": paths, "components": {"schemas": schemas}})
}

fn migration() -> Report {
    report(
        &large("application/vnd.mx.api.v1+json", false),
        &large("application/json", true),
    )
}

#[test]
fn a_migration_fits_on_a_screen_and_in_a_comment() {
    let report = migration();
    let text = report.text(false);
    assert!(
        text.lines().count() <= 120,
        "{} lines",
        text.lines().count()
    );
    let headline = text.lines().next().unwrap();
    assert!(headline.starts_with("breaking: 360 breaking (160 of one kind), 40 additive, 1,363 documentation from old to new"), "{headline}");
    // The worst first, once for all operations; what will break later before that.
    let media = "media type changed from `application/vnd.mx.api.v1+json` to `application/json`  [wire]  in 160 operations: ";
    assert_eq!(text.matches("media type changed").count(), 1, "{text}");
    let place = |what: &str| {
        text.find(what)
            .unwrap_or_else(|| panic!("no {what} in {text}"))
    };
    assert!(place("is now deprecated") < place(media), "{text}");
    assert!(
        place(media) < place("type changed from `string` to `integer`"),
        "{text}"
    );
    assert!(
        text.contains("schema `S0`: description changed ×30"),
        "{text}"
    );
    assert!(
        text.contains("--verbose"),
        "what is left out has a way to it: {text}"
    );

    let markdown = report.markdown();
    assert!(
        markdown.chars().count() <= 60_000,
        "{}",
        markdown.chars().count()
    );
    assert_eq!(
        markdown.matches("<details>").count(),
        markdown.matches("</details>").count()
    );
    let shared = report.markdown_with(&Options {
        reports: 3,
        ..Options::default()
    });
    assert!(
        shared.chars().count() <= 20_000,
        "{}",
        shared.chars().count()
    );

    let verbose = report.text_with(&Options {
        verbose: true,
        ..Options::default()
    });
    assert_eq!(
        verbose.matches("description changed").count(),
        1_360,
        "all are there"
    );
    assert!(
        verbose.contains("    - Property 0, as v1 sees it.\n")
            && verbose.contains("    + Property 0, as v2 sees it.\n")
    );
}

/// Generating both clients of such a spec takes seconds: what they differ in is made up here.
#[test]
fn signatures_fit_as_well() {
    let mut report = migration();
    report.rust = RustEffect::Computed;
    for (number, change) in report.changes.iter_mut().take(300).enumerate() {
        let signature =
            |kind: &str| format!("pub fn set_{number}(self, value: impl Into<{kind}>) -> Self");
        change.rust = true;
        change.rust_items = vec![
            RustItem {
                item: format!("Builder{number}::set_{number}"),
                before: Some(signature("String")),
                after: (number % 2 == 0).then(|| signature("i64")),
                breaks: true,
            },
            RustItem {
                item: format!("types::New{number}"),
                before: None,
                after: Some("pub struct New".to_owned()),
                breaks: false,
            },
        ];
    }
    let text = report.text(false);
    assert!(
        text.lines().count() <= 120,
        "{} lines",
        text.lines().count()
    );
    assert!(
        text.lines().nth(1) == Some("Rust: 300 public items break callers"),
        "{text}"
    );
    let part = text
        .split("\nRust (300)\n")
        .nth(1)
        .unwrap_or_else(|| panic!("{text}"));
    let before_and_after = "  Builder0::set_0\n    - pub fn set_0(self, value: impl Into<String>) -> Self\n    + pub fn set_0(self, value: impl Into<i64>) -> Self\n";
    assert!(
        part.starts_with(before_and_after) && part.contains(" more: "),
        "{part}"
    );
    let markdown = report.markdown();
    assert!(markdown.chars().count() <= 60_000);
    assert!(
        markdown.contains("<summary>Rust signatures that break callers (300)</summary>")
            && markdown.contains("\n# Builder0::set_0\n- pub fn"),
        "{markdown}"
    );
    assert!(
        !text.contains("types::New") && !markdown.contains("types::New"),
        "what is new is in its own rows"
    );
}

#[test]
fn long_names_are_cut_where_folding_is_not_enough() {
    let name = "n".repeat(4_000);
    let of = |kind: &str| {
        let properties: serde_json::Map<String, Value> = (0..40)
            .map(|number| (format!("{number}{name}"), json!({"type": kind})))
            .collect();
        let content =
            json!({"application/json": {"schema": {"type": "object", "properties": properties}}});
        json!({"openapi": "3.0.3", "info": {}, "paths": {"/t": {"get": {"responses": {"200": {"content": content}}}}}})
    };
    let markdown = report(&of("string"), &of("integer")).markdown();
    assert!(
        markdown.chars().count() <= 60_000,
        "{}",
        markdown.chars().count()
    );
    assert!(
        markdown.contains("more") && markdown.contains("--verbose"),
        "{markdown}"
    );
}

#[test]
fn only_a_class_a_limit_and_operations() {
    let mut report = migration();
    let shown = |only, limit| {
        report.text_with(&Options {
            only,
            limit,
            ..Options::default()
        })
    };
    let additive = shown(Some(Shown::Additive), None);
    assert!(
        additive.contains("Additive (40)")
            && !additive.contains("Breaking (")
            && !additive.contains("Documentation ("),
        "{additive}"
    );
    let few = shown(None, Some(2));
    assert!(few.lines().count() < 30 && few.contains("and "), "{few}");
    let json = report.json_with(&Options {
        only: Some(Shown::Additive),
        ..Options::default()
    });
    assert_eq!(
        (json["changes"].as_array().unwrap().len(), &json["verdict"]),
        (40, &json!("breaking"))
    );

    report.only_operations(|label, id| label == "GET /r7" || id == Some("read8"));
    for change in &report.changes {
        assert!(
            change
                .operations
                .iter()
                .all(|label| label == "GET /r7" || label == "GET /r8/{guid}"),
            "{change:?}"
        );
    }
    assert_eq!(
        report
            .changes
            .iter()
            .filter(|change| change.message.contains("media type"))
            .count(),
        2
    );
}

/// Names with which a spec may try to do something.
const HOSTILE: [&str; 23] = [
    ":",
    "::",
    "x\n::error title=pwned::from a published spec\n::stop-commands::t",
    "::warning::x",
    "##[error]x",
    "\u{1b}[31mRED\u{1b}]0;t\u{7}",
    "\u{9b}31m",
    "\u{202e}desrever",
    "[click](https://evil.example)",
    "https://evil.example/x",
    "mxenabled/openapi#1 #1 GH-1",
    "`code` ~~s~~ **b** _i_",
    "``` @team",
    "&lt;img&gt; &#64;team \\&#64;x",
    "a\\|b | c",
    "![i](https://evil.example/p.png)",
    "@team",
    "<!-- x",
    "</details><img src=x>",
    "www.evil.example",
    "user@evil.example",
    "```\n# H1\n",
    "//:`b",
];

/// A spec in which a text stands wherever a text of a spec can reach a report.
fn hostile(text: &str, kind: &str) -> Value {
    let content = json!({text: {"schema": {"type": "object", "properties": {text: {"type": kind, "enum": [text], "description": text, "pattern": format!("{text}{kind}")}}}}});
    let parameter = json!({"name": text, "in": "query", "schema": {"type": kind}, "deprecated": kind == "integer"});
    let get = json!({"operationId": format!("{text}{kind}"), "tags": [text], "summary": format!("{text}{kind}"), "parameters": [parameter], "responses": {"200": {"description": text, "content": content}}});
    let path = format!("/{text}");
    json!({
        "openapi": "3.0.3", "info": {"title": text, "version": format!("{text}{kind}")}, "paths": {path: {"get": get}},
        "servers": [{"url": format!("https://example.com/{kind}"), "description": text}],
        "components": {"schemas": {text: {"type": kind, text: kind}}}, text: kind,
    })
}

/// What of a Markdown text is not code.
fn alive(markdown: &str) -> String {
    use pulldown_cmark::{Event, Options, Parser};
    let mut alive = String::new();
    for event in Parser::new_ext(
        markdown,
        Options::ENABLE_GFM | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES,
    ) {
        match event {
            Event::Start(
                pulldown_cmark::Tag::Link { .. }
                | pulldown_cmark::Tag::Image { .. }
                | pulldown_cmark::Tag::Strikethrough,
            ) => alive.push_str("LINK"),
            Event::Html(html) | Event::InlineHtml(html) => {
                alive.push_str(&html);
            }
            Event::Text(text) => alive.push_str(&text),
            // What is on both sides of code does not touch.
            Event::Code(_) => alive.push(' '),
            _ => {}
        }
    }
    alive
}

/// No line is a command to what reads the log, or controls a terminal.
fn assert_lines_harmless(text: &str) {
    for line in text.lines() {
        assert!(
            !line.trim_start().starts_with("::") && !line.contains("##["),
            "a command: {line}"
        );
        assert!(
            !line.contains(|c: char| c.is_control() || c == '\u{202e}'),
            "{line:?}"
        );
    }
}

fn assert_harmless(report: &Report) {
    let text = report.text_with(&Options {
        verbose: true,
        ..Options::default()
    });
    assert_lines_harmless(&text);
    let markdown = report.markdown();
    assert_lines_harmless(&markdown);
    let alive = alive(&markdown);
    for mark in ["LINK", "@", "://", "www.", "#1", "GH-1", "<img", "<!--"] {
        assert!(
            !alive.contains(mark),
            "{mark} is alive in {markdown}\n---\n{alive}"
        );
    }
    // Ours are balanced, whatever else is called so.
    assert_eq!(
        alive.matches("<details>").count(),
        alive.matches("</details>").count()
    );
}

#[test]
fn nothing_of_a_spec_comes_alive() {
    for text in HOSTILE {
        let (old, new) = (hostile(text, "string"), hostile(text, "integer"));
        let other = hostile("other", "integer");
        for (old, new) in [(&old, &new), (&old, &other), (&other, &new)] {
            assert_harmless(&report(old, new));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_spec_holds(text in "[`@#<>!\\[\\]()|*_~:\\\\&;\\n\\x1b a-c./w]{1,24}") {
        assert_harmless(&report(&hostile(&text, "string"), &hostile(&text, "integer")));
    }
}
