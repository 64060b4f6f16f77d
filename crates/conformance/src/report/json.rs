//! `report.json`: everything that is known of a run.
//!
//! `docs/report.md` has its schema. `schema_version` rises when a field is removed or changes its meaning; new fields
//! may be added without that.

use serde::Serialize;
use serde_json::Value;

use crate::check::Verdict;
use crate::report::case::CaseReport;
use crate::report::coverage::Coverage;
use crate::report::section::Section;

/// The version of the report's schema.
const SCHEMA_VERSION: u32 = 2;

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
    cases: &'a [CaseReport],
}

#[derive(Serialize)]
struct Totals {
    cases: usize,
    pass: usize,
    fail: usize,
    expected_failure: usize,
    warning: usize,
    not_judged: usize,
}

/// The report as JSON.
pub fn report(sections: &[Section]) -> String {
    // Texts, numbers and lists can always be written as JSON.
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
            pass: section.count(Verdict::Pass),
            fail: section.count(Verdict::Fail),
            expected_failure: section.count(Verdict::ExpectedFailure),
            warning: section.count(Verdict::Warning),
            not_judged: section.count(Verdict::NotJudged),
        },
        coverage: &section.coverage,
        cases: &section.cases,
    }
}
