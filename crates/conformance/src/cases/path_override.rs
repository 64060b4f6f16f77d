//! Path overrides: values of path parameters that the user gives, as a real server does not know those of the spec.

use std::str::FromStr;

use client_core::Location;
use serde_json::{Value, json};

use crate::cases::case::Case;
use crate::cases::requests::argument;
use crate::cases::sample::fitted;
use crate::contract::{Contract, Parameter};

/// The value of a path parameter, for every operation that has one of this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathOverride {
    name: String,
    value: String,
}

impl FromStr for PathOverride {
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

impl PathOverride {
    /// The value for a parameter; `None` if it is another parameter.
    fn of(&self, parameter: &Parameter) -> Option<Result<Value, String>> {
        if parameter.location != Location::Path || parameter.name != self.name {
            return None;
        }
        let value = fitted(parameter.schema.resolved(), &json!(self.value));
        let value = value.filter(|value| parameter.schema.allows(value));
        Some(value.ok_or_else(|| format!("the spec does not allow the value of `{}`", self.name)))
    }
}

/// Checks that each value can be used: a path has a parameter of the name, and the spec allows the value.
///
/// # Errors
///
/// The first value that cannot be used, and why.
pub fn check<'a>(
    values: &[PathOverride],
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
            let paths = parameters().filter(|parameter| parameter.location == Location::Path);
            let mut names: Vec<&str> = paths.map(|parameter| parameter.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            return Err(format!(
                "no path has a parameter `{}`; the path parameters are {}",
                value.name,
                names.join(", ")
            ));
        }
        found.into_iter().collect::<Result<Vec<_>, _>>()?;
    }
    Ok(())
}

/// Replaces the values that come from the spec. What a case tries on purpose stays.
pub fn apply(values: &[PathOverride], contract: &Contract, cases: &mut [Case]) {
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
