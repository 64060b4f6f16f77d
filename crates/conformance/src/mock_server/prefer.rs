//! `Prefer`: a caller chooses among the documented responses of an operation.

use crate::cases::reply;
use crate::contract::{Operation, Response};
use crate::wire::{Reply, Request};

/// What a caller prefers.
#[derive(Debug, Default)]
pub(super) struct Preference {
    code: Option<u16>,
    example: Option<String>,
}

impl Preference {
    /// Reads the preferences of a request; `None` if there are none.
    ///
    /// # Errors
    ///
    /// A preference is not known, or is not well-formed.
    pub(super) fn of(request: &Request) -> Result<Option<Self>, String> {
        let mut preference = None;
        let parts = request
            .header("prefer")
            .flat_map(|list| list.split([',', ';']));
        for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim().trim_matches('"');
            let known: &mut Self = preference.get_or_insert_default();
            match name.trim() {
                "code" => {
                    let code = value.parse().ok().filter(|code| (200..600).contains(code));
                    let code: u16 = code.ok_or_else(|| {
                        format!(
                            "`Prefer: {part}` is not a status: send a number such as `code=404`"
                        )
                    })?;
                    known.code = Some(code);
                }
                "example" if !value.is_empty() => known.example = Some(value.to_owned()),
                _ => {
                    return Err(format!(
                        "`Prefer: {part}` is not known: send `code=STATUS`, `example=NAME`, or both"
                    ));
                }
            }
        }
        Ok(preference)
    }

    /// The response that is preferred.
    ///
    /// # Errors
    ///
    /// The operation documents no such response or example.
    pub(super) fn choose(&self, operation: &Operation) -> Result<Reply, String> {
        let id = &operation.id;
        let candidates: Vec<&Response> = match self.code {
            Some(code) => vec![operation.response(code).ok_or_else(|| {
                let known: Vec<&str> = operation
                    .responses
                    .iter()
                    .map(|response| response.status.as_str())
                    .collect();
                format!(
                    "`{id}` documents no response {code}: it documents {}",
                    known.join(", ")
                )
            })?],
            None => {
                let mut all = operation.successes();
                all.extend(
                    operation
                        .responses
                        .iter()
                        .filter(|other| !other.is_success()),
                );
                all
            }
        };
        let examples = || {
            candidates.iter().flat_map(|response| {
                let contents = response.contents.iter();
                contents.flat_map(move |content| {
                    let examples = content.examples.iter();
                    examples.map(move |(name, value)| (*response, content, name, value))
                })
            })
        };
        let mut chosen = match &self.example {
            None => {
                let response = candidates.first().ok_or("it documents no response")?;
                reply(response, response.content(), self.code, None)
            }
            Some(wanted) => {
                let found = examples().find(|(_, _, name, _)| *name == wanted);
                let (response, content, _, value) = found.ok_or_else(|| {
                    let mut names: Vec<&str> =
                        examples().map(|(_, _, name, _)| name.as_str()).collect();
                    names.dedup();
                    match names.is_empty() {
                        true => format!("`{id}` documents no example there"),
                        false => format!(
                            "`{id}` documents no example `{wanted}`: it documents {}",
                            names.join(", ")
                        ),
                    }
                })?;
                reply(response, Some(content), self.code, Some(value))
            }
        };
        let applied = [
            self.code.map(|code| format!("code={code}")),
            self.example.as_ref().map(|name| format!("example={name}")),
        ];
        let applied: Vec<String> = applied.into_iter().flatten().collect();
        let header = ("preference-applied".to_owned(), applied.join(", "));
        chosen.headers.push(header);
        Ok(chosen)
    }
}
