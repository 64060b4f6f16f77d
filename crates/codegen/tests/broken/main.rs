//! A corpus of specs that no client can be made of: each gives its findings, drawn as `regen` draws them.

use std::path::Path;

use codegen::{Failure, Input, generate};
use openapi::{Document, Severity, render};

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
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/broken/specs")
            .join(&name);
        let document = Document::read_as(&path, &name).unwrap();
        let input = Input {
            title: "Broken",
            document: &document,
            overlay: None,
            strict: true,
        };
        let findings = match generate(&input) {
            Err(Failure::Spec(findings)) => findings,
            other => panic!("{name} was taken: {other:?}"),
        };
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
