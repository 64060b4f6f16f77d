//! Known deviations: cases that are expected to fail, each with its reason, from `conformance.toml`.

use serde::Deserialize;

use crate::run::clients::Verdict;

/// The list of known deviations.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    #[serde(default, rename = "deviation")]
    deviations: Vec<Deviation>,
}

/// A case that is expected to fail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Deviation {
    /// `platform` or `nexus`.
    api: String,
    /// The `operationId`.
    operation: String,
    /// The case's name, as reports show it.
    case: String,
    /// Why it fails, and why that is left so.
    reason: String,
}

impl Known {
    /// Reads the list.
    ///
    /// # Errors
    ///
    /// It is not TOML, lacks something, or gives no reason for a case.
    pub fn parse(text: &str) -> Result<Self, String> {
        let known: Self = toml_edit::de::from_str(text).map_err(|error| error.to_string())?;
        match known
            .deviations
            .iter()
            .find(|deviation| deviation.reason.trim().is_empty())
        {
            Some(deviation) => Err(format!("`{}` has no reason", deviation.case)),
            None => Ok(known),
        }
    }

    /// Marks the verdicts on cases that are listed, and fails those that pass. With `whole`, all cases of the API
    /// were run: an entry that none of them answers to fails, too.
    pub fn apply(&self, api: &str, whole: bool, verdicts: &mut Vec<Verdict>) {
        for entry in self.deviations.iter().filter(|entry| entry.api == api) {
            let verdict = verdicts
                .iter_mut()
                .find(|verdict| verdict.operation == entry.operation && verdict.case == entry.case);
            match verdict {
                Some(verdict) if verdict.faults.is_empty() => {
                    let fault = "it passes, and is listed as a known deviation: remove it";
                    verdict.faults.push(fault.to_owned());
                }
                Some(verdict) => verdict.known = Some(entry.reason.clone()),
                None if whole => {
                    let expected = "a case of this name";
                    let mut verdict = Verdict::new(&entry.operation, &entry.case, expected);
                    let fault =
                        "there is no such case, and it is listed as a known deviation: remove it";
                    verdict.faults.push(fault.to_owned());
                    verdicts.push(verdict);
                }
                None => {}
            }
        }
    }
}
