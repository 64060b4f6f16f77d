//! The table that is printed.
//!
//! It has styles for a terminal, which the caller removes where they are not wanted. A section with few cases lists
//! every case, one with many its operations. Operations that pass are summed up, those that fail never are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use anstyle::{AnsiColor, Style};

use crate::check::{Verdict, WarningKind};
use crate::report::case::CaseReport;
use crate::report::section::Section;
use crate::report::text::{count, line};

/// The most cases that are listed one by one.
const MOST_CASES: usize = 100;

/// The most operations that are listed if all of their cases pass.
const MOST_PASSING: usize = 10;

/// How many cases of an operation, and of an API, are shown in detail if operations are listed.
const DETAILED: (usize, usize) = (3, 30);

/// How many failures of a case are shown.
const MOST_FAILURES: usize = 5;

/// How many warnings are shown if operations are listed.
const MOST_WARNINGS: usize = 10;

/// How many operations are named that were not judged.
const MOST_UNJUDGED: usize = 30;

/// How many operations are named that have a reason or a warning in common.
const MOST_NAMES: usize = 8;

/// The results as a table for each API, and the totals. What is left out is in the reports, if they are written.
pub fn table(sections: &[Section], reports: Option<&Path>) -> String {
    let mut text = String::new();
    let mut left_out = false;
    for section in sections {
        let bold = Style::new().bold();
        _ = writeln!(text, "{bold}{}{bold:#}\n", line(&section.title));
        left_out |= match section.cases.len() > MOST_CASES {
            true => by_operation(&mut text, section),
            false => by_case(&mut text, section),
        };
        let dim = Style::new().dimmed();
        unjudged(&mut text, section);
        let counts = section
            .coverage
            .named()
            .map(|(name, count)| format!("{name} {}/{}", count.reached, count.total));
        _ = writeln!(text, "\n  {dim}covered: {}{dim:#}\n", counts.join(", "));
    }
    text.push_str(&totals(sections));
    match reports {
        Some(folder) => {
            let page = folder.join("report.html");
            _ = writeln!(
                text,
                "every case, with request and response: {}",
                page.display()
            );
        }
        None if left_out => text.push_str("every case, with request and response: --report DIR\n"),
        None => {}
    }
    text
}

/// The operations that have no judged success, and how many have one.
fn unjudged(text: &mut String, section: &Section) {
    let unjudged = section.unjudged();
    if unjudged.is_empty() {
        return;
    }
    let judged = section.judged();
    let style = style(Verdict::NotJudged);
    _ = writeln!(
        text,
        "\n  {style}{} of {} judged{style:#}",
        judged.reached,
        count(judged.total, "operation")
    );
    for operation in unjudged.iter().take(MOST_UNJUDGED) {
        let allowed = match operation.is_allowed {
            true => ", which is allowed",
            false => "",
        };
        _ = writeln!(
            text,
            "      {}: {}, {}{allowed}",
            line(operation.operation),
            word(Verdict::NotJudged),
            line(&operation.reasons)
        );
    }
    if let Some(rest @ 1..) = unjudged.len().checked_sub(MOST_UNJUDGED) {
        _ = writeln!(text, "      and {rest} more");
    }
}

fn totals(sections: &[Section]) -> String {
    let sum = |of: &dyn Fn(&Section) -> usize| sections.iter().map(of).sum::<usize>();
    let of = |verdict| sum(&|section| section.count(verdict));
    let (cases, failed) = (sum(&|section| section.cases.len()), of(Verdict::Fail));
    let mut parts = vec![format!("{} passed", of(Verdict::Pass))];
    parts.push(format!("{failed} failed"));
    match of(Verdict::ExpectedFailure) {
        0 => {}
        number => parts.push(count(number, "expected failure")),
    }
    parts.push(count(of(Verdict::Warning), "warning"));
    match of(Verdict::NotJudged) {
        0 => {}
        number => parts.push(format!("{number} not judged")),
    }
    let style = match failed {
        0 if sections.iter().all(Section::passed) => style(Verdict::Pass),
        0 => style(Verdict::NotJudged),
        _ => style(Verdict::Fail),
    };
    let what = match of(Verdict::NotJudged) {
        0 => count(cases, "case"),
        number => format!("{} of {} judged", cases - number, count(cases, "case")),
    };
    let mut text = format!("{style}{what}: {}{style:#}\n", parts.join(", "));
    if let (Some(seed), true) = (sections.iter().find_map(|section| section.seed), failed > 0) {
        _ = writeln!(text, "the same inputs again: --seed {seed}");
    }
    text
}

