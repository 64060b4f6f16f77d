//! Cases with random values: the same ones each time for a seed.

use client_core::Location;

use crate::cases::case::{Case, Expected, Given};
use crate::cases::random::{Random, Use};
use crate::cases::requests::{minimal, success};
use crate::contract::{Operation, Parameter};
use crate::wire::Reply;

/// How many requests, and how many responses of each documented success.
const INPUTS: usize = 5;

/// The cases of an operation. Each depends on the seed, the operation and its own number alone, so that it is the
/// same in every shard.
pub fn cases(operation: &Operation, seed: u64) -> Vec<Case> {
    let numbered = |what: &str| {
        let what = what.to_owned();
        (1..=INPUTS).map(move |number| format!("{what}: seed {seed}, input {number}"))
    };
    let case = |name: String, given: Given, reply: Reply, expected: Expected| Case {
        operation: operation.id.clone(),
        name,
        given,
        reply,
        expected,
    };
    let random = |name: &str| Random::new(seed, &[&operation.id, name]);
    let mut cases = Vec::new();
    for name in numbered("request") {
        let given = given(operation, &mut random(&name));
        cases.push(case(name, given, success(operation), Expected::Sent));
    }
    for response in operation.successes() {
        let content = response.content().filter(|content| content.is_json);
        let Some(content) = content else { continue };
        for name in numbered(&format!("response {}", response.status)) {
            let value = random(&name).value(&content.schema, Use::Response);
            let reply = Reply::json(response.code(), &content.media_type, &value);
            let expected = Expected::Answer { documented: false };
            cases.push(case(name, minimal(operation), reply, expected));
        }
    }
    cases
}

/// The required arguments, and some of the others.
fn given(operation: &Operation, random: &mut Random) -> Given {
    let purpose = |parameter: &Parameter| match parameter.location {
        Location::Header => Use::Header,
        Location::Path | Location::Query => Use::Parameter,
    };
    let mut given = minimal(operation);
    given.parameters.clear();
    for (index, parameter) in operation.parameters.iter().enumerate() {
        if parameter.fixed.is_none() && (parameter.required || random.boolean()) {
            let value = random.value(&parameter.schema, purpose(parameter));
            given.parameters.push((index, value));
        }
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.content.is_json)
        && (body.required || random.boolean())
    {
        given.body = Some(random.value(&body.content.schema, Use::Request));
    }
    given
}
