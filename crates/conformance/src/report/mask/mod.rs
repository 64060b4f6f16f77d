//! Removes secrets from what reports show.
//!
//! Every text of a [`CaseReport`](crate::report::CaseReport) goes through here, so that code that writes reports never
//! has a secret. A text is masked
//!
//! - by value: the credentials of the requests, in any spelling, wherever they occur,
//! - by field: what is in a field with the name of a secret, whatever its type,
//! - by header: all values but those that say how to read the message.

mod fields;
mod values;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use client_core::Location;
use client_core::reqwest::StatusCode;
use serde_json::Value;

use crate::check::CaseResult;
use crate::contract::{Contract, Scheme};
use crate::wire::{Reply, Request};
pub use fields::SecretNames;
use values::{MASKED, Needle, Secrets};

/// Headers that contain no secret: the values of all others are masked.
const HARMLESS: [&str; 8] = [
    "accept",
    "accept-encoding",
    "accept-version",
    "allow",
    "content-length",
    "content-type",
    "retry-after",
    "user-agent",
];

/// Headers that say nothing about the call.
const NOISE: [&str; 3] = ["host", "connection", "date"];

/// Headers of responses whose values are masked in the rest of the response, too.
const MASKED_EVERYWHERE: [&str; 5] = [
    "location",
    "content-location",
    "refresh",
    "link",
    "x-request-id",
];

/// Removes the secrets of a run from texts.
pub struct Mask {
    names: SecretNames,
    secrets: Secrets,
    /// Headers that carry credentials, in lower case.
    headers: BTreeSet<String>,
}

/// The secrets that a response contained.
pub struct Hidden(Vec<Needle>);

impl Hidden {
    /// These values, and what follows a `=` in them, as in the query of a URL.
    fn new(values: &[String]) -> Self {
        let assigned = values.iter().flat_map(|value| {
            let pairs = value.split(['?', '&', '#', ';', ',']);
            pairs.filter_map(|pair| Some(pair.split_once('=')?.1))
        });
        let values = values.iter().map(String::as_str).chain(assigned);
        Self(values.filter_map(Needle::new).collect())
    }
}

impl Mask {
    /// The secrets of a spec, and the credentials in the requests of a run.
    pub fn new(contract: &Contract, results: &[CaseResult]) -> Self {
        let requirements = contract.operations.iter().flat_map(|known| &known.security);
        let schemes = || requirements.clone().flat_map(|known| &known.schemes);
        let mut mask = Self {
            names: SecretNames::new(contract),
            secrets: Secrets::default(),
            headers: schemes().filter_map(Scheme::header).collect(),
        };
        let mut credentials = BTreeSet::new();
        for (result, request) in results
            .iter()
            .filter_map(|known| Some((known, known.request.as_ref()?)))
        {
            let declared = contract.operation(&result.operation);
            let declared = declared.map_or(&[][..], |operation| &operation.parameters);
            for scheme in schemes().filter(|scheme| matches!(scheme, Scheme::Query(_))) {
                credentials.extend(scheme.credentials(request));
            }
            for (name, value) in &request.headers {
                // The value of a parameter is made from the spec.
                let is_parameter = declared.iter().any(|known| {
                    known.location == Location::Header && known.name.eq_ignore_ascii_case(name)
                });
                if mask.is_credential(name) && !is_parameter {
                    credentials.insert(value.clone());
                }
            }
        }
        for value in credentials {
            for part in parts(&value) {
                mask.secrets.add(&part);
            }
        }
        mask
    }

    /// Whether a header of this name carries credentials.
    fn is_credential(&self, name: &str) -> bool {
        self.headers.contains(name) || name.starts_with("md-") || self.names.contains(name)
    }

    /// A text of the suite, which may contain names that a server sent.
    pub fn text(&self, text: &str, hidden: &Hidden) -> String {
        self.secrets.hide(text, &hidden.0).into_owned()
    }

