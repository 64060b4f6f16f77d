//! Probes: requests that a server must refuse, each next to one that it responded to with a success.

use client_core::Location;
use serde_json::{Value, json};

use crate::check::response::Readings;
use crate::check::{CaseResult, WarningKind};
use crate::contract::resolved_schema::{Kind, ResolvedSchema};
use crate::contract::{Contract, Operation, Parameter, Scheme};
use crate::wire::{Reply, Request, decode_segment, encode};

/// Basic credentials that no server knows: `not-a-client:not-a-key`.
const NO_PAIR: &str = "Basic bm90LWEtY2xpZW50Om5vdC1hLWtleQ==";

/// A bearer token that no server knows.
const NO_BEARER: &str = "Bearer not-a-token";

/// A token that no server knows.
const NO_TOKEN: &str = "not-a-token";

/// What begins the names of probes.
pub const PREFIX: &str = "probe: ";

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
    /// It does not enforce what the published spec says.
    Failure,
    /// It does not enforce what is not in the published spec.
    Warning(WarningKind),
}

/// Checks the response to a probe.
pub fn check(success: Success, reply: &Reply, result: &mut CaseResult) {
    match (reply.status, success) {
        (429, _) => {
            let reason = "refused with 429, for the rate of the calls".to_owned();
            result.not_judged = Some(reason);
        }
        // 501 is the response of RFC 9110 to a method that the server does not know at all. A redirect leads to a login.
        (300..=499 | 501, _) => {}
        (200..=299, Success::Warning(kind)) => {
            let warning = match kind {
                WarningKind::AnyCredentials => {
                    "any credentials of the right form are accepted".to_owned()
                }
                WarningKind::Accept => "`Accept` is ignored".to_owned(),
                WarningKind::Version => "another version of the API is accepted".to_owned(),
                _ => "it is accepted, and the overlay does not allow it".to_owned(),
            };
            result.warnings.push(kind.warning(warning));
        }
        (status, Success::Warning(kind)) => {
            let warning = format!("it should be refused, but the response is {status}");
            result.warnings.push(kind.warning(warning));
        }
        (status, _) => {
            let failure = format!("it must be refused, but the response is {status}");
            result.failures.push(failure);
        }
    }
}

/// The probes next to a request of an operation.
pub fn probes(contract: &Contract, readings: Readings<'_>, request: &Request) -> Vec<Probe> {
    let operation = readings.corrected;
    let mut probes = Probes {
        published: readings.published,
        request,
        found: Vec::new(),
    };
    probes.credentials(operation);
    for parameter in &operation.parameters {
        probes.parameter(parameter);
    }
    probes.body(operation);
    if !operation.accepts().is_empty() {
        let success = Success::Warning(WarningKind::Accept);
        probes.add("another `Accept`", success, &|request| {
            set(request, "accept", Some("application/vnd.conformance.none"));
        });
    }
    let is_taken = |method: &&str| {
        let mut operations = contract.operations.iter();
        operations.any(|known| known.path == operation.path && known.method == *method)
    };
    let mut methods = ["POST", "PUT", "PATCH"].into_iter();
    if let Some(method) = methods.find(|method| !is_taken(method)) {
        let name = format!("the method {method}");
        probes.add(&name, Success::Failure, &|request| {
            request.method = method.to_owned();
        });
    }
    probes.found
}

struct Probes<'a> {
    published: &'a Operation,
    request: &'a Request,
    found: Vec<Probe>,
}

