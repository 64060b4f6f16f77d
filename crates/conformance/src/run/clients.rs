//! Runs cases: a call through the real client, to a server that captures it, and a verdict on what came of it.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use client_core::dispatch::{Answer, AnswerBody, Arguments};
use client_core::{Error, Location};
use futures_util::future::join_all;
use serde_json::{Map, Value};

use crate::api::{Api, Caller};
use crate::cases::{Case, Expected, Given};
use crate::check::client_request as sent;
use crate::check::difference as lossless;
use crate::contract::{Operation, Parameter, Place};
use crate::run::capture::Capture;
use crate::wire::{Reply, Request};

/// How many cases run at a time.
const LANES: usize = 2;

/// What came of a case.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The `operationId`.
    pub operation: String,
    /// The case's name.
    pub case: String,
    /// What must come of it, in words.
    pub expected: String,
    /// What is wrong; empty: nothing, the case passed.
    pub faults: Vec<String>,
    /// What the spec does not know, which is no failure.
    pub findings: Vec<String>,
    /// Why it is expected to fail, if it is.
    pub known: Option<String>,
    /// Why it was not tried, if it was not.
    pub skipped: Option<String>,
    /// Why the answer says nothing about the spec, if it does not.
    pub not_judged: Option<String>,
    /// Whether a correct call was answered with a success that the spec documents.
    pub succeeded: bool,
    /// The request that arrived, if one did.
    pub request: Option<Request>,
    /// The answer it got.
    pub reply: Reply,
}

impl Verdict {
    /// The verdict on a case of which nothing is known yet, but what must come of it.
    pub fn new(operation: &str, case: &str, expected: &str) -> Self {
        Self {
            operation: operation.to_owned(),
            case: case.to_owned(),
            expected: expected.to_owned(),
            faults: Vec::new(),
            findings: Vec::new(),
            known: None,
            skipped: None,
            not_judged: None,
            succeeded: false,
            request: None,
            reply: Reply::empty(0),
        }
    }

    /// Whether the case did not fail, or as is known.
    pub fn passed(&self) -> bool {
        self.faults.is_empty() || self.known.is_some()
    }
}

/// Runs the cases of an API and judges them; the verdicts come in the order of the cases. `done` is called after each.
///
/// # Errors
///
/// The client cannot be built.
pub async fn run(
    api: &Api,
    cases: &[Case],
    done: &(dyn Fn() + Sync),
) -> Result<Vec<Verdict>, Error> {
    let capture = Capture::start(LANES).await;
    let next = AtomicUsize::new(0);
    let verdicts = Mutex::new(vec![None; cases.len()]);
    let clients = (0..LANES)
        .map(|lane| (api.connect)(&capture.url(lane)))
        .collect::<Result<Vec<_>, _>>()?;
    let lanes = clients.iter().enumerate().map(|(lane, client)| {
        let (capture, next, verdicts) = (&capture, &next, &verdicts);
        async move {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(case) = cases.get(index) else { break };
                let verdict = run_case(api, case, &**client, capture, lane).await;
                verdicts.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(verdict);
                done();
            }
        }
    });
    join_all(lanes).await;
    let verdicts = verdicts
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    Ok(verdicts.into_iter().flatten().collect())
}

async fn run_case(
    api: &Api,
    case: &Case,
    client: &dyn Caller,
    capture: &Capture,
    lane: usize,
) -> Verdict {
    let mut verdict = Verdict::new(&case.operation, &case.name, &case.expected.to_string());
    verdict.reply = case.reply.clone();
    let Some(operation) = api.contract.operation(&case.operation) else {
        verdict
            .faults
            .push("the spec has no such operation".to_owned());
        return verdict;
    };
    let arguments = match arguments(api, operation, &case.given) {
        Ok(arguments) => arguments,
        Err(fault) => {
            verdict.faults.push(fault);
            return verdict;
        }
    };
    capture.answer(lane, case.reply.clone());
    let outcome = match client.call(&case.operation, &arguments) {
        Some(call) => call.await,
        None => {
            verdict
                .faults
                .push("the client has no such operation".to_owned());
            return verdict;
        }
    };
    let arrived = capture.take(lane);
    verdict.faults = judge(operation, case, &arrived, outcome);
    verdict.request = arrived.into_iter().next();
    verdict
}

