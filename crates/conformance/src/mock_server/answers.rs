//! The responses of the mock server: the spec's examples to requests that follow the spec, and what is wrong to others.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::cases::answer;
use crate::check::request::{Rule, Violation, violations};
use crate::contract::path;
use crate::contract::{Contract, Operation, Scheme};
use crate::mock_server::credentials::Accepted;
use crate::mock_server::prefer::Preference;
use crate::mock_server::scenario::Play;
use crate::report::{SecretNames, text::line};
use crate::wire::{Reply, Request};

/// How many violations a refusal lists.
const MOST_VIOLATIONS: usize = 20;

/// The routes of a contract, and the response of each.
pub(super) struct Answers {
    contract: Arc<Contract>,
    routes: matchit::Router<Vec<Route>>,
    credentials: Accepted,
    /// Fields and parameters whose values are not shown.
    secrets: SecretNames,
    scenario: Option<Play>,
}

/// An operation on a path.
struct Route {
    method: String,
    operation: usize,
    success: Reply,
}

/// A response, why it is a refusal, and how long it takes.
pub(super) struct Answer {
    pub(super) reply: Reply,
    /// Without values of the request.
    pub(super) reason: Option<String>,
    pub(super) delay: Duration,
}

impl Answer {
    fn of(reply: Reply) -> Self {
        Self {
            reply,
            reason: None,
            delay: Duration::ZERO,
        }
    }
}

impl Answers {
    /// The responses of a contract.
    ///
    /// # Errors
    ///
    /// Two path templates match the same paths.
    pub(super) fn new(
        contract: Arc<Contract>,
        credentials: Accepted,
        scenario: Option<Play>,
    ) -> Result<Self, String> {
        let mut paths: Vec<(String, Vec<Route>)> = Vec::new();
        for (index, operation) in contract.operations.iter().enumerate() {
            let route = Route {
                method: operation.method.clone(),
                operation: index,
                success: answer(operation),
            };
            let path = anonymous(&path::route(&operation.path));
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
            secrets: SecretNames::new(&contract),
            contract,
            routes,
            credentials,
            scenario,
        })
    }

    /// The response to a request.
    pub(super) fn answer(&self, request: &Request) -> Answer {
        let Ok(found) = self.routes.at(request.path()) else {
            return refusal(404, "there is no such path");
        };
        let routes = found.value;
        let Some(route) = routes.iter().find(|route| route.method == request.method) else {
            let allowed: Vec<&str> = routes.iter().map(|route| route.method.as_str()).collect();
            let mut answer = refusal(405, "the path does not have this method");
            let header = ("allow".to_owned(), allowed.join(", "));
            answer.reply.headers.push(header);
            return answer;
        };
        let operation = &self.contract.operations[route.operation];
        let mut found = violations(operation, request);
        if found
            .first()
            .is_none_or(|first| first.rule > Rule::Credentials)
            && !self.credentials.has(operation, request)
        {
            found.insert(
                0,
                Violation {
                    rule: Rule::Credentials,
                    message: "the credentials are not those that this server accepts".to_owned(),
                    detail: None,
                },
            );
        }
        if !found.is_empty() {
            return self.refusal_of(operation, &found);
        }
        match Preference::of(request) {
            Ok(None) => {}
            Ok(Some(preference)) => {
                return match preference.choose(operation) {
                    Ok(reply) => Answer::of(reply),
                    Err(message) => refusal(400, &message),
                };
            }
            Err(message) => return refusal(400, &message),
        }
        match self
            .scenario
            .as_ref()
            .and_then(|play| play.next(route.operation))
        {
            Some((reply, delay)) => Answer {
                delay,
                ..Answer::of(reply)
            },
            None => Answer::of(route.success.clone()),
        }
    }

    /// The refusal of a request that breaks these rules. It shows the values that are refused, but no secrets.
    fn refusal_of(&self, operation: &Operation, found: &[Violation]) -> Answer {
        let shown = |violation: &Violation| {
            let detail = violation.detail.as_ref();
            let detail = detail.filter(|detail| {
                let mut names = detail.names.iter();
                !names.any(|name| self.secrets.contains(name))
            });
            let text = detail.map_or(&violation.message, |detail| &detail.message);
            line(text).into_owned()
        };
        let mut messages: Vec<String> = found.iter().take(MOST_VIOLATIONS).map(shown).collect();
        if let Some(rest @ 1..) = found.len().checked_sub(MOST_VIOLATIONS) {
            messages.push(format!("and {rest} more"));
        }
        let body = json!({ "error": { "message": messages[0], "violations": messages } });
        let first = &found[0];
        let mut reply = Reply::json(status(first.rule), "application/json", &body);
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
        Answer {
            reason: Some(first.message.clone()),
            ..Answer::of(reply)
        }
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

/// A refusal with this message.
pub(super) fn refusal(status: u16, message: &str) -> Answer {
    let body = json!({ "error": { "message": line(message), "violations": [] } });
    Answer {
        reason: Some(message.to_owned()),
        ..Answer::of(Reply::json(status, "application/json", &body))
    }
}

/// The response to a call that should be tried again later.
pub(super) fn throttled() -> Answer {
    let mut answer = refusal(429, "too many requests");
    let header = ("retry-after".to_owned(), "1".to_owned());
    answer.reply.headers.push(header);
    answer
}

/// The response of a service that is down.
pub(super) fn unavailable() -> Answer {
    refusal(503, "the service is not available")
}

/// The response to a call whose session has expired, with MX's code for it.
pub(super) fn expired() -> Answer {
    let body = json!({ "error": { "code": 4011, "message": "the session has expired" } });
    Answer {
        reason: Some("the session has expired".to_owned()),
        ..Answer::of(Reply::json(401, "application/json", &body))
    }
}
