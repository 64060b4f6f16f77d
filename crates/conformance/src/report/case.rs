//! What came of a case, as reports show it.

use serde::Serialize;

use crate::contract::Contract;
use crate::report::curl;
use crate::report::mask::{self, Mask};
use crate::run::clients::Verdict;

/// What came of a case, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It passed.
    Pass,
    /// It failed.
    Fail,
    /// It failed, as is known.
    Known,
    /// It was sent, and the answer says nothing about the spec.
    NotJudged,
    /// It was not tried.
    Skipped,
}

impl Outcome {
    /// What came of a case.
    pub fn of(verdict: &Verdict) -> Self {
        match (verdict.faults.is_empty(), &verdict.known) {
            (true, _) if verdict.skipped.is_some() => Self::Skipped,
            (true, _) if verdict.not_judged.is_some() => Self::NotJudged,
            (true, _) => Self::Pass,
            (false, Some(_)) => Self::Known,
            (false, None) => Self::Fail,
        }
    }
}

/// A verdict as reports show it: its texts hold no secret.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    /// The `operationId`.
    pub operation: String,
    /// The case's name.
    pub case: String,
    /// What came of it.
    pub outcome: Outcome,
    /// What must come of it.
    pub expected: String,
    /// What is wrong.
    pub faults: Vec<String>,
    /// What the spec does not know, which is no failure.
    pub findings: Vec<String>,
    /// Why it is expected to fail, was not judged or was not tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The request, if one was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The response, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    /// The line that repeats the request, without anybody's credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curl: Option<String>,
    /// The status that was answered, if any was.
    #[serde(skip)]
    pub status: Option<u16>,
    /// Whether a correct call was answered with a success that the spec documents.
    #[serde(skip)]
    pub succeeded: bool,
}

impl Case {
    /// Shows a verdict, without its secrets. The `curl` line leads to a base URL.
    pub(super) fn new(verdict: &Verdict, contract: &Contract, base_url: &str, mask: &Mask) -> Self {
        let status = Some(verdict.reply.status).filter(|status| *status != 0);
        let status = status.filter(|_| verdict.request.is_some());
        let (response, hidden) = mask.reply(&verdict.reply);
        let text = |text: &String| mask.text(text, &hidden);
        let request = verdict
            .request
            .as_ref()
            .map(|request| mask.request(request));
        // What the spec and the suite call things is no secret, and names them in other places as well.
        let operation = contract.operation(&verdict.operation);
        let reason = verdict.known.as_ref().or(verdict.skipped.as_ref());
        Self {
            operation: verdict.operation.clone(),
            case: verdict.case.clone(),
            outcome: Outcome::of(verdict),
            expected: verdict.expected.clone(),
            faults: verdict.faults.iter().map(text).collect(),
            findings: verdict.findings.iter().map(text).collect(),
            reason: reason.or(verdict.not_judged.as_ref()).map(text),
            curl: operation
                .zip(request.as_ref())
                .map(|(operation, request)| curl::line(base_url, operation, request)),
            request: request.as_ref().map(mask::shown),
            response: status.map(|_| response),
            status,
            succeeded: verdict.succeeded,
        }
    }
}
