//! More inputs than the spec shows: made from the schemas by chance, the same ones for a seed.

use crate::cases::random::{Chance, Use};
use crate::cases::requests::{minimal, success};
use crate::cases::{Case, Expected, Given};
use crate::contract::{Operation, Parameter, Place};
use crate::wire::Reply;

/// How many calls, and how many answers of each documented success.
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
    let chance = |name: &str| Chance::new(seed, &[&operation.id, name]);
    let mut cases = Vec::new();
    for name in numbered("request") {
        let given = given(operation, &mut chance(&name));
        cases.push(case(name, given, success(operation), Expected::Sent));
    }
    for response in operation.successes() {
        let content = response.content().filter(|content| content.is_json);
        let Some(content) = content else { continue };
        for name in numbered(&format!("response {}", response.status)) {
            let value = chance(&name).value(&content.schema, Use::Response);
            let reply = Reply::json(response.code(), &content.media_type, &value);
            let expected = Expected::Answer { documented: false };
            cases.push(case(name, minimal(operation), reply, expected));
        }
    }
    cases
}

/// What the operation requires, and some of what it does not.
fn given(operation: &Operation, chance: &mut Chance) -> Given {
    let purpose = |parameter: &Parameter| match parameter.place {
        Place::Header => Use::Header,
        Place::Path | Place::Query => Use::Parameter,
    };
    let mut given = minimal(operation);
    given.parameters.clear();
    for (index, parameter) in operation.parameters.iter().enumerate() {
        if parameter.fixed.is_none() && (parameter.required || chance.flips()) {
            let value = chance.value(&parameter.schema, purpose(parameter));
            given.parameters.push((index, value));
        }
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.content.is_json)
        && (body.required || chance.flips())
    {
        given.body = Some(chance.value(&body.content.schema, Use::Request));
    }
    given
}
