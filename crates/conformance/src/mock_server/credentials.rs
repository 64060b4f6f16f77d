//! The credentials that a mock server accepts.

use std::collections::BTreeMap;

use crate::contract::{Contract, Operation};
use crate::wire::Request;

/// The only credentials that are accepted. Where none are known, any of the right form are.
#[derive(Clone, Default)]
pub(super) struct Accepted {
    /// For every scheme.
    any: Option<String>,
    /// By the names of the schemes in the spec.
    by_scheme: BTreeMap<String, String>,
}

impl Accepted {
    /// Reads credentials by the security schemes of a spec: `SCHEME=CREDENTIALS`, or the credentials alone.
    ///
    /// # Errors
    ///
    /// The spec has no scheme of a name; or several are given without names.
    pub(super) fn new(given: &[String], contract: &Contract) -> Result<Self, String> {
        let requirements = contract.operations.iter().flat_map(|known| &known.security);
        let mut names: Vec<&str> = requirements
            .flat_map(|requirement| requirement.names.iter().map(String::as_str))
            .collect();
        names.sort_unstable();
        names.dedup();
        let mut accepted = Self::default();
        for text in given {
            if text.is_empty() {
                return Err("credentials are ID:KEY, a token, or SCHEME=CREDENTIALS".to_owned());
            }
            // The end of a token in base64 may be `=` as well.
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            let is_named = !value.trim_matches('=').is_empty();
            match (names.contains(&name), is_named) {
                (true, true) => {
                    accepted.by_scheme.insert(name.to_owned(), value.to_owned());
                }
                (false, true) => {
                    return Err(format!(
                        "the spec has no security scheme of the name before `=`: its schemes are {}",
                        names.join(", ")
                    ));
                }
                (_, false) if given.len() == 1 => accepted.any = Some(text.clone()),
                (_, false) => {
                    let message =
                        "several credentials need the names of their schemes: SCHEME=CREDENTIALS";
                    return Err(message.to_owned());
                }
            }
        }
        Ok(accepted)
    }

    /// Whether a request, whose credentials are of the right form, has those that are accepted.
    pub(super) fn has(&self, operation: &Operation, request: &Request) -> bool {
        let accepts_any = self.any.is_none() && self.by_scheme.is_empty();
        if accepts_any || !operation.needs_credentials() {
            return true;
        }
        if let Some(any) = &self.any {
            let mut schemes = operation.security.iter().flat_map(|known| &known.schemes);
            return schemes.any(|scheme| scheme.credentials(request).as_ref() == Some(any));
        }
        operation.security.iter().any(|requirement| {
            let mut schemes = requirement.schemes.iter().zip(&requirement.names);
            schemes.all(|(scheme, name)| match self.by_scheme.get(name) {
                Some(known) => scheme.credentials(request).as_ref() == Some(known),
                None => scheme.is_satisfied_by(request),
            })
        })
    }
}