impl Probes<'_> {
    /// The request with a change, which must be refused.
    fn add(&mut self, name: &str, success: Success, change: &dyn Fn(&mut Request)) {
        let mut request = self.request.clone();
        change(&mut request);
        self.found.push(Probe {
            name: format!("{PREFIX}{name}"),
            request,
            success,
        });
    }

    fn credentials(&mut self, operation: &Operation) {
        if !operation.needs_credentials() {
            return;
        }
        let success = published(self.published.needs_credentials());
        let sent = operation
            .security
            .iter()
            .find(|requirement| requirement.is_satisfied_by(self.request));
        let schemes = sent.map_or(&[][..], |requirement| &requirement.schemes);
        self.add("no credentials", success, &|request| {
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
            self.add(&format!("unusable credentials{of}"), success, &|request| {
                set_credentials(request, scheme, Some(unusable));
            });
            // Mock servers accept any of the right form.
            let success = Success::Warning(WarningKind::AnyCredentials);
            self.add(&format!("wrong credentials{of}"), success, &|request| {
                set_credentials(request, scheme, Some(wrong));
            });
        }
    }

    fn parameter(&mut self, parameter: &Parameter) {
        let name = &parameter.name;
        let mut known = self.published.parameters.iter();
        let published_one =
            known.find(|known| known.name == *name && known.location == parameter.location);
        let is_required = published(published_one.is_some_and(|known| known.required));
        let has_type = published(published_one.is_some_and(is_typed));
        match parameter.location {
            Location::Header if parameter.fixed.is_some() => {
                if parameter.required {
                    self.add(&format!("no `{name}`"), is_required, &|request| {
                        set(request, name, None);
                    });
                }
                let lists_values =
                    published_one.is_some_and(|known| !known.schema.resolved().choices.is_empty());
                let success = match lists_values {
                    true => Success::Failure,
                    false => Success::Warning(WarningKind::Version),
                };
                self.add(&format!("another `{name}`"), success, &|request| {
                    set(request, name, Some("v19000101"));
                });
            }
            Location::Query => {
                if parameter.required {
                    self.add(&format!("no `{name}`"), is_required, &|request| {
                        set_in_query(request, name, None);
                    });
                }
                if is_typed(parameter) {
                    let probe = format!("`{name}` of another type");
                    self.add(&probe, has_type, &|request| {
                        set_in_query(request, name, Some("conformance"));
                    });
                }
            }
            Location::Path | Location::Header => {}
        }
    }

    /// No body, and for each property of an object: an object without it if it is required, and one with another type.
    fn body(&mut self, operation: &Operation) {
        let Some(body) = operation.body.as_ref().filter(|body| body.required) else {
            return;
        };
        let of_published = self.published.body.as_ref();
        let success = published(of_published.is_some_and(|body| body.required));
        self.add("no body", success, &|request| {
            request.body.clear();
            set(request, "content-type", None);
        });
        let Ok(Value::Object(whole)) = serde_json::from_slice(&self.request.body) else {
            return;
        };
        let known: &[_] =
            of_published.map_or(&[], |body| body.content.schema.resolved().properties());
        for property in body.content.schema.resolved().properties() {
            let name = &property.name;
            if !whole.contains_key(name) {
                continue;
            }
            let known = known.iter().find(|known| known.name == *name);
            let mut with = |probe: &str, value: Option<Value>, is_published: bool| {
                let mut changed = whole.clone();
                match value {
                    Some(value) => _ = changed.insert(name.clone(), value),
                    None => _ = changed.shift_remove(name),
                }
                let changed = Value::Object(changed);
                // A schema may allow more than it shows: without `type`, its properties are those of objects only.
                if body.content.schema.allows(&changed) {
                    return;
                }
                let allowed = of_published.is_some_and(|body| body.content.schema.allows(&changed));
                let success = published(is_published && !allowed);
                let changed = changed.to_string().into_bytes();
                self.add(probe, success, &|request| request.body.clone_from(&changed));
            };
            if property.required {
                let is_published = known.is_some_and(|known| known.required);
                with(&format!("a body without `{name}`"), None, is_published);
            }
            if let Some(other) = of_another_type(&property.schema) {
                let of_published = known.and_then(|known| of_another_type(&known.schema));
                let probe = format!("a body with `{name}` of another type");
                with(&probe, Some(other), of_published.is_some());
            }
        }
    }
}

/// What a success means, by whether the published spec says what is probed.
fn published(is_published: bool) -> Success {
    match is_published {
        true => Success::Failure,
        false => Success::Warning(WarningKind::Correction),
    }
}

/// Whether a text such as `conformance` is not a value of a parameter.
fn is_typed(parameter: &Parameter) -> bool {
    let schema = parameter.schema.resolved();
    let item = match &schema.kind {
        Kind::Array(items) => items,
        _ => schema,
    };
    !item.choices.is_empty() || matches!(item.kind, Kind::Boolean | Kind::Integer | Kind::Number)
}

/// A value that no reader takes for one of the schema.
fn of_another_type(schema: &ResolvedSchema) -> Option<Value> {
    match schema.kind {
        Kind::Boolean | Kind::Integer | Kind::Number | Kind::String | Kind::Array(_) => {
            Some(json!({ "conformance": [] }))
        }
        Kind::Object { .. } => Some(json!("conformance")),
        Kind::Any | Kind::Recursive => None,
    }
}

/// Replaces the credentials of a scheme, or removes them.
fn set_credentials(request: &mut Request, scheme: &Scheme, value: Option<&str>) {
    match scheme {
        Scheme::Basic | Scheme::Bearer => set(request, "authorization", value),
        Scheme::Header(name) => set(request, name, value),
        Scheme::Query(name) => set_in_query(request, name, value),
        Scheme::Cookie(name) => {
            let cookie = value.map(|value| format!("{name}={value}"));
            set(request, "cookie", cookie.as_deref());
        }
        Scheme::Other(_) => {}
    }
}

/// Sets a parameter of the query, or removes it.
fn set_in_query(request: &mut Request, name: &str, value: Option<&str>) {
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    let others = query.split('&').filter(|pair| {
        let (sent, _) = pair.split_once('=').unwrap_or((pair, ""));
        !pair.is_empty() && decode_segment(sent).is_none_or(|sent| sent != name)
    });
    let encoded = encode(name);
    let mut pairs: Vec<String> = others.map(str::to_owned).collect();
    pairs.extend(value.map(|value| format!("{encoded}={value}")));
    request.target = match pairs.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", pairs.join("&")),
    };
}

/// Sets a header, or removes it.
fn set(request: &mut Request, name: &str, value: Option<&str>) {
    let headers = &mut request.headers;
    headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    if let Some(value) = value {
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
}
