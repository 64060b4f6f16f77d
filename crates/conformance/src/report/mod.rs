//! Verdicts for people and machines.

pub mod terminal;

use crate::api::Api;
use crate::coverage::Coverage;
use crate::runner::Verdict;

/// The verdicts on an API.
#[derive(Clone, Debug)]
pub struct Section {
    /// The API's name.
    pub api: String,
    /// The spec's title.
    pub title: String,
    /// What came of its cases.
    pub verdicts: Vec<Verdict>,
    /// What they reached.
    pub coverage: Coverage,
}

impl Section {
    /// The verdicts on an API, with what they reached of its contract.
    pub fn new(api: &Api, verdicts: Vec<Verdict>) -> Self {
        Self {
            api: api.name.to_owned(),
            title: api.contract.title.clone(),
            coverage: Coverage::of(&api.contract, &verdicts),
            verdicts,
        }
    }

    /// How many cases failed.
    pub fn failed(&self) -> usize {
        self.verdicts
            .iter()
            .filter(|verdict| !verdict.passed())
            .count()
    }

    /// How many findings there are, which are no failures.
    pub fn findings(&self) -> usize {
        self.verdicts
            .iter()
            .map(|verdict| verdict.findings.len())
            .sum()
    }
}