/// Lists every case; returns whether something was left out.
fn by_case(text: &mut String, section: &Section) -> bool {
    let column = |of: fn(&CaseReport) -> &str| {
        let texts = section.cases.iter().map(|case| line(of(case)));
        let widths = texts.map(|text| text.chars().count());
        widths.max().unwrap_or_default()
    };
    let operations = column(|case| &case.operation).max("operation".len());
    let cases = column(|case| &case.case).max("case".len());
    _ = writeln!(
        text,
        "  {:operations$}  {:cases$}  verdict",
        "operation", "case"
    );
    let mut left_out = false;
    for case in &section.cases {
        _ = writeln!(
            text,
            "  {:operations$}  {:cases$}  {}",
            line(&case.operation),
            line(&case.case),
            judgement(case)
        );
        left_out |= details(text, case, "      ");
    }
    left_out
}

/// Lists the operations, those that pass only if they are few; returns whether something was left out.
fn by_operation(text: &mut String, section: &Section) -> bool {
    let mut groups: Vec<(&str, Vec<&CaseReport>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for case in &section.cases {
        let place = places.entry(&case.operation).or_insert(groups.len());
        if *place == groups.len() {
            groups.push((&case.operation, Vec::new()));
        }
        groups[*place].1.push(case);
    }
    let (unjudged, groups): (Vec<_>, Vec<_>) = groups
        .into_iter()
        .partition(|(_, cases)| all(cases, Verdict::NotJudged));
    let (quiet, noisy): (Vec<_>, Vec<_>) = groups
        .into_iter()
        .partition(|(_, cases)| cases.iter().all(|case| is_quiet(case.verdict)));
    let shown = if quiet.len() > MOST_PASSING {
        0
    } else {
        quiet.len()
    };
    let names = noisy.iter().chain(&quiet[..shown]);
    let width = names.map(|(name, _)| line(name).chars().count()).max();
    let width = width.unwrap_or_default().max("operation".len());
    _ = writeln!(text, "  {:width$}  cases  verdict", "operation");
    let mut budget = DETAILED.1;
    for (name, cases) in noisy.iter().chain(&quiet[..shown]) {
        let words = Verdict::ALL.map(|verdict| {
            let number = cases.iter().filter(|case| case.verdict == verdict).count();
            match number {
                0 => String::new(),
                number if number == cases.len() => word(verdict),
                number => format!("{number} {}", word(verdict)),
            }
        });
        let words = words.into_iter().filter(|word| !word.is_empty());
        _ = writeln!(
            text,
            "  {:width$}  {:5}  {}",
            line(name),
            cases.len(),
            words.collect::<Vec<_>>().join(", ")
        );
        failing(text, cases, &mut budget);
    }
    if let Some(rest) = quiet.len().checked_sub(shown).filter(|rest| *rest > 0) {
        let cases = || quiet[shown..].iter().flat_map(|(_, cases)| cases);
        let verdict = match cases().all(|case| case.verdict == Verdict::Pass) {
            true => word(Verdict::Pass),
            false => format!("{} or {}", word(Verdict::Pass), word(Verdict::Warning)),
        };
        let (operations, cases) = (count(rest, "operation"), count(cases().count(), "case"));
        _ = writeln!(text, "  {operations} with {cases}: {verdict}");
    }
    reasons(text, &unjudged);
    warnings(text, &section.cases);
    true
}

/// Whether a verdict needs no line of its own. Warnings are listed separately.
fn is_quiet(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Pass | Verdict::Warning)
}

fn all(cases: &[&CaseReport], verdict: Verdict) -> bool {
    cases.iter().all(|case| case.verdict == verdict)
}

