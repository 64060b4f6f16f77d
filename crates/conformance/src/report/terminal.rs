//! The table that is printed.
//!
//! It is styled for a terminal; whoever prints it takes the styles out where they are not wanted. A section of few
//! cases is shown case by case, one of many by its operations: what passes is folded, what fails is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use anstyle::{AnsiColor, Style};

use crate::report::text::{count, line};
use crate::report::{Case, Outcome, Section};

/// The most cases that are listed one by one.
const MOST_CASES: usize = 100;

/// The most operations that are listed though nothing is to be told of them.
const MOST_PASSING: usize = 10;

/// How many cases of an operation, and of an API, are told of in detail where cases are folded.
const DETAILED: (usize, usize) = (3, 30);

/// How many faults of a case are told.
const MOST_FAULTS: usize = 5;

/// How many findings are told where cases are folded.
const MOST_FINDINGS: usize = 10;

/// How many operations are named that have the same in common.
const MOST_NAMES: usize = 8;

/// The verdicts as a table per API, and the totals; what is left out is in the reports, if they are written.
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

fn totals(sections: &[Section]) -> String {
    let sum = |of: &dyn Fn(&Section) -> usize| sections.iter().map(of).sum::<usize>();
    let of = |outcome| sum(&|section| section.count(outcome));
    let (cases, failed) = (sum(&|section| section.cases.len()), of(Outcome::Fail));
    let mut parts = vec![format!("{} passed", of(Outcome::Pass))];
    parts.push(format!("{failed} failed"));
    for (outcome, one) in [
        (Outcome::Known, "known deviation"),
        (Outcome::NotJudged, "not judged"),
        (Outcome::Skipped, "skipped"),
    ] {
        match (of(outcome), outcome) {
            (0, _) => {}
            (number, Outcome::Known) => parts.push(count(number, one)),
            (number, _) => parts.push(format!("{number} {one}")),
        }
    }
    parts.push(count(sum(&Section::findings), "finding"));
    let style = match failed {
        0 if sections.iter().all(Section::passed) => style(Outcome::Pass),
        0 => style(Outcome::NotJudged),
        _ => style(Outcome::Fail),
    };
    let mut text = format!(
        "{style}{}: {}{style:#}\n",
        count(cases, "case"),
        parts.join(", ")
    );
    if let (Some(seed), true) = (sections.iter().find_map(|section| section.seed), failed > 0) {
        _ = writeln!(text, "the same inputs again: --seed {seed}");
    }
    text
}

