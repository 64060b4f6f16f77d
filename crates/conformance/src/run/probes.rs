//! Probes: requests that a server must refuse, each next to one that it responded to with a success.

use client_core::Location;

use crate::check::CaseResult;
use crate::contract::resolved_schema::Kind;
use crate::contract::{Contract, Operation, Parameter, Scheme};
use crate::wire::{Reply, Request};

/// Basic credentials that no server knows: `not-a-client:not-a-key`.
const NO_PAIR: &str = "Basic bm90LWEtY2xpZW50Om5vdC1hLWtleQ==";

/// A bearer token that no server knows.
const NO_BEARER: &str = "Bearer not-a-token";

/// A token that no server knows.
const NO_TOKEN: &str = "not-a-token";

/// A request that must be refused.
pub struct Probe {
    /// What is wrong with it.
    pub name: String,
    /// The request.
    pub request: Request,
    /// What a success means.
    pub success: Success,
}

/// What it means if a server responds to a probe with a success.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Success {
    /// It does not enforce what the spec says.
    Failure,
    /// It takes any credentials of the right form, as mock servers do.
    Warning,
}

/// Checks the response to a probe.
pub fn check(success: Success, reply: &Reply, result: &mut CaseResult) {
    match reply.status {
        // 501 is the response of RFC 9110 to a method that the server does not know at all.
        400..=499 | 501 => {}
        200..=299 if success == Success::Warning => {
            let warning = "any credentials of the right form are accepted";
            result.warnings.push(warning.to_owned());
        }
        status => {
            let failure = format!("it must be refused, but the response is {status}");
            result.failures.push(failure);
        }
    }
}

/// The probes next to a request of an operation.
pub fn probes(contract: &Contract, operation: &Operation, request: &Request) -> Vec<Probe> {
    let mut probes = Probes {
        request,
        found: Vec::new(),
    };
    probes.credentials(operation);
    for parameter in &operation.parameters {
        probes.parameter(parameter);
    }
    if !operation.accepts().is_empty() {
        probes.add("another `Accept`", &|request| {
            set(request, "accept", Some("application/vnd.conformance.none"));
        });
    }
    let is_taken = |method: &&str| {
        let mut operations = contract.operations.iter();
        operations.any(|known| known.path == operation.path && known.method == *method)
    };
    let mut methods = ["POST", "PUT", "PATCH"].into_iter();
    if let Some(method) = methods.find(|method| !is_taken(method)) {
        probes.add(&format!("the method {method}"), &|request| {
            request.method = method.to_owned();
        });
    }
    probes.found
}

struct Probes<'a> {
    request: &'a Request,
    found: Vec<Probe>,
}

impl Probes<'_> {
    /// The request with a change, which must be refused.
    fn add(&mut self, name: &str, change: &dyn Fn(&mut Request)) {
        let mut request = self.request.clone();
        change(&mut request);
        self.found.push(Probe {
            name: format!("probe: {name}"),
            request,
            success: Success::Failure,
        });
    }

    fn credentials(&mut self, operation: &Operation) {
        if !operation.needs_credentials() {
            return;
        }
        let sent = operation
            .security
            .iter()
            .find(|requirement| requirement.is_satisfied_by(self.request));
        let schemes = sent.map_or(&[][..], |requirement| &requirement.schemes);
        self.add("no credentials", &|request| {
            for scheme in schemes {
                set_credentials(request, scheme, None);
            }
        });
        for scheme in schemes {
            // Where several are needed at once, each is wrong in turn.
            let of = match schemes.len() {
                1 => String::new(),
                _ => format!(": {scheme}"),
            };
            let (unusable, wrong) = match scheme {
                Scheme::Basic => (NO_BEARER, NO_PAIR),
                Scheme::Bearer => (NO_PAIR, NO_BEARER),
                Scheme::Header(_) | Scheme::Query(_) | Scheme::Cookie(_) => ("", NO_TOKEN),
                Scheme::Other(_) => continue,
            };
            self.add(&format!("unusable credentials{of}"), &|request| {
                set_credentials(request, scheme, Some(unusable));
            });
            self.add(&format!("wrong credentials{of}"), &|request| {
                set_credentials(request, scheme, Some(wrong));
            });
            if let Some(probe) = self.found.last_mut() {
                probe.success = Success::Warning;
            }
        }
    }

    fn parameter(&mut self, parameter: &Parameter) {
        let (name, schema) = (&parameter.name, parameter.schema.resolved());
        let is_typed = !schema.choices.is_empty()
            || matches!(schema.kind, Kind::Boolean | Kind::Integer | Kind::Number);
        match parameter.location {
            Location::Header if parameter.fixed.is_some() => {
                if parameter.required {
                    self.add(&format!("no `{name}`"), &|request| set(request, name, None));
                }
                self.add(&format!("another `{name}`"), &|request| {
                    set(request, name, Some("v19000101"));
                });
            }
            Location::Query if is_typed => {
                self.add(&format!("`{name}` of another type"), &|request| {
                    add_to_query(request, name, "conformance");
                });
            }
            Location::Path | Location::Query | Location::Header => {}
        }
    }
}

/// Replaces the credentials of a scheme, or removes them.
fn set_credentials(request: &mut Request, scheme: &Scheme, value: Option<&str>) {
    match scheme {
        Scheme::Basic | Scheme::Bearer => set(request, "authorization", value),
        Scheme::Header(name) => set(request, name, value),
        Scheme::Query(name) => {
            let (path, query) = request
                .target
                .split_once('?')
                .unwrap_or((&request.target, ""));
            let others = query.split('&').filter(|pair| {
                let (sent, _) = pair.split_once('=').unwrap_or((pair, ""));
                !pair.is_empty() && sent != name
            });
            let others: Vec<&str> = others.collect();
            request.target = match others.is_empty() {
                true => path.to_owned(),
                false => format!("{path}?{}", others.join("&")),
            };
            if let Some(value) = value {
                add_to_query(request, name, value);
            }
        }
        Scheme::Cookie(name) => {
            let cookie = value.map(|value| format!("{name}={value}"));
            set(request, "cookie", cookie.as_deref());
        }
        Scheme::Other(_) => {}
    }
}

fn add_to_query(request: &mut Request, name: &str, value: &str) {
    let separator = match request.target.contains('?') {
        true => '&',
        false => '?',
    };
    request.target = format!("{}{separator}{name}={value}", request.target);
}

/// Sets a header, or removes it.
fn set(request: &mut Request, name: &str, value: Option<&str>) {
    let headers = &mut request.headers;
    headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    if let Some(value) = value {
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
}