    /// The request without its secrets.
    pub fn request(&self, request: &Request) -> Request {
        let none = Hidden(Vec::new());
        let body = match serde_json::from_slice::<Value>(&request.body) {
            Ok(before) => {
                let mut value = before.clone();
                self.names
                    .hide_in_json(&mut value, &self.secrets, &mut Vec::new());
                match value == before {
                    true => String::from_utf8_lossy(&request.body),
                    false => value.to_string().into(),
                }
            }
            Err(_) => {
                let text = String::from_utf8_lossy(&request.body);
                self.names.hide_in_text(&text).into()
            }
        };
        Request {
            method: request.method.clone(),
            target: self.text(&self.names.hide_in_text(&request.target), &none),
            headers: self.headers(&request.headers, &none),
            body: self.text(&body, &none).into_bytes(),
        }
    }

    /// The response as people read it, without its secrets; and what these were.
    pub fn reply(&self, reply: &Reply) -> (String, Hidden) {
        let mut hidden = Vec::new();
        for (name, value) in &reply.headers {
            if self.is_credential(name) || MASKED_EVERYWHERE.contains(&name.as_str()) {
                hidden.push(value.clone());
            }
        }
        let body = match serde_json::from_slice::<Value>(&reply.body) {
            Ok(mut value) => {
                self.names
                    .hide_in_json(&mut value, &self.secrets, &mut hidden);
                format!("{value:#}")
            }
            Err(_) => unread(&reply.body),
        };
        let hidden = Hidden::new(&hidden);
        let status = StatusCode::from_u16(reply.status).ok();
        let reason = status.and_then(|status| status.canonical_reason());
        let first = format!("{} {}", reply.status, reason.unwrap_or_default());
        let headers = self.headers(&reply.headers, &hidden);
        let body = self.text(&body, &hidden);
        (message(first.trim_end(), headers, &body), hidden)
    }

    /// The headers. The values that may be secrets are masked.
    fn headers(&self, headers: &[(String, String)], hidden: &Hidden) -> Vec<(String, String)> {
        let shown = headers.iter().map(|(name, value)| {
            let is_harmless = HARMLESS.contains(&name.as_str()) && !value.contains("://");
            let value = match is_harmless {
                true => self.text(value, hidden),
                false => MASKED.to_owned(),
            };
            (self.text(name, hidden), value)
        });
        shown.collect()
    }
}

/// A masked request as people read it.
pub fn shown(request: &Request) -> String {
    let body = match serde_json::from_slice::<Value>(&request.body) {
        Ok(value) => format!("{value:#}"),
        Err(_) => unread(&request.body),
    };
    let first = format!("{} {}", request.method, request.target);
    message(&first, request.headers.clone(), &body)
}

/// A body that is not JSON, which may contain anything, also a secret.
fn unread(body: &[u8]) -> String {
    match body.len() {
        0 => String::new(),
        length => format!("[{length} bytes that are not JSON]"),
    }
}

fn message(first: &str, mut headers: Vec<(String, String)>, body: &str) -> String {
    let mut text = format!("{first}\n");
    headers.retain(|(name, _)| !NOISE.contains(&name.as_str()));
    headers.sort();
    for (name, value) in headers {
        _ = writeln!(text, "{name}: {value}");
    }
    if !body.is_empty() {
        _ = writeln!(text, "\n{body}");
    }
    text
}

/// What is secret of a header that carries credentials: the value without the name of its scheme, and of a client id
/// and a key also the pair and each of them.
fn parts(value: &str) -> Vec<Cow<'_, str>> {
    let (scheme, rest) = value.split_once(' ').unwrap_or(("", value));
    let rest = rest.trim();
    let mut parts = vec![Cow::Borrowed(rest)];
    let pair = match scheme.eq_ignore_ascii_case("basic") {
        true => STANDARD.decode(rest).ok(),
        false => None,
    };
    if let Some(pair) = pair.and_then(|bytes| String::from_utf8(bytes).ok()) {
        let (id, key) = pair.split_once(':').unwrap_or(("", &pair));
        parts.extend([Cow::Owned(id.to_owned()), Cow::Owned(key.to_owned())]);
        parts.push(Cow::Owned(pair));
    }
    parts
}
