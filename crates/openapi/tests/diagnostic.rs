//! How findings look.

use openapi::{Diagnostic, Document, render};

fn document() -> Document {
    let long = "x".repeat(300);
    let text = format!(
        "openapi: 3.0.0\ninfo: {{title: T, url: 'https://example.com/{long}', version: 1}}\nünï: 1\n"
    );
    Document::parse("specs/x/openapi.yaml", text).unwrap()
}

#[test]
fn findings_are_drawn_with_their_source_line() {
    let findings = [
        Diagnostic::error("/openapi", "`swagger: 2.0` is not OpenAPI 3.0")
            .with_help("convert the file first:\n  some-tool convert openapi.yaml"),
        Diagnostic::warning("/info/url", "a URL nobody asked for").with_operation("GET /x (readX)"),
        Diagnostic::error("/info/version", "`version` must be a text").with_help("quote it"),
        Diagnostic::error("/ünï", "not a word of OpenAPI"),
        Diagnostic::error("/missing/altogether", "`paths` is missing"),
    ];
    insta::assert_snapshot!(render(&findings, &document(), false));
}

#[test]
fn colour_is_only_drawn_when_asked_for() {
    let finding = [Diagnostic::error("/openapi", "wrong")];
    assert!(!render(&finding, &document(), false).contains('\u{1b}'));
    assert!(render(&finding, &document(), true).contains("\u{1b}["));
    assert_eq!(render(&[], &document(), true), "");
}
