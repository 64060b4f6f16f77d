//! `report.json`: everything that is known of a run.
//!
//! Its schema stands in `docs/report.md`. `schema_version` rises when a field changes its meaning or goes; new fields
//! may come without.

use serde::Serialize;
use serde_json::Value;

use crate::report::coverage::Coverage;
use crate::report::{Case, Outcome, Section};

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
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    totals: Totals,
    coverage: &'a Coverage,
    cases: &'a [Case],
}

#[derive(Serialize)]
struct Totals {
    cases: usize,
    passed: usize,
    failed: usize,
    known: usize,
    not_judged: usize,
    skipped: usize,
    findings: usize,
}

/// The report as JSON.
pub fn report(sections: &[Section]) -> String {
    // Texts, numbers and lists have a JSON form.
    serde_json::to_string_pretty(&Report::of(sections)).unwrap_or_default()
}

/// The report as a value.
pub(super) fn value(sections: &[Section]) -> Value {
    serde_json::to_value(Report::of(sections)).unwrap_or_default()
}

impl<'a> Report<'a> {
    fn of(sections: &'a [Section]) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            passed: sections.iter().all(Section::passed),
            apis: sections.iter().map(api).collect(),
        }
    }
}

fn api(section: &Section) -> Api<'_> {
    Api {
        api: &section.api,
        title: &section.title,
        seed: section.seed,
        totals: Totals {
            cases: section.cases.len(),
            passed: section.count(Outcome::Pass),
            failed: section.failed(),
            known: section.count(Outcome::Known),
            not_judged: section.count(Outcome::NotJudged),
            skipped: section.count(Outcome::Skipped),
            findings: section.findings(),
        },
        coverage: &section.coverage,
        cases: &section.cases,
    }
}