/// The cases of an operation that failed, expected failures last, as far as the budget allows.
fn failing(text: &mut String, cases: &[&CaseReport], budget: &mut usize) {
    let mut noisy: Vec<&CaseReport> = cases.to_vec();
    noisy.retain(|case| !case.failures.is_empty());
    noisy.sort_by_key(|case| case.verdict == Verdict::ExpectedFailure);
    let shown = noisy.len().min(DETAILED.0).min(*budget);
    *budget -= shown;
    for case in &noisy[..shown] {
        let verdict = case.verdict;
        _ = writeln!(text, "      {}  {}", word(verdict), line(&case.case));
        details(text, case, "          ");
    }
    match noisy.len() - shown {
        0 => {}
        rest => _ = writeln!(text, "      … and {} like these", count(rest, "case")),
    }
}

/// The operations that were not judged, by the reason.
fn reasons(text: &mut String, unjudged: &[(&str, Vec<&CaseReport>)]) {
    let mut reasons: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (name, cases) in unjudged {
        for case in cases {
            reasons.entry(judgement(case)).or_default().insert(name);
        }
    }
    for (judgement, names) in reasons {
        let number = count(names.len(), "operation");
        _ = writeln!(text, "  {number}: {judgement}");
        _ = writeln!(text, "      {}", some(&names));
    }
}

/// The warnings, each once, the most frequent first.
fn warnings(text: &mut String, cases: &[CaseReport]) {
    let mut warnings: BTreeMap<(&str, WarningKind), BTreeSet<&str>> = BTreeMap::new();
    for case in cases {
        for (warning, kind) in case.warnings.iter().zip(&case.warning_kinds) {
            let names = warnings.entry((warning, *kind)).or_default();
            names.insert(&case.operation);
        }
    }
    let mut warnings: Vec<_> = warnings.into_iter().collect();
    warnings.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    for ((warning, kind), names) in warnings.iter().take(MOST_WARNINGS) {
        let number = count(names.len(), "operation");
        _ = writeln!(text, "  warning: {}, {number} ({kind})", line(warning));
        _ = writeln!(text, "      {}", some(names));
    }
    if let Some(rest @ 1..) = warnings.len().checked_sub(MOST_WARNINGS) {
        _ = writeln!(text, "  … and {}", count(rest, "other warning"));
    }
}

/// The first of some names.
fn some(names: &BTreeSet<&str>) -> String {
    let mut shown: Vec<_> = names
        .iter()
        .take(MOST_NAMES)
        .map(|name| line(name))
        .collect();
    if let Some(rest @ 1..) = names.len().checked_sub(MOST_NAMES) {
        shown.push(format!("and {rest} more").into());
    }
    shown.join(", ")
}

/// The failures and warnings of a case; returns whether some were left out.
fn details(text: &mut String, case: &CaseReport, indent: &str) -> bool {
    let warnings = case
        .warnings
        .iter()
        .zip(&case.warning_kinds)
        .map(|(warning, kind)| format!("warning: {warning} ({kind})"));
    let lines: Vec<String> = case.failures.iter().cloned().chain(warnings).collect();
    for fact in lines.iter().take(MOST_FAILURES) {
        _ = writeln!(text, "{indent}{}", line(fact));
    }
    let rest = lines.len().saturating_sub(MOST_FAILURES);
    if rest > 0 {
        _ = writeln!(text, "{indent}… and {rest} more");
    }
    rest > 0
}

/// The verdict of a case, and why it was not judged.
fn judgement(case: &CaseReport) -> String {
    let word = word(case.verdict);
    match (&case.reason, case.verdict) {
        (Some(reason), Verdict::NotJudged) => {
            format!("{word}, {}", line(reason))
        }
        _ => word,
    }
}

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Pass => AnsiColor::Green.on_default(),
        Verdict::Fail => AnsiColor::Red.on_default().bold(),
        Verdict::ExpectedFailure => AnsiColor::Magenta.on_default(),
        Verdict::Warning => AnsiColor::Cyan.on_default(),
        Verdict::NotJudged => AnsiColor::Yellow.on_default(),
    }
}

fn word(verdict: Verdict) -> String {
    let word = match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "FAIL",
        Verdict::ExpectedFailure => "expected failure",
        Verdict::Warning => "warning",
        Verdict::NotJudged => "not judged",
    };
    let style = style(verdict);
    format!("{style}{word}{style:#}")
}
