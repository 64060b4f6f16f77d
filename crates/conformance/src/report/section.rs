//! The verdicts on an API, as reports show them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::Api;
use crate::contract::Contract;
use crate::report::case::{Case, Outcome};
use crate::report::coverage::Coverage;
use crate::report::mask::Mask;
use crate::run::clients::Verdict;

/// Where `curl` lines lead if no server was judged: `cargo xtask mock --port 4010` answers there.
const MOCK: &str = "http://127.0.0.1:4010";

/// The verdicts on an API, as reports show them.
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
    /// What came of its cases.
    pub cases: Vec<Case>,
    /// What they reached.
    pub coverage: Coverage,
    /// What more inputs were made from, if any were.
    pub seed: Option<u64>,
}

impl Section {
    /// The verdicts on an API, with what they reached of its contract. A target is the URL of the server that was
    /// judged; without one, the clients were. The verdicts' secrets end here: no report can show them.
    pub fn new(api: &Api, target: Option<&str>, verdicts: &[Verdict]) -> Self {
        let contract = &api.contract;
        let base_url = target.unwrap_or(MOCK).trim_end_matches('/');
        let mask = Mask::new(contract, verdicts);
        let cases = verdicts.iter();
        Self {
            api: api.name.to_owned(),
            title: contract.title.clone(),
            contract: Arc::clone(contract),
            target: target.map(str::to_owned),
            cases: cases
                .map(|verdict| Case::new(verdict, contract, base_url, &mask))
                .collect(),
            coverage: Coverage::of(contract, verdicts),
            seed: None,
        }
    }

    /// The same, with the seed that more inputs were made from.
    #[must_use]
    pub fn seed(mut self, seed: Option<u64>) -> Self {
        self.seed = seed;
        self
    }

    /// How many cases ended so.
    pub fn count(&self, outcome: Outcome) -> usize {
        let outcomes = self.cases.iter().map(|case| case.outcome);
        outcomes.filter(|known| *known == outcome).count()
    }

    /// How many cases failed, known deviations left out.
    pub fn failed(&self) -> usize {
        self.count(Outcome::Fail)
    }

    /// How many findings there are, which are no failures.
    pub fn findings(&self) -> usize {
        self.cases.iter().map(|case| case.findings.len()).sum()
    }

    /// Why nothing can be said about a target, if it answered no operation with a success that the spec documents.
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
            None => "no request was sent or answered",
            Some((401 | 403, _)) => "check the credentials in the environment",
            Some((404 | 405, _)) => {
                "check the path prefix of --target, and give identifiers that it knows with --value"
            }
            Some((406, _)) => "check whether the server knows this version of the API",
            Some((429, _)) => "the server limits the rate of calls: try again later",
            Some(_) => "check --target, the credentials in the environment, and --value",
        };
        let answers: Vec<String> = statuses
            .iter()
            .map(|(status, number)| format!("{number} × {status}"))
            .collect();
        let answers = match answers.is_empty() {
            true => String::new(),
            false => format!(" (answers: {})", answers.join(", ")),
        };
        Some(format!(
            "{}: not judged: {target} answered no operation with a success that the spec documents{answers}; {cause}",
            self.api
        ))
    }

    /// Whether nothing failed, and something was judged.
    pub fn passed(&self) -> bool {
        self.failed() == 0 && self.not_judged().is_none()
    }
}
