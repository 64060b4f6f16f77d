//! `report.json`: everything that is known of a run.
//!
//! `schema_version` rises when a field changes its meaning or goes; new fields may come without. `apis` holds, for
//! each API: its `api` and `title`; `totals` with `cases`, `passed`, `failed`, `known` and `findings`; `coverage`
//! with a `reached`, a `total` and the `missed` of each kind; and `cases`, each with its `operation` and `case`,
//! `outcome` (`pass`, `fail` or `known`), what was `expected`, the `faults` and `findings` in words, the `reason` of a
//! known deviation, and `request`, `response` and a `curl` line with secrets masked.

use serde::Serialize;

use crate::coverage::Coverage;
use crate::curl;
use crate::report::{Outcome, Section};

/// The version of the report's schema.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    schema_version: u32,
    passed: bool,
    apis: Vec<Api<'a>>,
}

#[derive(Serialize)]
struct Api<'a> {
    api: &'a str,
    title: &'a str,
    totals: Totals,
    coverage: &'a Coverage,
    cases: Vec<Case<'a>>,
}

#[derive(Serialize)]
struct Totals {
    cases: usize,
    passed: usize,
    failed: usize,
    known: usize,
    findings: usize,
}

#[derive(Serialize)]
struct Case<'a> {
    operation: &'a str,
    case: &'a str,
    outcome: Outcome,
    expected: &'a str,
    faults: &'a [String],
    findings: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    curl: Option<String>,
}

/// The report as JSON.
pub fn report(sections: &[Section]) -> String {
    let report = Report {
        schema_version: SCHEMA_VERSION,
        passed: sections.iter().all(|section| section.failed() == 0),
        apis: sections.iter().map(api).collect(),
    };
    // Texts, numbers and lists have a JSON form.
    serde_json::to_string_pretty(&report).unwrap_or_default()
}

fn api(section: &Section) -> Api<'_> {
    let count = |outcome| {
        let verdicts = section.verdicts.iter();
        verdicts
            .filter(|verdict| Outcome::of(verdict) == outcome)
            .count()
    };
    Api {
        api: &section.api,
        title: &section.title,
        totals: Totals {
            cases: section.verdicts.len(),
            passed: count(Outcome::Pass),
            failed: count(Outcome::Fail),
            known: count(Outcome::Known),
            findings: section.findings(),
        },
        coverage: &section.coverage,
        cases: section
            .verdicts
            .iter()
            .map(|verdict| case(section, verdict))
            .collect(),
    }
}

fn case<'a>(section: &'a Section, verdict: &'a crate::runner::Verdict) -> Case<'a> {
    let operation = section.contract.operation(&verdict.operation);
    let curl = operation.zip(verdict.request.as_ref());
    let answered = verdict.request.is_some() && verdict.reply.status != 0;
    Case {
        operation: &verdict.operation,
        case: &verdict.case,
        outcome: Outcome::of(verdict),
        expected: &verdict.expected,
        faults: &verdict.faults,
        findings: &verdict.findings,
        reason: verdict.known.as_deref(),
        request: verdict.request.as_ref().map(|request| request.shown()),
        response: answered.then(|| verdict.reply.shown(&section.contract.secrets)),
        curl: curl.map(|(operation, request)| curl::line(&section.base_url, operation, request)),
    }
}
