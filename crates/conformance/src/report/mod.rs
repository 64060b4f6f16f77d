//! Verdicts for people and machines.

pub mod github;
pub mod html;
pub mod json;
pub mod junit;
pub mod terminal;
mod text;

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use crate::api::Api;
use crate::contract::Contract;
use crate::coverage::Coverage;
use crate::curl;
use crate::runner::Verdict;

/// The verdicts on an API.
#[derive(Clone, Debug)]
pub struct Section {
    /// The API's name.
    pub api: String,
    /// The spec's title.
    pub title: String,
    /// What the spec says.
    pub contract: Arc<Contract>,
    /// The server of the `curl` lines.
    pub base_url: String,
    /// What came of its cases.
    pub verdicts: Vec<Verdict>,
    /// What they reached.
    pub coverage: Coverage,
    /// What more inputs were made from, if any were.
    pub seed: Option<u64>,
}

/// What came of a case, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It passed.
    Pass,
    /// It failed.
    Fail,
    /// It failed, as is known.
    Known,
    /// It was not tried.
    Skipped,
}

impl Outcome {
    /// What came of a case.
    pub fn of(verdict: &Verdict) -> Self {
        match (verdict.faults.is_empty(), &verdict.known) {
            (true, _) if verdict.skipped.is_some() => Self::Skipped,
            (true, _) => Self::Pass,
            (false, Some(_)) => Self::Known,
            (false, None) => Self::Fail,
        }
    }
}

impl Section {
    /// The verdicts on an API, with what they reached of its contract. The `curl` lines lead to a base URL.
    pub fn new(api: &Api, base_url: &str, verdicts: Vec<Verdict>) -> Self {
        Self {
            api: api.name.to_owned(),
            title: api.contract.title.clone(),
            contract: Arc::clone(&api.contract),
            base_url: base_url.trim_end_matches('/').to_owned(),
            coverage: Coverage::of(&api.contract, &verdicts),
            verdicts,
            seed: None,
        }
    }

    /// The same, with the seed that more inputs were made from.
    #[must_use]
    pub fn seed(mut self, seed: Option<u64>) -> Self {
        self.seed = seed;
        self
    }

    /// The line that repeats a case, without anybody's credentials.
    pub fn curl(&self, verdict: &Verdict) -> Option<String> {
        let operation = self.contract.operation(&verdict.operation)?;
        let request = verdict.request.as_ref()?;
        Some(curl::line(&self.base_url, operation, request))
    }

    /// How many cases ended so.
    pub fn count(&self, outcome: Outcome) -> usize {
        let outcomes = self.verdicts.iter().map(Outcome::of);
        outcomes.filter(|known| *known == outcome).count()
    }

    /// How many cases failed, known deviations left out.
    pub fn failed(&self) -> usize {
        self.count(Outcome::Fail)
    }

    /// How many findings there are, which are no failures.
    pub fn findings(&self) -> usize {
        self.verdicts
            .iter()
            .map(|verdict| verdict.findings.len())
            .sum()
    }
}

/// Writes `report.json`, `junit.xml` and `report.html` into a folder, which is made if need be.
///
/// # Errors
///
/// The folder or a file cannot be written.
pub fn write(folder: &Path, sections: &[Section]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("report.html"), html::page(sections))?;
    fs::write(folder.join("report.json"), json::report(sections))?;
    fs::write(
        folder.join("junit.xml"),
        junit::report(sections).map_err(io::Error::other)?,
    )
}
