//! Runs cases against any server that claims a spec: its responses are checked, and whether it refuses what breaks the
//! spec.
//!
//! The requests are those of the real clients: each is captured first, then sent as it is. So what a client makes of a
//! response does not hide what the server sent.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _};

use crate::api::Api;
use crate::cases::{Case, Expected, Selection};
use crate::check::response::{self, Readings};
use crate::check::{CaseResult, WarningKind};
use crate::contract::{Contract, Operation, security};
use crate::run::clients;
use crate::run::exchange::{Exchange, NoReply};
use crate::run::patience::Patience;
use crate::run::probes::{self, Success};
use crate::wire::{Reply, Request};

/// How long a response may take, if nothing else is set.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The expectation of a correct request.
const FOLLOWS: &str = "the response follows the spec";

/// The expectation of a probe.
const REFUSES: &str = "the server refuses what breaks the spec";

/// How many requests are sent at a time.
const CONCURRENCY: usize = 4;

/// The longest time that a server can ask to wait with 429, if nothing else is set.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The case whose request the probes are made from, if it has a success.
const MINIMAL: &str = "request: minimal";

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
    longest_wait: Duration,
    fail_fast: bool,
    selection: Selection,
}

/// A request to the server.
#[derive(Clone)]
struct Prepared {
    /// The index of the operation.
    operation: usize,
    /// The case whose request it is, or is made from.
    origin: usize,
    case: String,
    request: Request,
    /// Of a probe: what a success means.
    probe: Option<Success>,
}

/// What one run knows.
struct Run<'a> {
    contract: &'a Contract,
    published: Contract,
    patience: Patience,
    /// Requests in a row without a response.
    unanswered: AtomicUsize,
    /// Whether nothing listens.
    is_absent: AtomicBool,
    /// Set when nothing more is to be sent.
    is_stopped: AtomicBool,
}

