//! What came of a case.

use std::time::Duration;

use serde::Serialize;

use crate::check::warning::Warning;
use crate::wire::{Reply, Request};

/// What came of a case.
#[derive(Clone, Debug)]
pub struct CaseResult {
    /// The `operationId`.
    pub operation: String,
    /// The case's name.
    pub case: String,
    /// What must result, in words.
    pub expected: String,
    /// What contradicts the spec.
    pub failures: Vec<String>,
    /// What falls short of good practice, or goes beyond the spec.
    pub warnings: Vec<Warning>,
    /// Why it is expected to fail, if it is.
    pub expected_failure: Option<String>,
    /// Why nothing can be said about it, if nothing can: it was refused or not sent.
    pub not_judged: Option<String>,
    /// Why it need not be judged, if `conformance.toml` or `--allow` says so.
    pub allowed: Option<String>,
    /// Whether a server answered a correct request of the operation with a success that the spec documents.
    pub succeeded: bool,
    /// The request, if one was sent.
    pub request: Option<Request>,
    /// The response to it.
    pub reply: Reply,
    /// How long the case took.
    pub time: Duration,
}

/// What came of a case, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It contradicts the spec.
    Fail,
    /// It contradicts the spec, as `conformance.toml` says.
    ExpectedFailure,
    /// It follows the spec, and falls short of good practice or goes beyond the spec.
    Warning,
    /// It was refused or not sent.
    NotJudged,
    /// It follows the spec.
    Pass,
}

impl Verdict {
    /// All verdicts, the worst first.
    pub const ALL: [Self; 5] = [
        Self::Fail,
        Self::ExpectedFailure,
        Self::Warning,
        Self::NotJudged,
        Self::Pass,
    ];
}

impl CaseResult {
    /// The result of a case of which only the expectation is known so far.
    pub fn new(operation: &str, case: &str, expected: &str) -> Self {
        Self {
            operation: operation.to_owned(),
            case: case.to_owned(),
            expected: expected.to_owned(),
            failures: Vec::new(),
            warnings: Vec::new(),
            expected_failure: None,
            not_judged: None,
            allowed: None,
            succeeded: false,
            request: None,
            reply: Reply::empty(0),
            time: Duration::ZERO,
        }
    }

    /// Whether it does not fail, or is expected to.
    pub fn passed(&self) -> bool {
        self.verdict() != Verdict::Fail
    }

    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        match (self.failures.is_empty(), &self.expected_failure) {
            (false, None) => Verdict::Fail,
            (false, Some(_)) => Verdict::ExpectedFailure,
            _ if self.not_judged.is_some() => Verdict::NotJudged,
            _ if self.warnings.is_empty() => Verdict::Pass,
            _ => Verdict::Warning,
        }
    }
}
