//! Values of path parameters that somebody gives, in place of those of the spec: identifiers that a server knows.

use std::str::FromStr;

use serde_json::{Value, json};

use crate::cases::Case;
use crate::cases::requests::argument;
use crate::cases::sample::fitted;
use crate::contract::{Contract, Parameter, Place};

/// The value of a path parameter, for every operation that has one of the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathValue {
    name: String,
    value: String,
}

impl FromStr for PathValue {
    type Err = String;

    /// Reads `NAME=VALUE`, such as `user_guid=USR-123`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() && !value.is_empty() => Ok(Self {
                name: name.to_owned(),
                value: value.to_owned(),
            }),
            _ => Err("a value is NAME=VALUE, such as user_guid=USR-123".to_owned()),
        }
    }
}

impl PathValue {
    /// The value for a parameter, if it is one of the name.
    fn of(&self, parameter: &Parameter) -> Option<Result<Value, String>> {
        if parameter.place != Place::Path || parameter.name != self.name {
            return None;
        }
        let value = fitted(parameter.schema.shape(), &json!(self.value));
        let value = value.filter(|value| parameter.schema.faults(value).is_empty());
        Some(
            value.ok_or_else(|| {
                format!("the value of `{}` is none that the spec allows", self.name)
            }),
        )
    }
}

/// Fails where a value is of no use: nothing is called so, or the spec forbids it.
///
/// # Errors
///
/// What is wrong with the first such value.
pub fn check<'a>(
    values: &[PathValue],
    contracts: impl Iterator<Item = &'a Contract> + Clone,
) -> Result<(), String> {
    let parameters = || {
        let operations = contracts.clone().flat_map(|contract| &contract.operations);
        operations.flat_map(|operation| &operation.parameters)
    };
    for value in values {
        let found: Vec<_> = parameters()
            .filter_map(|parameter| value.of(parameter))
            .collect();
        if found.is_empty() {
            let paths = parameters().filter(|parameter| parameter.place == Place::Path);
            let mut names: Vec<&str> = paths.map(|parameter| parameter.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            return Err(format!(
                "no path has a parameter `{}`: there are {}",
                value.name,
                names.join(", ")
            ));
        }
        found.into_iter().collect::<Result<Vec<_>, _>>()?;
    }
    Ok(())
}

/// Puts the values in place of those that the spec shows. What a case tries on purpose stays.
pub fn give(values: &[PathValue], contract: &Contract, cases: &mut [Case]) {
    for case in cases {
        let Some(operation) = contract.operation(&case.operation) else {
            continue;
        };
        for (index, value) in &mut case.given.parameters {
            let parameter = &operation.parameters[*index];
            let mut given = values.iter().filter_map(|value| value.of(parameter)?.ok());
            if let (Some(given), true) = (given.next(), *value == argument(parameter)) {
                *value = given;
            }
        }
    }
}
