//! Expected failures: cases that are known to fail, each with the reason, from `conformance.toml`.

use serde::Deserialize;
use toml_edit::DocumentMut;

use crate::check::case_result::CaseResult;

/// The list of expected failures.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedFailures {
    #[serde(default, rename = "expected_failure")]
    entries: Vec<Entry>,
}

/// A case that is expected to fail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The API's name.
    api: String,
    /// The `operationId`.
    operation: String,
    /// The case's name, as reports show it.
    case: String,
    /// Why it fails, and why it is left so.
    reason: String,
}

impl ExpectedFailures {
    /// Reads the list.
    ///
    /// # Errors
    ///
    /// The text is not TOML, an entry lacks something or has no reason, or the list has the name that it had before.
    pub fn parse(text: &str) -> Result<Self, String> {
        let document: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
        if document.contains_key("deviation") {
            return Err(
                "`[[deviation]]` is now called `[[expected_failure]]`: rename it".to_owned(),
            );
        }
        let list: Self =
            toml_edit::de::from_document(document).map_err(|error| error.to_string())?;
        let mut entries = list.entries.iter();
        match entries.find(|entry| entry.reason.trim().is_empty()) {
            Some(entry) => Err(format!("`{}` has no reason: say why it fails", entry.case)),
            None => Ok(list),
        }
    }

    /// Marks the results that are listed, and fails those that pass. With `is_whole`, all cases of the API were run,
    /// so an entry without a case fails, too.
    pub fn apply(&self, api: &str, is_whole: bool, results: &mut Vec<CaseResult>) {
        for entry in self.entries.iter().filter(|entry| entry.api == api) {
            let mut all = results.iter_mut();
            let result =
                all.find(|known| known.operation == entry.operation && known.case == entry.case);
            match result {
                Some(result) if result.failures.is_empty() => {
                    let message =
                        "it passes, but conformance.toml expects a failure: remove the entry";
                    result.failures.push(message.to_owned());
                }
                Some(result) => result.expected_failure = Some(entry.reason.clone()),
                None if is_whole => {
                    let expected = "a case of this name";
                    let mut result = CaseResult::new(&entry.operation, &entry.case, expected);
                    let message = "conformance.toml expects this case to fail, but there is no such case: remove the entry";
                    result.failures.push(message.to_owned());
                    results.push(result);
                }
                None => {}
            }
        }
    }
}
