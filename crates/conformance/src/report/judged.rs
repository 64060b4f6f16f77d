//! Which operations of a server were judged, and why the others were not.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Verdict;
use crate::report::case::CaseReport;
use crate::report::coverage::Count;

/// An operation without one judged success.
#[derive(Clone, Debug)]
pub struct Unjudged<'a> {
    /// Its `operationId`.
    pub operation: &'a str,
    /// Why, by its cases.
    pub reasons: String,
    /// Whether it need not be judged.
    pub is_allowed: bool,
}

/// The operations of these cases that were not judged, if a server was to be judged.
pub fn unjudged(cases: &[CaseReport]) -> Vec<Unjudged<'_>> {
    let mut operations: Vec<(&str, Vec<&CaseReport>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases {
        let place = *places.entry(&case.operation).or_insert(operations.len());
        if place == operations.len() {
            operations.push((&case.operation, Vec::new()));
        }
        operations[place].1.push(case);
    }
    operations.retain(|(_, cases)| {
        let is_judged = |case: &&CaseReport| {
            case.succeeded || matches!(case.verdict, Verdict::Fail | Verdict::ExpectedFailure)
        };
        !cases.iter().any(is_judged)
    });
    let unjudged = operations.into_iter().map(|(operation, cases)| Unjudged {
        operation,
        reasons: reasons(&cases),
        is_allowed: cases.iter().all(|case| case.is_allowed),
    });
    unjudged.collect()
}

/// How many of the operations of these cases were judged.
pub fn count(cases: &[CaseReport], unjudged: &[Unjudged<'_>]) -> Count {
    let all: BTreeSet<&str> = cases.iter().map(|case| case.operation.as_str()).collect();
    Count {
        reached: all.len() - unjudged.len(),
        total: all.len(),
        missed: unjudged
            .iter()
            .map(|known| known.operation.to_owned())
            .collect(),
    }
}

/// The statuses of the responses, most frequent first; else the reason of the first case.
fn reasons(cases: &[&CaseReport]) -> String {
    let statuses = statuses(cases.iter().copied());
    match (statuses.is_empty(), cases.first()) {
        (true, Some(case)) => case.reason.clone().unwrap_or_default(),
        _ => responses(&statuses),
    }
}

/// How often each status was received.
pub fn statuses<'a>(cases: impl Iterator<Item = &'a CaseReport>) -> BTreeMap<u16, usize> {
    let mut statuses = BTreeMap::new();
    for status in cases.filter_map(|case| case.status) {
        *statuses.entry(status).or_default() += 1;
    }
    statuses
}

/// The statuses in words.
pub fn responses(statuses: &BTreeMap<u16, usize>) -> String {
    let words: Vec<String> = statuses
        .iter()
        .map(|(status, number)| format!("{number} × {status}"))
        .collect();
    words.join(", ")
}

/// The likely cause if no operation was judged.
pub fn likely_cause(statuses: &BTreeMap<u16, usize>, cases: &[CaseReport]) -> &'static str {
    let frequent = statuses.iter().max_by_key(|(_, number)| **number);
    let says = |words: &str| {
        let mut reasons = cases.iter().filter_map(|case| case.reason.as_ref());
        reasons.any(|reason| reason.contains(words))
    };
    match frequent {
        None if says("no connection") => {
            "nothing listens there: start the server, or check --target"
        }
        None if says("--include-writes") => "its operations write: send them with --include-writes",
        None => "no request was sent, or none has a response",
        Some((401 | 403, _)) => "check the credentials in the environment",
        Some((404 | 405, _)) => {
            "check the path prefix of --target, and give identifiers that the server knows with --value"
        }
        Some((406, _)) => "check whether the server knows this version of the API",
        Some((429, _)) => "the server limits the rate of calls: try again later",
        Some((300..=399, _)) => "check --target: the server redirects to another place",
        Some(_) => "check --target, the credentials in the environment, and --value",
    }
}
