//! A corpus of specs that no client can be made of: each gives its findings, drawn as `regen` draws them.

use std::path::Path;

use codegen::{Authentication, Facts, Failure, Generated, Input, generate};
use openapi::{Diagnostic, Document, Severity, render};

fn read(name: &str) -> Document {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken/specs");
    Document::read_as(&folder.join(name), name).unwrap()
}

fn findings(document: &Document) -> Vec<Diagnostic> {
    match try_generate(document, false) {
        Err(Failure::Spec(findings)) => findings,
        other => panic!("{} was taken: {other:?}", document.name()),
    }
}

fn try_generate(document: &Document, skip_unsupported: bool) -> Result<Generated, Failure> {
    let facts = Facts::new("Broken", Authentication::Basic);
    let input = Input {
        skip_unsupported,
        ..Input::new(&facts, document)
    };
    generate(&input)
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
        let findings = findings(&document);
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

/// The overlay actions that the help of a spec's errors prints.
fn remedy(findings: &[Diagnostic]) -> Option<Document> {
    let actions: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .filter_map(|finding| finding.help.as_deref()?.split_once("\n  - target"))
        .map(|(_, action)| action)
        .collect();
    let head = "overlay: 1.0.0\ninfo: {title: Remedy, version: '1'}\nactions:";
    let actions = actions.iter().map(|action| format!("\n  - target{action}"));
    let text = head.to_owned() + &actions.collect::<String>();
    (!text.ends_with("actions:")).then(|| Document::parse("overlay.yaml", text).unwrap())
}

/// Every error of an operation has an action in its help after which it is gone.
#[test]
fn the_actions_in_the_help_are_a_remedy() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken/specs");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let mut corrected = read(&name);
        // An action can bring the next error to light.
        for round in 0..4 {
            let left = match try_generate(&corrected, false) {
                Ok(_) => break,
                Err(Failure::Spec(findings)) => findings,
                Err(other) => panic!("{name}: {other:?}"),
            };
            let of_operations = |finding: &&Diagnostic| {
                finding.severity == Severity::Error && finding.operation.is_some()
            };
            if left.iter().filter(of_operations).count() == 0 {
                break; // The document itself is at fault.
            }
            for finding in left.iter().filter(of_operations) {
                let help = finding.help.as_deref().unwrap_or_default();
                assert!(help.contains("  - target: $"), "{name}: {finding:?}");
                assert!(round < 3, "{name} after its remedies: {finding:?}");
            }
            if let Some(overlay) = remedy(&left) {
                openapi::overlay::apply(&mut corrected, &overlay).unwrap();
            }
        }
    }
}

/// One bad operation does not refuse the API.
#[test]
fn what_cannot_be_generated_can_be_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken/specs");
    let mut left_out = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let mut document = read(&name);
        let errors = findings(&document);
        let errors = errors
            .iter()
            .filter(|finding| finding.severity == Severity::Error);
        let document_is_at_fault = errors.clone().any(|error| {
            !["/paths/", "/components/"]
                .iter()
                .any(|part| error.pointer.starts_with(part))
        });
        let root = document.value_mut();
        if document_is_at_fault || !root["paths"].is_object() {
            continue;
        }
        root["paths"]["/good"] = serde_json::json!({
            "get": { "operationId": "stays", "security": [], "responses": { "200": { "description": "OK" } } },
        });
        let generated = match try_generate(&document, true) {
            Ok(generated) => generated,
            Err(failure) => panic!("{name}: {failure:?}"),
        };
        let client = generated
            .files
            .iter()
            .find(|(file, _)| file == "client.rs")
            .unwrap();
        assert!(client.1.contains("pub fn stays("), "{name}");
        let section = generated
            .deviations
            .split("## Skipped operations")
            .nth(1)
            .expect(&name);
        assert!(
            errors.clone().any(|error| section.contains(&error.message)),
            "{name}: {section}"
        );
        left_out += 1;
    }
    assert!(left_out > 30, "{left_out}");
}
