//! The results of an API, as reports show them.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::api::Api;
use crate::check::{CaseResult, Verdict};
use crate::contract::Contract;
use crate::report::case::CaseReport;
use crate::report::coverage::{Count, Coverage};
use crate::report::judged::{self, Unjudged};
use crate::report::mask::Mask;
use crate::wire::Reply;

/// The server of `curl` commands if the clients were judged: that of `cargo xtask mock --port 4010`.
const MOCK: &str = "http://127.0.0.1:4010";

/// How many operations are named that were not judged.
const MOST_NAMES: usize = 8;

/// The results of an API, as reports show them.
#[derive(Clone, Debug)]
pub struct Section {
    /// The API's name.
    pub api: String,
    /// The spec's title.
    pub title: String,
    /// What the spec says.
    pub contract: Arc<Contract>,
    /// The SHA-256 of the published spec.
    pub sha256: String,
    /// The server that was judged; `None`: the clients were.
    pub target: Option<String>,
    /// The results of its cases.
    pub cases: Vec<CaseReport>,
    /// What they covered of the contract.
    pub coverage: Coverage,
    /// The seed of random values, if there were any.
    pub seed: Option<u64>,
    /// When the run of the API began.
    pub started: SystemTime,
    /// How long it took.
    pub duration: Duration,
}

impl Section {
    /// The results of an API. The target is the URL of the server that was judged; without one, the clients were.
    /// Secrets are removed here, so that no report can show them.
    pub fn new(api: &Api, target: Option<&str>, results: &[CaseResult]) -> Self {
        let contract = &api.contract;
        let base_url = target.unwrap_or(MOCK).trim_end_matches('/');
        let mask = Mask::new(contract, results);
        // Most cases of an operation get the same response: it is masked once.
        let mut last: Option<(&Reply, _)> = None;
        let mut cases = Vec::with_capacity(results.len());
        for result in results {
            let known = last.take().filter(|(reply, _)| **reply == result.reply);
            let (_, shown) = known.unwrap_or_else(|| (&result.reply, mask.reply(&result.reply)));
            cases.push(CaseReport::new(result, contract, base_url, &mask, &shown));
            last = Some((&result.reply, shown));
        }
        Self {
            api: api.name.to_owned(),
            title: contract.title.clone(),
            contract: Arc::clone(contract),
            sha256: api.sha256(),
            target: target.map(str::to_owned),
            cases,
            coverage: Coverage::of(contract, results),
            seed: None,
            started: SystemTime::now(),
            duration: results.iter().map(|result| result.time).sum(),
        }
    }

    /// The same with the seed of random values.
    #[must_use]
    pub fn seed(mut self, seed: Option<u64>) -> Self {
        self.seed = seed;
        self
    }

    /// The same with the time at which the run of the API began, and how long it took.
    #[must_use]
    pub fn timed(mut self, started: SystemTime, duration: Duration) -> Self {
        self.started = started;
        self.duration = duration;
        self
    }

    /// How many cases have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        let verdicts = self.cases.iter().map(|case| case.verdict);
        verdicts.filter(|known| *known == verdict).count()
    }

    /// The operations of the target that have no judged success.
    pub fn unjudged(&self) -> Vec<Unjudged<'_>> {
        match self.target {
            Some(_) => judged::unjudged(&self.cases),
            None => Vec::new(),
        }
    }

    /// How many of the operations were judged.
    pub fn judged(&self) -> Count {
        judged::count(&self.cases, &self.unjudged())
    }

    /// Why the target was not judged, or not in full; `None` if each operation was judged, or need not be.
    pub fn not_judged(&self) -> Option<String> {
        let target = self.target.as_ref()?;
        let unjudged = self.unjudged();
        let all = self.judged();
        let mut reasons: Vec<&Unjudged<'_>> = unjudged.iter().collect();
        reasons.retain(|operation| !operation.is_allowed);
        if reasons.is_empty() {
            return None;
        }
        let api = &self.api;
        if all.reached == 0 {
            let statuses = judged::statuses(self.cases.iter());
            let responses = match statuses.is_empty() {
                true => String::new(),
                false => format!(" (responses: {})", judged::responses(&statuses)),
            };
            let cause = judged::likely_cause(&statuses, &self.cases);
            return Some(format!(
                "{api}: not judged: {target} responded to no operation with a success that the spec documents{responses}; {cause}",
            ));
        }
        let (number, total) = (reasons.len(), all.total);
        let mut named: Vec<String> = reasons
            .iter()
            .take(MOST_NAMES)
            .map(|known| format!("{} ({})", known.operation, known.reasons))
            .collect();
        if let Some(rest @ 1..) = number.checked_sub(MOST_NAMES) {
            named.push(format!("and {rest} more"));
        }
        let named = named.join(", ");
        Some(format!(
            "{api}: {number} of {total} operations not judged, as they had no success: {named}; \
             leave them out with --exclude, or allow it in conformance.toml"
        ))
    }

    /// Whether nothing failed, and what had to be judged was.
    pub fn passed(&self) -> bool {
        self.count(Verdict::Fail) == 0 && self.not_judged().is_none()
    }
}
