//! Runs cases against any server that claims a spec: its responses are checked, and whether it refuses what breaks the
//! spec.
//!
//! The requests are those of the real clients: each is captured first, then sent as it is. So what a client makes of a
//! response does not hide what the server sent.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};

use crate::api::Api;
use crate::cases::{Case, Expected};
use crate::check::{CaseResult, response};
use crate::contract::{Contract, Operation, security};
use crate::run::clients;
use crate::run::exchange::Exchange;
use crate::run::probes::{self, Success};
use crate::wire::Request;

/// How long a response may take, if nothing else is set.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The expectation of a correct request.
const FOLLOWS: &str = "the response follows the spec";

/// The expectation of a probe.
const REFUSES: &str = "the server refuses what breaks the spec";

/// How many requests are sent at a time.
const CONCURRENCY: usize = 4;

/// After so many requests without a response in a row, no more are sent: each would take as long as the timeout.
const MOST_UNANSWERED: usize = 3;

/// What a run may do. The default allows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allowed {
    /// Send operations that write.
    pub writes: bool,
    /// Send credentials over plain http to another machine.
    pub plain_http: bool,
}

/// A server to be judged.
#[derive(Clone, Debug)]
pub struct TargetServer {
    allowed: Allowed,
    exchange: Exchange,
}

/// A request to the server.
struct Prepared {
    /// The index of the operation.
    operation: usize,
    case: String,
    request: Request,
    /// Of a probe: what a success means.
    probe: Option<Success>,
}

impl TargetServer {
    /// A server at a base URL: https, or http on this machine.
    ///
    /// # Errors
    ///
    /// The URL is not http or https, or plain http to another machine without permission, or contains credentials or a
    /// query; or no HTTP client can be built.
    pub fn new(url: &str, allowed: Allowed) -> Result<Self, String> {
        Ok(Self {
            allowed,
            exchange: Exchange::new(url, allowed.plain_http, TIMEOUT)?,
        })
    }

    /// Sets how long a response may take, to its end.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.exchange = self.exchange.timeout(timeout);
        self
    }

    /// Sends the requests of the cases of an API and checks the responses. Cases of responses are left out.
    ///
    /// # Errors
    ///
    /// The client cannot be built.
    pub async fn run(&self, api: &Api, cases: &[Case]) -> Result<Vec<CaseResult>, String> {
        let contract = &api.contract;
        let (requests, mut results) = self.prepare(api, cases).await?;
        // A refusal of a probe says something only if the correct request has a success.
        let mut probes = Vec::new();
        for (result, sent) in self.send(contract, requests).await {
            if result.reply.status / 100 == 2 && sent.case == "request: minimal" {
                let operation = &contract.operations[sent.operation];
                let found = probes::probes(contract, operation, &sent.request);
                probes.extend(found.into_iter().map(|probe| Prepared {
                    operation: sent.operation,
                    case: probe.name,
                    request: probe.request,
                    probe: Some(probe.success),
                }));
            }
            results.push(result);
        }
        let probed = self.send(contract, probes).await;
        results.extend(probed.into_iter().map(|(result, _)| result));
        Ok(results)
    }

    /// The requests that the real client sends, as they are on the wire; and results for what cannot be sent.
    async fn prepare(
        &self,
        api: &Api,
        cases: &[Case],
    ) -> Result<(Vec<Prepared>, Vec<CaseResult>), String> {
        let mut results: Vec<CaseResult> = Vec::new();
        let mut sent = Vec::new();
        let of_requests = |case: &&Case| matches!(case.expected, Expected::Sent);
        for case in cases.iter().filter(of_requests) {
            let operation = api.contract.operation(&case.operation);
            match operation.and_then(|operation| self.reason_to_skip(api, operation)) {
                None => sent.push(case.clone()),
                // One result says it for all cases of the operation.
                Some(_)
                    if results
                        .iter()
                        .any(|known| known.operation == case.operation) => {}
                Some(reason) => {
                    let mut result = CaseResult::new(&case.operation, "every case", FOLLOWS);
                    result.not_judged = Some(reason);
                    results.push(result);
                }
            }
        }
        let captured = clients::run(api, &sent, &|| {}).await;
        let mut requests = Vec::new();
        for mut result in captured.map_err(|error| error.to_string())? {
            let mut operations = api.contract.operations.iter();
            let operation = operations.position(|known| known.id == result.operation);
            match operation.zip(result.request.take()) {
                Some((operation, request)) => requests.push(Prepared {
                    operation,
                    case: result.case,
                    request,
                    probe: None,
                }),
                None => results.push(result),
            }
        }
        Ok((requests, results))
    }

    /// Why an operation is not sent, if it is not.
    fn reason_to_skip(&self, api: &Api, operation: &Operation) -> Option<String> {
        let is_read = ["GET", "HEAD"].contains(&operation.method.as_str());
        if !is_read && !self.allowed.writes {
            return Some("not sent: it writes, which needs --include-writes".to_owned());
        }
        let mut requirements = operation.security.iter();
        let has_all = requirements.any(|requirement| requirement.schemes.iter().all(api.holds));
        if !operation.needs_credentials() || has_all {
            return None;
        }
        let wanted = security::any_of(&operation.security);
        Some(format!(
            "not sent: it needs {wanted}, which the environment does not have"
        ))
    }

    /// Sends requests and checks the responses, in the order of the requests.
    async fn send(
        &self,
        contract: &Contract,
        requests: Vec<Prepared>,
    ) -> Vec<(CaseResult, Prepared)> {
        let unanswered = AtomicUsize::new(0);
        stream::iter(requests)
            .map(|prepared| {
                let unanswered = &unanswered;
                async move {
                    let operation = &contract.operations[prepared.operation];
                    let result = self.result(operation, &prepared, unanswered).await;
                    (result, prepared)
                }
            })
            .buffered(CONCURRENCY)
            .collect()
            .await
    }

    async fn result(
        &self,
        operation: &Operation,
        prepared: &Prepared,
        unanswered: &AtomicUsize,
    ) -> CaseResult {
        let expected = prepared.probe.map_or(FOLLOWS, |_| REFUSES);
        let mut result = CaseResult::new(&operation.id, &prepared.case, expected);
        result.request = Some(prepared.request.clone());
        if unanswered.load(Ordering::Relaxed) >= MOST_UNANSWERED {
            let failure = "not sent: the target does not respond";
            result.failures.push(failure.to_owned());
            return result;
        }
        match self.exchange.send(&prepared.request).await {
            Ok(reply) => {
                unanswered.store(0, Ordering::Relaxed);
                match prepared.probe {
                    None => response::check(operation, &reply, &mut result),
                    Some(success) => probes::check(success, &reply, &mut result),
                }
                result.reply = reply;
            }
            Err(reason) => {
                unanswered.fetch_add(1, Ordering::Relaxed);
                result.failures.push(reason);
            }
        }
        result
    }
}