impl Run<'_> {
    fn readings(&self, operation: usize) -> Readings<'_> {
        let corrected = &self.contract.operations[operation];
        Readings {
            published: self.published.operation(&corrected.id).unwrap_or(corrected),
            corrected,
        }
    }
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
            longest_wait: LONGEST_WAIT,
            fail_fast: false,
            selection: Selection::default(),
        })
    }

    /// Sets how long a response may take, to its end.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.exchange = self.exchange.timeout(timeout);
        self
    }

    /// Sets the longest time that the server can ask to wait, with 429, before a request is sent again.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// Sends nothing more after the first failure.
    #[must_use]
    pub fn fail_fast(mut self, fail_fast: bool) -> Self {
        self.fail_fast = fail_fast;
        self
    }

    /// Sets which cases and probes are of interest; all of them, if nothing is set.
    #[must_use]
    pub fn selection(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// Sends the requests of the cases of an API and checks the responses. Cases of responses are left out.
    ///
    /// # Errors
    ///
    /// The client cannot be built, or the published spec cannot be read.
    pub async fn run(&self, api: &Api, cases: &[Case]) -> Result<Vec<CaseResult>, String> {
        let selection = &self.selection;
        let run = Run {
            contract: &api.contract,
            published: api.published()?,
            patience: Patience::new(self.longest_wait),
            unanswered: AtomicUsize::new(0),
            is_absent: AtomicBool::new(false),
            is_stopped: AtomicBool::new(false),
        };
        let (requests, mut results) = self.prepare(api, cases).await?;
        let sent = self.send(&run, requests).await;
        let mut not_probed = Vec::new();
        let probes = probes_of(&run, &sent, selection, &mut not_probed);
        let mut exchanges = sent;
        exchanges.extend(self.send(&run, probes).await);
        read_by_client(api, cases, &mut exchanges).await?;
        let chosen = exchanges.into_iter().filter(|(_, sent)| {
            let operation = &run.contract.operations[sent.operation];
            selection.has(operation, &sent.case)
        });
        results.extend(chosen.map(|(result, _)| result));
        results.extend(not_probed);
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
        let mut origins = Vec::new();
        let of_requests = |(_, case): &(usize, &Case)| matches!(case.expected, Expected::Sent);
        for (index, case) in cases.iter().enumerate().filter(of_requests) {
            let Some(operation) = api.contract.operation(&case.operation) else {
                continue;
            };
            // Probes are made from the minimal request.
            let is_needed = case.name == MINIMAL && self.selection.has_operation(operation);
            if !is_needed && !self.selection.has(operation, &case.name) {
                continue;
            }
            match self.reason_to_skip(api, operation) {
                None => {
                    sent.push(case.clone());
                    origins.push(index);
                }
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
        let captured = clients::run(api, &sent, &|_| true).await;
        let captured = captured.map_err(|error| error.to_string())?;
        let mut requests = Vec::new();
        for (mut result, origin) in captured.into_iter().zip(origins) {
            let mut operations = api.contract.operations.iter();
            let operation = operations.position(|known| known.id == result.operation);
            match operation.zip(result.request.take()) {
                Some((operation, request)) => requests.push(Prepared {
                    operation,
                    origin,
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
    async fn send(&self, run: &Run<'_>, requests: Vec<Prepared>) -> Vec<(CaseResult, Prepared)> {
        let exchanges = stream::iter(requests).map(|prepared| async move {
            if run.is_stopped.load(Ordering::Relaxed) {
                return None;
            }
            let result = self.result(run, &prepared).await;
            if self.fail_fast && !result.failures.is_empty() {
                run.is_stopped.store(true, Ordering::Relaxed);
            }
            Some((result, prepared))
        });
        let exchanges = exchanges.buffered(CONCURRENCY);
        exchanges
            .filter_map(|found| async move { found })
            .collect()
            .await
    }

    async fn result(&self, run: &Run<'_>, prepared: &Prepared) -> CaseResult {
        let readings = run.readings(prepared.operation);
        let expected = prepared.probe.map_or(FOLLOWS, |_| REFUSES);
        let mut result = CaseResult::new(&readings.corrected.id, &prepared.case, expected);
        result.request = Some(prepared.request.clone());
        if run.unanswered.load(Ordering::Relaxed) >= MOST_UNANSWERED {
            let reason = "not sent: the target does not respond".to_owned();
            match run.is_absent.load(Ordering::Relaxed) {
                true => result.not_judged = Some(reason),
                false => result.failures.push(reason),
            }
            return result;
        }
        let start = Instant::now();
        let reply = run.patience.send(&self.exchange, &prepared.request).await;
        result.time = start.elapsed();
        match reply {
            Ok(reply) => {
                run.unanswered.store(0, Ordering::Relaxed);
                match prepared.probe {
                    None => {
                        encoding(&reply, &mut result);
                        response::check(readings, &reply, &mut result);
                    }
                    Some(success) => {
                        // It is sent only if the operation has one.
                        result.succeeded = true;
                        probes::check(success, &reply, &mut result);
                    }
                }
                result.reply = reply;
            }
            Err(reason) => {
                run.unanswered.fetch_add(1, Ordering::Relaxed);
                let is_absent = matches!(reason, NoReply::NotConnected(_));
                run.is_absent.store(is_absent, Ordering::Relaxed);
                match reason {
                    NoReply::NotConnected(reason) => result.not_judged = Some(reason),
                    NoReply::Broken(reason) => result.failures.push(reason),
                }
            }
        }
        result
    }
}

/// Warns of an encoding: the requests ask for none.
fn encoding(reply: &Reply, result: &mut CaseResult) {
    let mut encodings = reply.header("content-encoding");
    if encodings.any(|encoding| !encoding.trim().eq_ignore_ascii_case("identity")) {
        let message = "the body is encoded, which was not asked for";
        let warning = WarningKind::ContentEncoding.warning(message);
        result.warnings.push(warning);
    }
}

/// The probes of each operation, made from a request that had a success. For operations without one, results say that
/// their probes were not sent: a refusal of a probe would say nothing.
fn probes_of(
    run: &Run<'_>,
    sent: &[(CaseResult, Prepared)],
    selection: &Selection,
    not_probed: &mut Vec<CaseResult>,
) -> Vec<Prepared> {
    let mut probes = Vec::new();
    for (index, operation) in run.contract.operations.iter().enumerate() {
        let mut own: Vec<_> = sent
            .iter()
            .filter(|(_, sent)| sent.operation == index)
            .collect();
        own.sort_by_key(|(_, sent)| sent.case != MINIMAL);
        let good = own
            .iter()
            .find(|(result, _)| result.reply.status / 100 == 2);
        let Some((result, base)) = good.or(own.first()) else {
            continue;
        };
        for probe in probes::probes(run.contract, run.readings(index), &base.request) {
            if !selection.has(operation, &probe.name) {
                continue;
            }
            if good.is_some() {
                probes.push(Prepared {
                    case: probe.name,
                    request: probe.request,
                    probe: Some(probe.success),
                    ..base.clone()
                });
                continue;
            }
            let why = match result.reply.status {
                0 => "no request of the operation has a response".to_owned(),
                status => format!("the operation itself was refused with {status}"),
            };
            let mut result = CaseResult::new(&operation.id, &probe.name, REFUSES);
            result.not_judged = Some(format!("not probed: {why}"));
            not_probed.push(result);
        }
    }
    probes
}

/// Has the generated client read each success, as it came from the server.
async fn read_by_client(
    api: &Api,
    cases: &[Case],
    exchanges: &mut [(CaseResult, Prepared)],
) -> Result<(), String> {
    let is_of_interest = |(result, sent): &&mut (CaseResult, Prepared)| {
        sent.probe.is_none()
            && result.succeeded
            && result.failures.is_empty()
            && result.reply.status / 100 == 2
            && sent.request.method != "HEAD"
    };
    let mut exchanges: Vec<_> = exchanges.iter_mut().filter(is_of_interest).collect();
    let read = exchanges.iter().map(|(result, sent)| {
        let mut reply = result.reply.clone();
        // The other headers are about the connection, and about an encoding that is decoded already.
        reply.headers.retain(|(name, _)| name == "content-type");
        Case {
            reply,
            expected: Expected::Read,
            ..cases[sent.origin].clone()
        }
    });
    let read: Vec<Case> = read.collect();
    let outcomes = clients::run(api, &read, &|_| true).await;
    let outcomes = outcomes.map_err(|error| error.to_string())?;
    for ((result, _), outcome) in exchanges.iter_mut().zip(outcomes) {
        let mut warnings = result.warnings.iter();
        let is_explained = warnings.any(|warning| warning.kind == WarningKind::Correction);
        for failure in outcome.failures {
            // The client is made from the corrected spec.
            match is_explained {
                true => {
                    let warning = WarningKind::Correction.warning(failure);
                    result.warnings.push(warning);
                }
                false => result.failures.push(failure),
            }
        }
    }
    Ok(())
}
