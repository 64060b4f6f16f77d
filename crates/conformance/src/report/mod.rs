//! Verdicts for people and machines.

pub mod terminal;

use crate::runner::Verdict;

/// The verdicts on an API.
#[derive(Clone, Debug)]
pub struct Section {
    /// The API's name.
    pub api: String,
    /// What came of its cases.
    pub verdicts: Vec<Verdict>,
}

impl Section {
    /// How many cases failed.
    pub fn failed(&self) -> usize {
        self.verdicts
            .iter()
            .filter(|verdict| !verdict.passed())
            .count()
    }
}
