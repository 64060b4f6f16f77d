//! The cases that failed in the last run, for `--rerun-failed`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::check::Verdict;
use crate::report::Section;

/// Where it is kept, from the folder in which the suite is started.
const FILE: &str = "target/conformance/failed.json";

/// What is kept of a run.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct LastRun {
    /// The seed of random values, if there were any.
    pub seed: Option<u64>,
    failed: Vec<Failed>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Failed {
    api: String,
    operation: String,
    case: String,
}

impl LastRun {
    /// Reads what was kept.
    ///
    /// # Errors
    ///
    /// No run was kept, or the file cannot be read.
    pub fn read() -> Result<Self, String> {
        let text = fs::read_to_string(FILE)
            .map_err(|error| format!("no run has failed here: cannot read {FILE}: {error}"))?;
        serde_json::from_str(&text).map_err(|error| format!("{FILE}: {error}"))
    }

    /// The cases of an API that failed, by operation and name.
    pub fn of(&self, api: &str) -> BTreeSet<(String, String)> {
        let failed = self.failed.iter().filter(|failed| failed.api == api);
        failed
            .map(|failed| (failed.operation.clone(), failed.case.clone()))
            .collect()
    }

    /// Keeps the failed cases of a run. A run without failures leaves a file only where there is one.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn keep(sections: &[Section]) -> Result<(), String> {
        let failed = sections.iter().flat_map(|section| {
            let cases = section.cases.iter();
            let failed = cases.filter(|case| case.verdict == Verdict::Fail);
            failed.map(|case| Failed {
                api: section.api.clone(),
                operation: case.operation.clone(),
                case: case.case.clone(),
            })
        });
        let run = Self {
            seed: sections.iter().find_map(|section| section.seed),
            failed: failed.collect(),
        };
        let path = Path::new(FILE);
        if run.failed.is_empty() && !path.exists() {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(path);
        let text = serde_json::to_string(&run).unwrap_or_default();
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(path, text))
            .map_err(|error| format!("cannot write {FILE}: {error}"))
    }
}
