//! Runs cases against the clients: a call through the real client, to a server that captures its request.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use client_core::dispatch::Arguments;
use client_core::{Error, Location};
use futures_util::future::join_all;
use serde_json::{Map, Value};

use crate::api::{Api, Caller};
use crate::cases::{Case, Given};
use crate::check::{CaseResult, client_result, unfit};
use crate::contract::resolved_schema::Kind;
use crate::contract::{Operation, Parameter};
use crate::run::capture::Capture;

/// How many cases run at a time.
const LANES: usize = 2;

/// Runs the cases of an API and checks what comes of them; the results are in the order of the cases. `done` is called
/// after each, and says whether to go on.
///
/// # Errors
///
/// The client cannot be built.
pub async fn run(
    api: &Api,
    cases: &[Case],
    done: &(dyn Fn(&CaseResult) -> bool + Sync),
) -> Result<Vec<CaseResult>, Error> {
    let capture = Capture::start(LANES).await;
    let next = AtomicUsize::new(0);
    let is_stopped = AtomicBool::new(false);
    let results = Mutex::new(vec![None; cases.len()]);
    let clients = (0..LANES)
        .map(|lane| (api.connect)(&capture.url(lane)))
        .collect::<Result<Vec<_>, _>>()?;
    let lanes = clients.iter().enumerate().map(|(lane, client)| {
        let (capture, next, results, is_stopped) = (&capture, &next, &results, &is_stopped);
        async move {
            while !is_stopped.load(Ordering::Relaxed) {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(case) = cases.get(index) else { break };
                let start = Instant::now();
                let mut result = run_case(api, case, &**client, capture, lane).await;
                result.time = start.elapsed();
                if !done(&result) {
                    is_stopped.store(true, Ordering::Relaxed);
                }
                results.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(result);
            }
        }
    });
    join_all(lanes).await;
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(results.into_iter().flatten().collect())
}

async fn run_case(
    api: &Api,
    case: &Case,
    client: &dyn Caller,
    capture: &Capture,
    lane: usize,
) -> CaseResult {
    let mut result = CaseResult::new(&case.operation, &case.name, &case.expected.to_string());
    if let Some(operation) = api.contract.operation(&case.operation) {
        result.warnings = unfit::warnings(operation, case);
        result.not_judged = unfit::reason(operation, case);
        if result.not_judged.is_some() || !result.warnings.is_empty() {
            return result;
        }
    }
    result.reply = case.reply.clone();
    match call(api, case, client, capture, lane, &mut result).await {
        Ok(failures) => result.failures = failures,
        Err(reason) => result.failures.push(reason),
    }
    result
}

/// What is wrong with a call; or why it cannot be made.
async fn call(
    api: &Api,
    case: &Case,
    client: &dyn Caller,
    capture: &Capture,
    lane: usize,
    result: &mut CaseResult,
) -> Result<Vec<String>, String> {
    let operation = api.contract.operation(&case.operation);
    let operation = operation.ok_or("the spec has no such operation")?;
    let arguments = arguments(api, operation, &case.given)?;
    capture.answer(lane, case.reply.clone());
    let call = client.call(&case.operation, &arguments);
    let returned = call.ok_or("the client has no such operation")?.await;
    let arrived = capture.take(lane);
    let failures = client_result::failures(operation, case, &arrived, returned);
    result.request = arrived.into_iter().next();
    Ok(failures)
}

/// The value that a client's method takes: a list or an untyped value for a path or header is given as its text.
fn argument(parameter: &Parameter, value: &Value) -> Value {
    let schema = parameter.schema.resolved();
    match (parameter.location, &schema.kind, value) {
        (Location::Query, ..) => value.clone(),
        (_, Kind::Array(_), Value::Array(items)) => {
            let items: Vec<String> = items.iter().map(text).collect();
            items.join(",").into()
        }
        (_, Kind::Any | Kind::Recursive, value) => text(value).into(),
        _ => value.clone(),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The arguments by the names that they have in the client's methods.
fn arguments(api: &Api, operation: &Operation, given: &Given) -> Result<Arguments, String> {
    let table = api.table.iter().find(|known| known.id == operation.id);
    let table = table.ok_or("the operations table has no such operation")?;
    let mut arguments = Map::new();
    for (index, value) in &given.parameters {
        let parameter = &operation.parameters[*index];
        let mut known = table.parameters.iter();
        let known = known
            .find(|known| known.name == parameter.name && known.location == parameter.location);
        let known = known
            .ok_or_else(|| format!("the operations table has no parameter `{}`", parameter.name))?;
        arguments.insert(known.argument.to_owned(), argument(parameter, value));
    }
    if let Some(body) = &given.body {
        arguments.insert("body".to_owned(), body.clone());
    }
    Ok(Arguments::new(arguments))
}
