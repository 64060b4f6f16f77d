//! The table that is printed.

use std::fmt::Write as _;

use crate::report::{Outcome, Section};

/// The verdicts as a table per API, and the totals.
pub fn table(sections: &[Section]) -> String {
    let mut text = String::new();
    for section in sections {
        let column = |of: fn(&crate::runner::Verdict) -> &str| {
            let widths = section
                .verdicts
                .iter()
                .map(|verdict| of(verdict).chars().count());
            widths.max().unwrap_or_default()
        };
        let operations = column(|verdict| &verdict.operation).max("operation".len());
        let cases = column(|verdict| &verdict.case).max("case".len());
        _ = writeln!(text, "{}\n", section.title);
        _ = writeln!(
            text,
            "  {:operations$}  {:cases$}  verdict",
            "operation", "case"
        );
        for verdict in &section.verdicts {
            let word = match Outcome::of(verdict) {
                Outcome::Pass => "pass",
                Outcome::Fail => "FAIL",
                Outcome::Known => "known",
            };
            _ = writeln!(
                text,
                "  {:operations$}  {:cases$}  {word}",
                verdict.operation, verdict.case
            );
            for fault in &verdict.faults {
                _ = writeln!(text, "      {fault}");
            }
            for finding in &verdict.findings {
                _ = writeln!(text, "      finding: {finding}");
            }
        }
        let counts = section
            .coverage
            .named()
            .map(|(name, count)| format!("{name} {}/{}", count.reached, count.total));
        _ = writeln!(text, "\n  covered: {}\n", counts.join(", "));
    }
    let cases: usize = sections.iter().map(|section| section.verdicts.len()).sum();
    let failed: usize = sections.iter().map(Section::failed).sum();
    let findings: usize = sections.iter().map(Section::findings).sum();
    let passed = cases - failed;
    _ = writeln!(
        text,
        "{cases} cases: {passed} passed, {failed} failed, {findings} findings"
    );
    text
}