/// The arguments by the names that the client's methods give them.
fn arguments(api: &Api, operation: &Operation, given: &Given) -> Result<Arguments, String> {
    let table = api.table.iter().find(|known| known.id == operation.id);
    let table = table.ok_or("the operations table has no such operation")?;
    let mut arguments = Map::new();
    for (index, value) in &given.parameters {
        let parameter = &operation.parameters[*index];
        let known = table
            .parameters
            .iter()
            .find(|known| known.name == parameter.name && known.location == location(parameter));
        let known = known
            .ok_or_else(|| format!("the operations table has no parameter `{}`", parameter.name))?;
        arguments.insert(known.argument.to_owned(), value.clone());
    }
    if let Some(body) = &given.body {
        arguments.insert("body".to_owned(), body.clone());
    }
    Ok(Arguments::new(arguments))
}

fn location(parameter: &Parameter) -> Location {
    match parameter.place {
        Place::Path => Location::Path,
        Place::Query => Location::Query,
        Place::Header => Location::Header,
    }
}

fn judge(
    operation: &Operation,
    case: &Case,
    arrived: &[Request],
    outcome: Result<Answer, Error>,
) -> Vec<String> {
    if let Expected::Refused { parameter } = &case.expected {
        return refused(parameter, arrived, &outcome);
    }
    let request = match arrived {
        [request] => request,
        [] => {
            let reason = outcome
                .err()
                .map_or_else(String::new, |error| format!(": {error}"));
            return vec![format!("no request arrived{reason}")];
        }
        several => return vec![format!("{} requests arrived for one call", several.len())],
    };
    match &case.expected {
        Expected::Refused { .. } => Vec::new(),
        Expected::Sent => {
            let mut faults = sent::faults(operation, &case.given, request);
            if let Err(error) = outcome {
                faults.push(format!("the call failed: {error}"));
            }
            faults
        }
        Expected::Answer { documented } => match outcome {
            Ok(answer) => answered(operation, &case.reply, &answer, *documented),
            Err(error) => vec![format!("the call failed: {error}")],
        },
        Expected::Error { kind, message } => match outcome {
            Ok(_) => vec![format!("the call succeeded; it must fail with `{kind:?}`")],
            Err(error) => {
                let mut faults = Vec::new();
                if error.kind() != *kind {
                    faults.push(format!("the error is `{:?}`, not `{kind:?}`", error.kind()));
                }
                let status = error.status().map(|status| status.as_u16());
                if status != Some(case.reply.status) {
                    faults.push(format!(
                        "the error does not tell the status {}",
                        case.reply.status
                    ));
                }
                if message.is_some() && error.message() != *message {
                    faults.push("the error does not tell the server's message".to_owned());
                }
                faults
            }
        },
    }
}

fn refused(parameter: &str, arrived: &[Request], outcome: &Result<Answer, Error>) -> Vec<String> {
    if !arrived.is_empty() {
        return vec![format!("a request was sent with an unfit `{parameter}`")];
    }
    match outcome {
        Ok(_) => vec!["the call succeeded without a request".to_owned()],
        Err(error) if error.to_string().contains(&format!("`{parameter}`")) => Vec::new(),
        Err(error) => vec![format!("the error does not name `{parameter}`: {error}")],
    }
}

/// Whether the client gave back what the server sent.
fn answered(
    operation: &Operation,
    reply: &Reply,
    answer: &Answer,
    documented: bool,
) -> Vec<String> {
    let mut faults = Vec::new();
    if answer.status.as_u16() != reply.status {
        faults.push(format!(
            "the answer's status is {}, not {}",
            answer.status.as_u16(),
            reply.status
        ));
    }
    let content = operation
        .response(reply.status)
        .and_then(|response| response.content());
    match (content, &answer.body) {
        (_, AnswerBody::Bytes(bytes)) => {
            if *bytes != reply.body {
                faults.push("the answer's bytes are not those of the response".to_owned());
            }
        }
        (None, AnswerBody::Json(Value::Null)) => {}
        (None, _) => faults.push("the answer has a value, and the response no body".to_owned()),
        (Some(content), AnswerBody::Json(found)) => {
            let shape = content.schema.shape();
            let sent: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
            if documented {
                let misfits = content.schema.faults(&sent);
                faults.extend(
                    misfits
                        .iter()
                        .map(|fault| format!("the example breaks its schema at {fault}")),
                );
            }
            let differences =
                lossless::differences(&lossless::kept(shape, &sent), &lossless::kept(shape, found));
            faults.extend(
                differences
                    .iter()
                    .map(|difference| format!("response field {difference}")),
            );
            if *found != lossless::kept(shape, found) {
                faults.push(
                    "the answer has fields or nulls that the response's type does not have"
                        .to_owned(),
                );
            }
        }
        (Some(_), _) => faults.push("the answer is of an unknown kind".to_owned()),
    }
    faults
}
