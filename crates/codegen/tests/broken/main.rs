//! A corpus of specs that no client can be made of: each gives its findings, drawn as `regen` draws them.

use std::path::Path;

use codegen::{Authentication, Facts, Failure, Input, generate};
use openapi::{Diagnostic, Document, Severity, render};

fn read(name: &str) -> Document {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken/specs");
    Document::read_as(&folder.join(name), name).unwrap()
}

fn findings(document: &Document, overlay: Option<&Document>) -> Vec<Diagnostic> {
    let facts = Facts {
        title: "Broken".to_owned(),
        authentication: Authentication::Basic,
        variables: Vec::new(),
        source: None,
    };
    let input = Input {
        facts: &facts,
        document,
        overlay,
        user_overlay: None,
        strict: true,
    };
    match generate(&input) {
        Err(Failure::Spec(findings)) => findings,
        other => panic!("{} was taken: {other:?}", document.name()),
    }
}

#[test]
fn every_broken_spec_gives_its_findings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken/specs");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() > 40);
    for name in names {
        let document = read(&name);
        let findings = findings(&document, None);
        assert!(
            findings
                .iter()
                .any(|finding| finding.severity == Severity::Error),
            "{name}"
        );
        let drawn = render(&findings, &document, false);
        assert!(
            !drawn.contains("progenitor panicked"),
            "{name} was not found first:\n{drawn}"
        );
        insta::assert_snapshot!(name.trim_end_matches(".yaml"), drawn);
    }
}

/// The help for a header of HTTP holds an action that removes it.
#[test]
fn the_actions_in_the_help_are_a_remedy() {
    let document = read("headers-of-http.yaml");
    let mut overlay = "overlay: 1.0.0\ninfo: {title: Remedy, version: '1'}\nactions:\n".to_owned();
    for finding in findings(&document, None) {
        let help = finding.help.unwrap_or_default();
        overlay.extend(
            help.split_once('\n')
                .map(|(_, action)| format!("{action}\n")),
        );
    }
    let overlay = Document::parse("overlay.yaml", overlay).unwrap();
    let left = findings(&document, Some(&overlay));
    let left: Vec<&str> = left
        .iter()
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(
        left,
        ["`proxy-authorization` is a header of HTTP itself, and cannot carry a key"]
    );
}
