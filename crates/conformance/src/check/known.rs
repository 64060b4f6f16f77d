//! What is known of an API's results, from `conformance.toml`: cases that are expected to fail, warnings and operations
//! that are allowed. Each entry covers what its patterns match, and has a reason.

use serde::Deserialize;
use toml_edit::DocumentMut;

use crate::check::case_result::CaseResult;
use crate::check::warning::Allowable;
use crate::glob::Glob;

/// The list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    #[serde(default, rename = "expected_failure")]
    expected_failures: Vec<ExpectedFailure>,
    #[serde(default, rename = "allow")]
    allowed: Vec<Allowed>,
}

/// Cases that are expected to fail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedFailure {
    /// Names of APIs.
    api: Glob,
    /// `operationId`s.
    operation: Glob,
    /// Names of cases, as reports show them.
    case: Glob,
    /// Why they fail, and why that is left so.
    reason: String,
}

/// Warnings that are known, or operations that need not be judged.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Allowed {
    /// The kind of warning, or `not-judged`.
    kind: String,
    #[serde(default)]
    api: Glob,
    #[serde(default)]
    operation: Glob,
    #[serde(default)]
    case: Glob,
    /// Why it is allowed.
    reason: String,
}

/// Which cases of an API were run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of them, on the client.
    Whole,
    /// Some of them, on the client.
    Part,
    /// Any of them, on a server. The list is about the clients in the first place, so no entry has to be of use.
    Target,
}

impl ExpectedFailure {
    /// Whether an entry of which no case fails is wrong.
    fn must_be_of_use(&self, extent: Extent) -> bool {
        let is_exact = self.operation.is_exact() && self.case.is_exact();
        match extent {
            Extent::Whole => self.api.is_exact(),
            Extent::Part => self.api.is_exact() && is_exact,
            Extent::Target => false,
        }
    }
}

impl Known {
    /// Reads the list.
    ///
    /// # Errors
    ///
    /// The text is not TOML, an entry lacks something, has no reason or an unknown kind, or the list has the name that
    /// it had before.
    pub fn parse(text: &str) -> Result<Self, String> {
        let document: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
        if document.contains_key("deviation") {
            return Err(
                "`[[deviation]]` is now called `[[expected_failure]]`: rename it".to_owned(),
            );
        }
        let list: Self =
            toml_edit::de::from_document(document).map_err(|error| error.to_string())?;
        for entry in &list.expected_failures {
            if entry.reason.trim().is_empty() {
                let case = entry.case.as_str();
                return Err(format!("`{case}` has no reason: say why it fails"));
            }
        }
        for entry in &list.allowed {
            let kind = &entry.kind;
            _ = kind.parse::<Allowable>()?;
            if entry.reason.trim().is_empty() {
                return Err(format!("`{kind}` has no reason: say why it is allowed"));
            }
        }
        Ok(list)
    }

    /// Also allows a kind, everywhere.
    pub fn allow(&mut self, kind: &str) {
        self.allowed.push(Allowed {
            kind: kind.to_owned(),
            api: Glob::default(),
            operation: Glob::default(),
            case: Glob::default(),
            reason: "--allow".to_owned(),
        });
    }

    /// Removes the warnings that are allowed, marks what need not be judged, and turns the other warnings into failures
    /// if the run is strict.
    pub fn allow_in(&self, api: &str, is_strict: bool, results: &mut [CaseResult]) {
        for result in results {
            let (operation, case) = (result.operation.clone(), result.case.clone());
            let entries = self.allowed.iter().filter(|entry| {
                entry.api.matches(api)
                    && entry.operation.matches(&operation)
                    && entry.case.matches(&case)
            });
            for entry in entries {
                match entry.kind.parse() {
                    Ok(Allowable::Warning(kind)) => {
                        result.warnings.retain(|warning| warning.kind != kind);
                    }
                    Ok(Allowable::NotJudged) => result.allowed = Some(entry.reason.clone()),
                    Err(_) => {}
                }
            }
            if is_strict {
                let warnings = std::mem::take(&mut result.warnings).into_iter();
                let failures =
                    warnings.map(|warning| format!("{} ({})", warning.message, warning.kind));
                result.failures.extend(failures);
            }
        }
    }

    /// Marks the results that are expected to fail. An entry of which no case fails is a failure itself.
    pub fn expect_in(&self, api: &str, extent: Extent, results: &mut Vec<CaseResult>) {
        for entry in &self.expected_failures {
            if !entry.api.matches(api) {
                continue;
            }
            let mut matched = results.iter_mut().filter(|known| {
                entry.operation.matches(&known.operation) && entry.case.matches(&known.case)
            });
            let mut first_that_passes = None;
            let mut is_of_use = false;
            for result in matched.by_ref() {
                match result.failures.is_empty() {
                    true => first_that_passes = first_that_passes.or(Some(result)),
                    false => {
                        result.expected_failure = Some(entry.reason.clone());
                        is_of_use = true;
                    }
                }
            }
            if is_of_use || !entry.must_be_of_use(extent) {
                continue;
            }
            match first_that_passes {
                Some(result) => {
                    let message =
                        "it passes, but conformance.toml expects a failure: remove the entry";
                    result.failures.push(message.to_owned());
                }
                None if extent == Extent::Whole => {
                    let (operation, case) = (entry.operation.as_str(), entry.case.as_str());
                    let mut result = CaseResult::new(operation, case, "a case of this name");
                    let message = "conformance.toml expects this case to fail, but there is no such case: remove the entry";
                    result.failures.push(message.to_owned());
                    results.push(result);
                }
                None => {}
            }
        }
    }
}
