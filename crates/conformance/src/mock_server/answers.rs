//! The responses of the mock server: the spec's examples to requests that follow the spec, and what is wrong to others.

use std::sync::Arc;

use serde_json::json;

use crate::cases::success;
use crate::check::request::{Rule, Violation, violations};
use crate::contract::{Contract, Operation, Scheme};
use crate::wire::{Reply, Request};

/// The routes of a contract, and the response of each.
pub(super) struct Answers {
    contract: Arc<Contract>,
    routes: matchit::Router<Vec<Route>>,
    /// The only credentials that are accepted. Without them, any of the right form are.
    credentials: Option<String>,
}

/// An operation on a path.
struct Route {
    method: String,
    operation: usize,
    success: Reply,
}

impl Answers {
    /// The responses of a contract.
    ///
    /// # Errors
    ///
    /// Two path templates match the same paths.
    pub(super) fn new(
        contract: Arc<Contract>,
        credentials: Option<String>,
    ) -> Result<Self, String> {
        let mut paths: Vec<(String, Vec<Route>)> = Vec::new();
        for (index, operation) in contract.operations.iter().enumerate() {
            let route = Route {
                method: operation.method.clone(),
                operation: index,
                success: success(operation),
            };
            let path = anonymous(&operation.path);
            match paths.iter_mut().find(|(known, _)| *known == path) {
                Some((_, routes)) => routes.push(route),
                None => paths.push((path, vec![route])),
            }
        }
        let mut routes = matchit::Router::new();
        for (path, operations) in paths {
            let conflict =
                |error| format!("`{path}` matches the same requests as another path: {error}");
            routes.insert(path.clone(), operations).map_err(conflict)?;
        }
        Ok(Self {
            contract,
            routes,
            credentials,
        })
    }

    /// The response to a request.
    pub(super) fn answer(&self, request: &Request) -> Reply {
        let Ok(found) = self.routes.at(request.path()) else {
            return refusal(404, "there is no such path", &[]);
        };
        let routes = found.value;
        let Some(route) = routes.iter().find(|route| route.method == request.method) else {
            let allowed: Vec<&str> = routes.iter().map(|route| route.method.as_str()).collect();
            let mut reply = refusal(405, "the path does not have this method", &[]);
            reply.headers.push(("allow".to_owned(), allowed.join(", ")));
            return reply;
        };
        let operation = &self.contract.operations[route.operation];
        let mut found = violations(operation, request);
        if found
            .first()
            .is_none_or(|first| first.rule > Rule::Credentials)
            && !self.knows(operation, request)
        {
            let message = "the credentials are not those that this server accepts".to_owned();
            let rule = Rule::Credentials;
            found.insert(0, Violation { rule, message });
        }
        let Some(first) = found.first() else {
            return route.success.clone();
        };
        let mut reply = refusal(status(first.rule), &first.message, &found);
        if first.rule == Rule::Credentials {
            // RFC 9110, section 11.6.1: a 401 names the schemes.
            let schemes = operation.security.iter().flat_map(|known| &known.schemes);
            let challenges = schemes.filter_map(|scheme| match scheme {
                Scheme::Basic => Some("Basic realm=\"mx\"".to_owned()),
                Scheme::Bearer => Some("Bearer".to_owned()),
                Scheme::Header(name) => Some(name.clone()),
                Scheme::Query(_) | Scheme::Cookie(_) | Scheme::Other(_) => None,
            });
            let challenges: Vec<String> = challenges.collect();
            if !challenges.is_empty() {
                let value = challenges.join(", ");
                reply.headers.push(("www-authenticate".to_owned(), value));
            }
        }
        reply
    }

    /// Whether the request has the credentials that are accepted.
    fn knows(&self, operation: &Operation, request: &Request) -> bool {
        let Some(known) = &self.credentials else {
            return true;
        };
        let mut schemes = operation.security.iter().flat_map(|known| &known.schemes);
        !operation.needs_credentials()
            || schemes.any(|scheme| scheme.credentials(request).as_ref() == Some(known))
    }
}

/// A template whose parameters are named by their position, so that two templates that differ only in these names are
/// the same route.
fn anonymous(template: &str) -> String {
    let segments = template.split('/').enumerate().map(|(place, segment)| {
        let named = segment.split_once('{').and_then(|(before, rest)| {
            let (_, after) = rest.split_once('}')?;
            Some(format!("{before}{{p{place}}}{after}"))
        });
        named.unwrap_or_else(|| segment.to_owned())
    });
    segments.collect::<Vec<_>>().join("/")
}

/// The status with which MX responds if a rule is broken.
fn status(rule: Rule) -> u16 {
    match rule {
        Rule::Path => 404,
        Rule::Method => 405,
        Rule::Credentials => 401,
        Rule::Version | Rule::Accept => 406,
        Rule::Parameter | Rule::MediaType | Rule::Body => 400,
    }
}

fn refusal(status: u16, message: &str, violations: &[Violation]) -> Reply {
    let all: Vec<&str> = violations
        .iter()
        .map(|violation| violation.message.as_str())
        .collect();
    let body = json!({ "error": { "message": message, "violations": all } });
    Reply::json(status, "application/json", &body)
}

/// The response to a call that should be tried again later.
pub(super) fn throttled() -> Reply {
    let mut reply = refusal(429, "too many requests", &[]);
    reply
        .headers
        .push(("retry-after".to_owned(), "1".to_owned()));
    reply
}

/// The response of a service that is down.
pub(super) fn unavailable() -> Reply {
    refusal(503, "the service is not available", &[])
}

/// The response to a call whose session has expired, with MX's code for it.
pub(super) fn expired() -> Reply {
    let body = json!({ "error": { "code": 4011, "message": "the session has expired" } });
    Reply::json(401, "application/json", &body)
}