/// Every case on a line; whether something was left out.
fn by_case(text: &mut String, section: &Section) -> bool {
    let column = |of: fn(&Case) -> &str| {
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

/// Every operation on a line, unless it passed among many; whether something was left out.
fn by_operation(text: &mut String, section: &Section) -> bool {
    let mut groups: Vec<(&str, Vec<&Case>)> = Vec::new();
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
        .partition(|(_, cases)| all(cases, Outcome::Skipped) || all(cases, Outcome::NotJudged));
    let (quiet, telling): (Vec<_>, Vec<_>) = groups
        .into_iter()
        .partition(|(_, cases)| all(cases, Outcome::Pass));
    let shown = if quiet.len() > MOST_PASSING {
        0
    } else {
        quiet.len()
    };
    let names = telling.iter().chain(&quiet[..shown]);
    let width = names.map(|(name, _)| line(name).chars().count()).max();
    let width = width.unwrap_or_default().max("operation".len());
    _ = writeln!(text, "  {:width$}  cases  verdict", "operation");
    let mut budget = DETAILED.1;
    for (name, cases) in telling.iter().chain(&quiet[..shown]) {
        let words = [
            Outcome::Fail,
            Outcome::Known,
            Outcome::NotJudged,
            Outcome::Pass,
            Outcome::Skipped,
        ]
        .map(|outcome| {
            let number = cases.iter().filter(|case| case.outcome == outcome).count();
            match number {
                0 => String::new(),
                number if number == cases.len() => word(outcome),
                number => format!("{number} {}", word(outcome)),
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
        told(text, cases, &mut budget);
    }
    if let Some(rest) = quiet.len().checked_sub(shown).filter(|rest| *rest > 0) {
        let cases = quiet[shown..].iter().map(|(_, cases)| cases.len());
        _ = writeln!(
            text,
            "  {} with {}: {}",
            count(rest, "operation"),
            count(cases.sum(), "case"),
            word(Outcome::Pass)
        );
    }
    reasons(text, &unjudged);
    findings(text, &section.cases);
    true
}

fn all(cases: &[&Case], outcome: Outcome) -> bool {
    cases.iter().all(|case| case.outcome == outcome)
}

/// The cases of an operation that failed, known ones last, as far as the budget goes.
fn told(text: &mut String, cases: &[&Case], budget: &mut usize) {
    let mut telling: Vec<&Case> = cases.to_vec();
    telling.retain(|case| !case.faults.is_empty());
    telling.sort_by_key(|case| case.outcome == Outcome::Known);
    let shown = telling.len().min(DETAILED.0).min(*budget);
    *budget -= shown;
    for case in &telling[..shown] {
        let outcome = case.outcome;
        _ = writeln!(text, "      {}  {}", word(outcome), line(&case.case));
        details(text, case, "          ");
    }
    match telling.len() - shown {
        0 => {}
        rest => _ = writeln!(text, "      … and {} like these", count(rest, "case")),
    }
}

/// The operations that were skipped or not judged, by the reason.
fn reasons(text: &mut String, unjudged: &[(&str, Vec<&Case>)]) {
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

/// The findings, each once, the most frequent first.
fn findings(text: &mut String, cases: &[Case]) {
    let mut findings: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for case in cases {
        for finding in &case.findings {
            findings.entry(finding).or_default().insert(&case.operation);
        }
    }
    let mut findings: Vec<_> = findings.into_iter().collect();
    findings.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    for (finding, names) in findings.iter().take(MOST_FINDINGS) {
        let number = count(names.len(), "operation");
        _ = writeln!(text, "  finding: {}, {number}", line(finding));
        _ = writeln!(text, "      {}", some(names));
    }
    if let Some(rest @ 1..) = findings.len().checked_sub(MOST_FINDINGS) {
        _ = writeln!(text, "  … and {}", count(rest, "other finding"));
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

/// The faults and findings of a case; whether some were left out.
fn details(text: &mut String, case: &Case, indent: &str) -> bool {
    let findings = case
        .findings
        .iter()
        .map(|finding| format!("finding: {finding}"));
    let told: Vec<String> = case.faults.iter().cloned().chain(findings).collect();
    for fact in told.iter().take(MOST_FAULTS) {
        _ = writeln!(text, "{indent}{}", line(fact));
    }
    let rest = told.len().saturating_sub(MOST_FAULTS);
    if rest > 0 {
        _ = writeln!(text, "{indent}… and {rest} more");
    }
    rest > 0
}

/// What came of a case, with the reason why it says nothing, if it does not.
fn judgement(case: &Case) -> String {
    let word = word(case.outcome);
    match (&case.reason, case.outcome) {
        (Some(reason), Outcome::NotJudged | Outcome::Skipped) => {
            format!("{word}, {}", line(reason))
        }
        _ => word,
    }
}

fn style(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Pass => AnsiColor::Green.on_default(),
        Outcome::Fail => AnsiColor::Red.on_default().bold(),
        Outcome::Known => AnsiColor::Magenta.on_default(),
        Outcome::NotJudged => AnsiColor::Yellow.on_default(),
        Outcome::Skipped => AnsiColor::Cyan.on_default(),
    }
}

fn word(outcome: Outcome) -> String {
    let word = match outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "FAIL",
        Outcome::Known => "known",
        Outcome::NotJudged => "not judged",
        Outcome::Skipped => "skipped",
    };
    let style = style(outcome);
    format!("{style}{word}{style:#}")
}
