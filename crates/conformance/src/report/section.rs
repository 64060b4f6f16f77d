//! The results of an API, as reports show them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::Api;
use crate::check::{CaseResult, Verdict};
use crate::contract::Contract;
use crate::report::case::CaseReport;
use crate::report::coverage::Coverage;
use crate::report::mask::Mask;

/// The server of `curl` commands if the clients were judged: that of `cargo xtask mock --port 4010`.
const MOCK: &str = "http://127.0.0.1:4010";

/// The results of an API, as reports show them.
#[derive(Clone, Debug)]
pub struct Section {
    /// The API's name.
    pub api: String,
    /// The spec's title.
    pub title: String,
    /// What the spec says.
    pub contract: Arc<Contract>,
    /// The server that was judged; `None`: the clients were.
    pub target: Option<String>,
    /// The results of its cases.
    pub cases: Vec<CaseReport>,
    /// What they covered of the contract.
    pub coverage: Coverage,
    /// The seed of random values, if there were any.
    pub seed: Option<u64>,
}

impl Section {
    /// The results of an API. The target is the URL of the server that was judged; without one, the clients were.
    /// Secrets are removed here, so that no report can show them.
    pub fn new(api: &Api, target: Option<&str>, results: &[CaseResult]) -> Self {
        let contract = &api.contract;
        let base_url = target.unwrap_or(MOCK).trim_end_matches('/');
        let mask = Mask::new(contract, results);
        let cases = results.iter();
        Self {
            api: api.name.to_owned(),
            title: contract.title.clone(),
            contract: Arc::clone(contract),
            target: target.map(str::to_owned),
            cases: cases
                .map(|result| CaseReport::new(result, contract, base_url, &mask))
                .collect(),
            coverage: Coverage::of(contract, results),
            seed: None,
        }
    }

    /// The same with the seed of random values.
    #[must_use]
    pub fn seed(mut self, seed: Option<u64>) -> Self {
        self.seed = seed;
        self
    }

    /// How many cases have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        let verdicts = self.cases.iter().map(|case| case.verdict);
        verdicts.filter(|known| *known == verdict).count()
    }

    /// Why nothing can be said about a target, if it responded to no operation with a success that the spec documents.
    pub fn not_judged(&self) -> Option<String> {
        let target = self.target.as_ref()?;
        if self.cases.is_empty() || self.cases.iter().any(|case| case.succeeded) {
            return None;
        }
        let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
        for status in self.cases.iter().filter_map(|case| case.status) {
            *statuses.entry(status).or_default() += 1;
        }
        let frequent = statuses.iter().max_by_key(|(_, number)| **number);
        let cause = match frequent {
            None => "no request was sent, or none has a response",
            Some((401 | 403, _)) => "check the credentials in the environment",
            Some((404 | 405, _)) => {
                "check the path prefix of --target, and give identifiers that the server knows with --value"
            }
            Some((406, _)) => "check whether the server knows this version of the API",
            Some((429, _)) => "the server limits the rate of calls: try again later",
            Some(_) => "check --target, the credentials in the environment, and --value",
        };
        let responses: Vec<String> = statuses
            .iter()
            .map(|(status, number)| format!("{number} × {status}"))
            .collect();
        let responses = match responses.is_empty() {
            true => String::new(),
            false => format!(" (responses: {})", responses.join(", ")),
        };
        Some(format!(
            "{}: not judged: {target} responded to no operation with a success that the spec documents{responses}; {cause}",
            self.api
        ))
    }

    /// Whether nothing failed, and something was judged.
    pub fn passed(&self) -> bool {
        self.count(Verdict::Fail) == 0 && self.not_judged().is_none()
    }
}
