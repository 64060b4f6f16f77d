//! Scenarios: lists of answers that operations give one after the other, for polling and flows of several calls.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::cases::reply;
use crate::contract::{Contract, Operation};
use crate::wire::Reply;

/// A scenario: answers by operation. `docs/mock.md` describes the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it plays.
    #[serde(default)]
    pub description: String,
    /// The answers of each operation, by `operationId`. The last one is repeated.
    pub operations: BTreeMap<String, Vec<Answer>>,
}

/// An answer of an operation.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The status; by default that of the first documented success.
    pub status: Option<u16>,
    /// The JSON of the body; by default the documented example.
    pub body: Option<Value>,
    /// The name of a documented example, instead of a body.
    pub example: Option<String>,
    /// More headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// How long the answer takes: `500ms`, or `2s`.
    #[serde(default)]
    pub delay: Delay,
    /// How many calls get it, before the next one.
    #[serde(default = "once")]
    pub times: u32,
    /// The answer before it is repeated until this operation has been called.
    pub after: Option<String>,
}

/// A time: `500ms`, or `2s`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Delay(pub Duration);

fn once() -> u32 {
    1
}

impl FromStr for Delay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let milliseconds = text.strip_suffix("ms").map(|number| (number, 1));
        let time = milliseconds.or_else(|| Some((text.strip_suffix('s')?, 1000)));
        let time = time.and_then(|(number, factor)| Some((number.trim().parse().ok()?, factor)));
        match time {
            Some((number, factor)) => {
                let number: u32 = number;
                Ok(Self(Duration::from_millis(u64::from(number) * factor)))
            }
            None => Err(format!("`{text}` is not a time: write `500ms` or `2s`")),
        }
    }
}

impl TryFrom<String> for Delay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl Scenario {
    /// Reads a scenario from a file, YAML or JSON.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is no scenario.
    pub fn of_file(path: &Path) -> Result<Self, String> {
        let document = openapi::Document::read(path).map_err(|error| error.to_string())?;
        let value = document.value().clone();
        serde_json::from_value(value).map_err(|error| format!("{}: {error}", document.name()))
    }
}

/// A scenario that is played.
pub(super) struct Play {
    /// By the index of the operation.
    steps: BTreeMap<usize, Vec<Step>>,
    state: Mutex<State>,
}

/// An answer, ready to be given.
struct Step {
    reply: Reply,
    delay: Duration,
    times: u32,
    /// The index of the operation that must have been called.
    after: Option<usize>,
}

#[derive(Default)]
struct State {
    /// How often each operation was called with success.
    calls: BTreeMap<usize, u32>,
    /// Where each operation is.
    at: BTreeMap<usize, Place>,
}

/// The step that an operation is at.
#[derive(Clone, Default)]
struct Place {
    step: usize,
    /// How often it was given.
    given: u32,
    /// How often the operation that the next step waits for had been called when this step was reached.
    before: u32,
}

impl Play {
    /// Prepares a scenario.
    ///
    /// # Errors
    ///
    /// It names operations, examples or statuses that the spec does not have, or a body breaks its schema.
    pub(super) fn new(scenario: &Scenario, contract: &Contract) -> Result<Self, String> {
        let index = |id: &str| {
            let mut operations = contract.operations.iter();
            operations
                .position(|operation| operation.id == id)
                .ok_or_else(|| {
                    format!("the scenario names `{id}`, which is no operation of the spec")
                })
        };
        let mut steps = BTreeMap::new();
        for (id, answers) in &scenario.operations {
            if answers.is_empty() {
                return Err(format!("the scenario has no answer of `{id}`"));
            }
            let operation = index(id)?;
            let mut of_operation = Vec::new();
            for (number, answer) in answers.iter().enumerate() {
                let wrong = |reason| format!("answer {} of `{id}`: {reason}", number + 1);
                of_operation.push(Step {
                    reply: answer
                        .reply(&contract.operations[operation])
                        .map_err(wrong)?,
                    delay: answer.delay.0,
                    times: answer.times.max(1),
                    after: answer.after.as_deref().map(index).transpose()?,
                });
            }
            steps.insert(operation, of_operation);
        }
        Ok(Self {
            steps,
            state: Mutex::default(),
        })
    }

    /// The answer to the next call of an operation, and how long it takes; `None` if the scenario has none.
    pub(super) fn next(&self, operation: usize) -> Option<(Reply, Duration)> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let found = self.steps.get(&operation).map(|steps| {
            let mut place = state.at.get(&operation).cloned().unwrap_or_default();
            let calls = |step: &Step| {
                let called = step.after.and_then(|after| state.calls.get(&after));
                called.copied().unwrap_or_default()
            };
            if let Some(next) = steps.get(place.step + 1) {
                let is_reached = next.after.is_none() || calls(next) > place.before;
                if place.given >= steps[place.step].times && is_reached {
                    let step = place.step + 1;
                    let before = steps.get(step + 1).map_or(0, calls);
                    place = Place {
                        step,
                        given: 0,
                        before,
                    };
                }
            }
            place.given = place.given.saturating_add(1);
            let step = &steps[place.step];
            state.at.insert(operation, place);
            (step.reply.clone(), step.delay)
        });
        let is_success = found
            .as_ref()
            .is_none_or(|(reply, _)| reply.status / 100 == 2);
        if is_success {
            *state.calls.entry(operation).or_default() += 1;
        }
        found
    }
}

impl Answer {
    /// The answer as it is sent. Refusals and errors need not be documented, as few are.
    fn reply(&self, operation: &Operation) -> Result<Reply, String> {
        let successes = operation.successes();
        let response = match self.status {
            None => successes.first().copied(),
            Some(status) => operation.response(status),
        };
        let Some(response) = response else {
            let status = self.status.unwrap_or(200);
            if status < 400 {
                return Err(format!("the spec documents no response {status}"));
            }
            let body = self.body.as_ref();
            let mut sent = Reply::empty(status);
            if let Some(body) = body {
                sent = Reply::json(status, "application/json", body);
            }
            return Ok(self.with_headers(sent));
        };
        let content = response.content();
        let examples = content.map_or(&[][..], |content| &content.examples);
        let example = match &self.example {
            None => None,
            Some(name) => {
                let found = examples.iter().find(|(known, _)| known == name);
                let found = found.map(|(_, value)| value);
                Some(found.ok_or_else(|| format!("the spec documents no example `{name}`"))?)
            }
        };
        if let (Some(body), Some(content)) = (&self.body, content)
            && let Some(error) = content.schema.errors(body).first()
        {
            return Err(format!("the body breaks the spec at {error}"));
        }
        let body = self.body.as_ref().or(example);
        Ok(self.with_headers(reply(response, content, self.status, body)))
    }

    fn with_headers(&self, mut reply: Reply) -> Reply {
        let headers = self.headers.iter();
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.clone()));
        reply.headers.extend(headers);
        reply
    }
}
