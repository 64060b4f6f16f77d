//! What the mock server answers: the spec's examples to those who keep to the spec, and to others what is wrong.

use std::sync::Arc;

use serde_json::json;

use crate::cases::success;
use crate::check::request::{Rule, Violation, held, violations};
use crate::contract::{Contract, Operation, Security};
use crate::wire::{Reply, Request};

/// The routes of a contract, and what is answered on each.
pub(super) struct Answers {
    contract: Arc<Contract>,
    routes: matchit::Router<Vec<Route>>,
    /// The only credentials that are taken; any of the right form if there are none.
    credentials: Option<String>,
}

/// An operation on a path.
struct Route {
    method: String,
    operation: usize,
    success: Reply,
}

impl Answers {
    /// The answers of a contract.
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
            let conflict = |error| format!("`{path}` cannot be told from another path: {error}");
            routes.insert(path.clone(), operations).map_err(conflict)?;
        }
        Ok(Self {
            contract,
            routes,
            credentials,
        })
    }

    /// The answer to a request.
    pub(super) fn answer(&self, request: &Request) -> Reply {
        let Ok(found) = self.routes.at(request.path()) else {
            return refusal(404, "there is no such path", &[]);
        };
        let routes = found.value;
        let Some(route) = routes.iter().find(|route| route.method == request.method) else {
            let allowed: Vec<&str> = routes.iter().map(|route| route.method.as_str()).collect();
            let mut reply = refusal(405, "the path does not take this method", &[]);
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
            let message = "the credentials are not those that this server takes".to_owned();
            let rule = Rule::Credentials;
            found.insert(0, Violation { rule, message });
        }
        let Some(first) = found.first() else {
            return route.success.clone();
        };
        let mut reply = refusal(status(first.rule), &first.message, &found);
        if first.rule == Rule::Credentials {
            // RFC 9110, section 11.6.1: a 401 names the schemes.
            let schemes = operation.security.iter().map(|scheme| match scheme {
                Security::Basic => "Basic realm=\"mx\"".to_owned(),
                Security::Bearer => "Bearer".to_owned(),
                Security::Header(name) => name.clone(),
            });
            let schemes: Vec<String> = schemes.collect();
            reply
                .headers
                .push(("www-authenticate".to_owned(), schemes.join(", ")));
        }
        reply
    }

    /// Whether the request holds the credentials that are taken.
    fn knows(&self, operation: &Operation, request: &Request) -> bool {
        let Some(known) = &self.credentials else {
            return true;
        };
        let mut schemes = operation.security.iter();
        operation.security.is_empty()
            || schemes.any(|scheme| held(scheme, request).as_ref() == Some(known))
    }
}

/// A template whose parameters are named by their place, so that templates that name them differently can be told
/// apart by the rest.
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

/// The status by which MX answers the breach of a rule.
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

/// The answer to a call that is to be tried again later.
pub(super) fn throttled() -> Reply {
    let mut reply = refusal(429, "too many requests", &[]);
    reply
        .headers
        .push(("retry-after".to_owned(), "1".to_owned()));
    reply
}

/// The answer of a service that is down.
pub(super) fn unavailable() -> Reply {
    refusal(503, "the service is not available", &[])
}

/// The answer to a call whose session has expired, by MX's code for it.
pub(super) fn expired() -> Reply {
    let body = json!({ "error": { "code": 4011, "message": "the session has expired" } });
    Reply::json(401, "application/json", &body)
}
