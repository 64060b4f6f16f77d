//! `report.json`: everything that is known of a run.
//!
//! `docs/report.md` has its schema. `schema_version` rises when a field is removed or changes its meaning; new fields
//! may be added without that.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use openapi::safe::is_unseen;
use serde::Serialize;
use serde_json::Value;

use crate::check::Verdict;
use crate::report::case::CaseReport;
use crate::report::cause::{Cause, causes};
use crate::report::coverage::{Count, Coverage};
use crate::report::section::Section;

/// The version of the report's schema.
const SCHEMA_VERSION: u32 = 2;

#[derive(Serialize)]
struct Report<'a> {
    schema_version: u32,
    passed: bool,
    /// The version of the suite.
    version: &'static str,
    /// When the run began, as in RFC 3339.
    started: Option<String>,
    /// How long it took.
    duration_ms: u64,
    apis: Vec<Api<'a>>,
}

#[derive(Serialize)]
struct Api<'a> {
    api: &'a str,
    title: &'a str,
    /// The server that was judged, if one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    spec: Spec<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    totals: Totals,
    judged: Count,
    causes: Vec<Cause>,
    coverage: &'a Coverage,
    cases: &'a [CaseReport],
}

#[derive(Serialize)]
struct Spec<'a> {
    version: &'a str,
    sha256: &'a str,
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
    escaped(serde_json::to_string_pretty(&Report::of(sections)).unwrap_or_default())
}

/// JSON in which every character can be seen; the texts in it stay the same.
pub(super) fn escaped(json: String) -> String {
    let is_hidden = |c: char| is_unseen(c) && c != '\n';
    if !json.contains(is_hidden) {
        return json;
    }
    let mut shown = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        match c {
            c if is_hidden(c) => _ = write!(shown, "\\u{:04x}", u32::from(c)),
            c => shown.push(c),
        }
    }
    shown
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
            version: env!("CARGO_PKG_VERSION"),
            started: sections
                .iter()
                .map(|section| section.started)
                .min()
                .map(|time| DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Secs, true)),
            duration_ms: sections
                .iter()
                .map(|section| u64::try_from(section.duration.as_millis()).unwrap_or(u64::MAX))
                .fold(0, u64::saturating_add),
            apis: sections.iter().map(api).collect(),
        }
    }
}

fn api(section: &Section) -> Api<'_> {
    Api {
        api: &section.api,
        title: &section.title,
        target: section.target.as_deref(),
        spec: Spec {
            version: &section.contract.version,
            sha256: &section.sha256,
        },
        seed: section.seed,
        totals: Totals {
            cases: section.cases.len(),
            pass: section.count(Verdict::Pass),
            fail: section.count(Verdict::Fail),
            expected_failure: section.count(Verdict::ExpectedFailure),
            warning: section.count(Verdict::Warning),
            not_judged: section.count(Verdict::NotJudged),
        },
        judged: section.judged(),
        causes: causes(&section.cases),
        coverage: &section.coverage,
        cases: &section.cases,
    }
}
