//! Which operations and cases of the specs are run.

use std::collections::BTreeSet;

use crate::cases::case::Case;
use crate::contract::{Contract, Operation};
use crate::glob::Glob;

/// A choice of operations and cases. The default is all of them.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// `operationId`s. An empty list matches everything, here and below.
    pub operations: Vec<Glob>,
    /// Tags of operations.
    pub tags: Vec<Glob>,
    /// Path templates.
    pub paths: Vec<Glob>,
    /// Names of cases.
    pub cases: Vec<Glob>,
    /// What is left out: ids, tags and paths of operations, and names of cases.
    pub excluded: Vec<Glob>,
    /// Only these cases, by `operationId` and name.
    pub only: Option<BTreeSet<(String, String)>>,
}

impl Selection {
    /// Whether cases of an operation may be chosen.
    pub fn has_operation(&self, operation: &Operation) -> bool {
        let tags = || operation.tags.iter().map(String::as_str);
        is_any(&self.operations, [operation.id.as_str()])
            && is_any(&self.tags, tags())
            && is_any(&self.paths, [operation.path.as_str()])
            && !self.excludes([operation.id.as_str(), operation.path.as_str()])
            && !self.excludes(tags())
    }

    /// Whether a case of an operation is chosen.
    pub fn has(&self, operation: &Operation, case: &str) -> bool {
        let key = || (operation.id.clone(), case.to_owned());
        self.has_operation(operation)
            && is_any(&self.cases, [case])
            && !self.excludes([case])
            && self.only.as_ref().is_none_or(|only| only.contains(&key()))
    }

    /// Keeps the cases that are chosen.
    pub fn apply(&self, contract: &Contract, cases: &mut Vec<Case>) {
        cases.retain(|case| {
            let operation = contract.operation(&case.operation);
            operation.is_some_and(|operation| self.has(operation, &case.name))
        });
    }

    /// Whether every case is chosen.
    pub fn is_whole(&self) -> bool {
        let lists = [
            &self.operations,
            &self.tags,
            &self.paths,
            &self.cases,
            &self.excluded,
        ];
        lists.iter().all(|list| list.is_empty()) && self.only.is_none()
    }

    fn excludes<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> bool {
        !self.excluded.is_empty() && is_any(&self.excluded, names)
    }
}

/// Whether one of the names matches one of the patterns, if there are any.
fn is_any<'a>(patterns: &[Glob], names: impl IntoIterator<Item = &'a str>) -> bool {
    let mut names = names.into_iter();
    patterns.is_empty() || names.any(|name| patterns.iter().any(|pattern| pattern.matches(name)))
}
