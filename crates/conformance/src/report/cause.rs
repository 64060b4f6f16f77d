//! Failures by their cause: thousands of cases may fail for one reason.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use crate::check::Verdict;
use crate::report::case::CaseReport;

/// A place in a body, which differs from operation to operation, in quotes.
static PLACE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("`/[^`]*`").expect("a constant that is a regular expression"));

/// A cause of failures.
#[derive(Clone, Debug, Serialize)]
pub struct Cause {
    /// What the failures have in common: their text, without places in bodies.
    pub cause: String,
    /// The failure of the first case.
    pub example: String,
    /// How many cases have it.
    pub cases: usize,
    /// The operations of these cases.
    pub operations: BTreeSet<String>,
}

/// The causes of the failures, the most frequent first.
pub fn causes(cases: &[CaseReport]) -> Vec<Cause> {
    let mut causes: Vec<Cause> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for case in cases.iter().filter(|case| case.verdict == Verdict::Fail) {
        let mut own = BTreeSet::new();
        for failure in &case.failures {
            let cause = PLACE.replace_all(failure, "`…`").into_owned();
            if !own.insert(cause.clone()) {
                continue;
            }
            let place = *places.entry(cause.clone()).or_insert_with(|| {
                causes.push(Cause {
                    cause,
                    example: failure.clone(),
                    cases: 0,
                    operations: BTreeSet::new(),
                });
                causes.len() - 1
            });
            causes[place].cases += 1;
            causes[place].operations.insert(case.operation.clone());
        }
    }
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.cases));
    causes
}
