//! The result of a case, as reports show it.

use std::time::Duration;

use serde::Serialize;

use crate::check::{CaseResult, Verdict, WarningKind};
use crate::contract::Contract;
use crate::report::curl;
use crate::report::mask::{self, Hidden, Mask};

/// The result of a case, as reports show it: its texts contain no secret.
#[derive(Clone, Debug, Serialize)]
pub struct CaseReport {
    /// The `operationId`.
    pub operation: String,
    /// The case's name.
    pub case: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What must result.
    pub expected: String,
    /// What contradicts the spec.
    pub failures: Vec<String>,
    /// What falls short of good practice, or goes beyond the spec.
    pub warnings: Vec<String>,
    /// The kind of each warning.
    pub warning_kinds: Vec<WarningKind>,
    /// Why it is expected to fail, or was not judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The request, if one was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The response, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    /// The command that sends the request again, with credentials from the environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curl: Option<String>,
    /// The status of the response, if there was one.
    #[serde(skip)]
    pub status: Option<u16>,
    /// Whether a server answered a correct request with a success that the spec documents.
    #[serde(skip)]
    pub succeeded: bool,
    /// Whether it need not be judged.
    #[serde(skip)]
    pub is_allowed: bool,
    /// How long it took.
    #[serde(rename = "time_ms", serialize_with = "milliseconds")]
    pub time: Duration,
}

fn milliseconds<S: serde::Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

impl CaseReport {
    /// Shows a result without its secrets. The `curl` command sends to a base URL; the response is given as the mask
    /// shows it.
    pub(super) fn new(
        result: &CaseResult,
        contract: &Contract,
        base_url: &str,
        mask: &Mask,
        (response, hidden): &(String, Hidden),
    ) -> Self {
        let status = Some(result.reply.status).filter(|status| *status != 0);
        let status = status.filter(|_| result.request.is_some());
        let text = |text: &String| mask.text(text, hidden);
        let request = result.request.as_ref();
        let request = request.map(|request| mask.request(request));
        let reason = result.expected_failure.as_ref();
        // The names that the spec and the suite give are no secrets, and other parts of a report refer to them.
        let operation = contract.operation(&result.operation);
        Self {
            operation: result.operation.clone(),
            case: result.case.clone(),
            verdict: result.verdict(),
            expected: result.expected.clone(),
            failures: result.failures.iter().map(text).collect(),
            warnings: result
                .warnings
                .iter()
                .map(|warning| text(&warning.message))
                .collect(),
            warning_kinds: result.warnings.iter().map(|known| known.kind).collect(),
            reason: reason.or(result.not_judged.as_ref()).map(text),
            curl: operation
                .zip(request.as_ref())
                .map(|(operation, request)| curl::command(base_url, operation, request)),
            request: request.as_ref().map(mask::shown),
            response: status.map(|_| response.clone()),
            status,
            succeeded: result.succeeded,
            is_allowed: result.allowed.is_some(),
            time: result.time,
        }
    }
}
