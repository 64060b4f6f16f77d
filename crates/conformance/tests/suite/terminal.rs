//! What is printed: coloured where that is wanted, short enough to read, and without control of the terminal.

use std::path::Path;

use conformance::check::{CaseResult, WarningKind};
use conformance::report::{Section, terminal};

use crate::support;

#[test]
fn colours_are_where_they_are_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let run = |variables: &[(&str, &str)]| {
        let mut command = support::program(folder.path());
        command.args(["--api", "nexus"]);
        command.envs(variables.iter().copied());
        let output = command.output().unwrap();
        assert!(output.status.success());
        output.stdout.contains(&0x1b)
    };
    assert!(!run(&[]), "a pipe is not a terminal");
    assert!(!run(&[("NO_COLOR", "1")]));
    assert!(run(&[("CLICOLOR_FORCE", "1")]));
}

/// The results of 169 operations with 30 cases each, of which these fail.
fn results(fails: impl Fn(usize, usize) -> bool) -> Vec<CaseResult> {
    let results = (0..169 * 30).map(|number| {
        let (operation, case) = (number / 30, number % 30);
        let (id, name) = (format!("operation{operation}"), format!("request: {case}"));
        let mut result = CaseResult::new(&id, &name, "something");
        if fails(operation, case) {
            result.failures = (0..20).map(|fault| format!("fault {fault}")).collect();
        }
        result
    });
    results.collect()
}

fn section(fails: impl Fn(usize, usize) -> bool) -> Section {
    Section::new(&support::many(169), None, &results(fails))
}

fn plain(section: Section, reports: Option<&Path>) -> String {
    let text = terminal::table(&[section], reports);
    anstream::adapter::strip_str(&text).to_string()
}

#[test]
fn a_long_run_is_folded() {
    let text = plain(section(|_, _| false), None);
    assert!(text.lines().count() < 12, "{text}");
    assert!(
        text.contains("169 operations with 5070 cases: pass"),
        "{text}"
    );
    assert!(
        text.contains("5070 cases: 5070 passed, 0 failed, 0 warnings"),
        "{text}"
    );
    assert!(text.contains("--report DIR"), "{text}");
}

#[test]
fn what_many_operations_have_in_common_is_shown_once() {
    let mut results = results(|_, _| false);
    for (number, result) in results.iter_mut().enumerate() {
        if number % 30 == 0 {
            result.warnings = ["a new field".to_owned(), format!("field {number}")]
                .map(|message| WarningKind::UnknownField.warning(message))
                .to_vec();
        }
    }
    let mut skipped = CaseResult::new("writes", "every case", "something");
    skipped.not_judged = Some("it writes".to_owned());
    results.extend(["a", "b"].map(|name| CaseResult {
        operation: name.to_owned(),
        ..skipped.clone()
    }));
    let text = plain(Section::new(&support::many(169), None, &results), None);
    assert!(
        text.contains("warning: a new field, 169 operations"),
        "{text}"
    );
    assert!(
        text.contains("and 161 more") && text.contains("… and 160 other warnings"),
        "{text}"
    );
    assert!(
        text.contains("2 operations: not judged, it writes\n      a, b\n"),
        "{text}"
    );
    assert!(text.lines().count() < 40, "{text}");
}

#[test]
fn failures_are_never_folded_away_and_never_flood() {
    let text = plain(
        section(|operation, case| operation == 77 && case == 3),
        None,
    );
    assert!(
        text.contains("operation77") && text.contains("1 FAIL, 29 pass"),
        "{text}"
    );
    assert!(
        text.contains("FAIL  request: 3") && text.contains("fault 0"),
        "{text}"
    );
    assert!(
        text.contains("… and 15 more") && !text.contains("fault 19"),
        "{text}"
    );
    assert!(text.lines().count() < 25, "{text}");

    let text = plain(section(|_, _| true), Some("out".as_ref()));
    for operation in 0..169 {
        assert!(
            text.contains(&format!("  operation{operation} ")),
            "{operation}: {text}"
        );
    }
    assert!(text.lines().count() < 620, "{}", text.lines().count());
    assert!(text.contains("… and 27 cases like these"), "{text}");
    assert!(text.contains(&format!(
        "{}",
        Path::new("out").join("report.html").display()
    )));
}

#[test]
fn what_a_server_says_controls_no_terminal() {
    let mut result = CaseResult::new("operation0", "request: full", "something");
    result.failures = vec![
        "a\u{1b}[2Jb\r\n::error::c\u{202e}".to_owned(),
        "x".repeat(9000),
    ];
    let section = Section::new(&support::many(1), None, &[result]);
    let text = plain(section, None);
    let controls = |letter: char| letter.is_control() && letter != '\n';
    assert!(
        !text.contains(controls) && !text.contains('\u{202e}'),
        "{text:?}"
    );
    assert!(
        !text.lines().any(|line| line.trim_start().starts_with("::")),
        "{text}"
    );
    assert!(text.len() < 2000);
}
