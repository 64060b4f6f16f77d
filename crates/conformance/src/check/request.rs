//! Whether a request follows the contract. The suite checks clients by these rules, and the mock server its callers.

use std::borrow::Cow;

use client_core::Location;
use openapi::pointer;
use serde_json::{Value, json};

use crate::contract::media_type::{essence, in_range};
use crate::contract::path::path_readings;
use crate::contract::resolved_schema::{Kind, ResolvedSchema};
use crate::contract::schema::{SchemaError, shown};
use crate::contract::{Operation, Parameter, Scheme, security};
use crate::wire::{Request, decode_segment};

/// How many characters of a refused value are shown.
const LONGEST_VALUE: usize = 60;

/// How many values of an enum are shown.
const MOST_CHOICES: usize = 10;

/// A rule of the contract that a request breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: Rule,
    /// What is wrong, without values that may be secrets.
    pub message: String,
    /// The same with the value that is refused, and what to send instead.
    pub detail: Option<Detail>,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// The names that lead to the value: of a parameter, or of the fields of a body.
    pub names: Vec<String>,
    /// What is wrong, with the value.
    pub message: String,
}

/// The rules, the most important first: a server responds to the first one that is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The path is the operation's.
    Path,
    /// The method is the operation's.
    Method,
    /// The credentials are those of a security scheme of the operation.
    Credentials,
    /// A header that the spec fixes, such as `Accept-Version`, is sent with its value.
    Version,
    /// The caller accepts a media type that the operation responds with.
    Accept,
    /// Parameters are declared, complete, sent once and of their types.
    Parameter,
    /// The body is of the operation's media type.
    MediaType,
    /// The body is there if it is required, and fits its schema.
    Body,
}

/// The rules that a request to an operation breaks.
pub fn violations(operation: &Operation, request: &Request) -> Vec<Violation> {
    let mut found = Violations::default();
    let readings = path_readings(&operation.path, request.path());
    let mut judged = readings.iter().map(|values| {
        let mut found = Violations::default();
        path(operation, values, &mut found);
        found
    });
    // Of several ways to read the path, one that follows the spec is meant.
    match judged.next() {
        Some(first) => {
            let right = judged.find(|found| found.0.is_empty());
            let of_path = if first.0.is_empty() {
                first
            } else {
                right.unwrap_or(first)
            };
            found.0.extend(of_path.0);
        }
        None => found.add(Rule::Path, format!("the path is not `{}`", operation.path)),
    }
    if request.method != operation.method {
        let (sent, wanted) = (&request.method, &operation.method);
        found.add(
            Rule::Method,
            format!("the method is `{sent}`, not `{wanted}`"),
        );
    }
    credentials(operation, request, &mut found);
    headers(operation, request, &mut found);
    accept(operation, request, &mut found);
    query(operation, request, &mut found);
    body(operation, request, &mut found);
    found.0.sort_by_key(|violation| violation.rule);
    found.0
}

#[derive(Default)]
struct Violations(Vec<Violation>);

impl Violations {
    fn add(&mut self, rule: Rule, message: impl Into<String>) {
        self.0.push(Violation {
            rule,
            message: message.into(),
            detail: None,
        });
    }

    /// Adds what is wrong with a value, without it and in detail.
    fn add_value(&mut self, rule: Rule, message: String, detail: Detail) {
        self.0.push(Violation {
            rule,
            message,
            detail: Some(detail),
        });
    }
}

fn path(operation: &Operation, values: &[(&str, &str)], found: &mut Violations) {
    for (name, raw) in values {
        if raw.is_empty() {
            found.add(Rule::Path, format!("path parameter `{name}` is empty"));
            continue;
        }
        let decoded = is_escaped(raw).then(|| decode_segment(raw)).flatten();
        let Some(decoded) = decoded else {
            let message =
                format!("path parameter `{name}` has characters that must be percent-encoded");
            found.add(Rule::Parameter, message);
            continue;
        };
        let known = |known: &&Parameter| known.location == Location::Path && known.name == *name;
        if let Some(parameter) = operation.parameters.iter().find(known) {
            value(parameter, &[decoded], "path", found);
        }
    }
}

/// Whether a segment is written with the characters of RFC 3986 (`pchar`) only.
fn is_escaped(segment: &str) -> bool {
    let bytes = segment.as_bytes();
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'%' => {
            let hex = |offset: usize| bytes.get(at + offset).is_some_and(u8::is_ascii_hexdigit);
            hex(1) && hex(2)
        }
        byte => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(byte),
    })
}

fn credentials(operation: &Operation, request: &Request, found: &mut Violations) {
    let mut requirements = operation.security.iter();
    if operation.needs_credentials() && !requirements.any(|known| known.is_satisfied_by(request)) {
        let wanted = security::any_of(&operation.security);
        let message = format!("the credentials are not {wanted}");
        found.add(Rule::Credentials, message);
    }
}

fn headers(operation: &Operation, request: &Request, found: &mut Violations) {
    let declared = operation.parameters.iter();
    for parameter in declared.filter(|parameter| parameter.location == Location::Header) {
        let name = &parameter.name;
        let values: Vec<String> = request.header(name).map(str::to_owned).collect();
        if let Some(fixed) = &parameter.fixed {
            match values.as_slice() {
                [only] if only == fixed => {}
                [] if !parameter.required => {}
                [] => found.add(
                    Rule::Version,
                    format!("header `{name}` is missing: it must be `{fixed}`"),
                ),
                [only] => {
                    let message = format!("header `{name}` is `{only}`, not `{fixed}`");
                    found.add(Rule::Version, message);
                }
                _ => found.add(
                    Rule::Version,
                    format!("header `{name}` is sent more than once"),
                ),
            }
            continue;
        }
        match values.as_slice() {
            [] if parameter.required => {
                found.add(Rule::Parameter, format!("header `{name}` is missing"));
            }
            [] => {}
            values => value(parameter, values, "header", found),
        }
    }
}

fn accept(operation: &Operation, request: &Request, found: &mut Violations) {
    let (offered, asked) = (
        operation.accepts(),
        request.header("accept").collect::<Vec<_>>(),
    );
    if offered.is_empty() || asked.is_empty() {
        return;
    }
    let taken = asked
        .iter()
        .flat_map(|list| list.split(','))
        .any(|range| !is_refused(range) && offered.iter().any(|offer| in_range(offer, range)));
    if !taken {
        let offered = offered.join("` or `");
        found.add(
            Rule::Accept,
            format!("header `accept` does not take `{offered}`"),
        );
    }
}

/// Whether a range says what is not acceptable (`;q=0`).
fn is_refused(range: &str) -> bool {
    range.split(';').skip(1).any(|parameter| {
        let weight = parameter.trim().strip_prefix("q=");
        weight.and_then(|weight| weight.parse::<f32>().ok()) == Some(0.0)
    })
}

fn query(operation: &Operation, request: &Request, found: &mut Violations) {
    let pairs = request.query();
    let declared = || {
        operation
            .parameters
            .iter()
            .filter(|known| known.location == Location::Query)
    };
    for parameter in declared() {
        let name = &parameter.name;
        let values: Vec<String> = pairs
            .iter()
            .filter(|(sent, _)| sent == name)
            .map(|(_, value)| value.clone())
            .collect();
        if !values.is_empty() {
            value(parameter, &values, "query", found);
        } else if parameter.required {
            found.add(
                Rule::Parameter,
                format!("query parameter `{name}` is missing"),
            );
        }
    }
    let schemes = operation.security.iter().flat_map(|known| &known.schemes);
    let credentials: Vec<&str> = schemes
        .filter_map(|scheme| match scheme {
            Scheme::Query(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let mut unknown: Vec<&str> = Vec::new();
    for (name, _) in &pairs {
        let is_declared = declared().any(|known| known.name == *name);
        if !is_declared && !credentials.contains(&&**name) && !unknown.contains(&name.as_str()) {
            unknown.push(name);
        }
    }
    for name in unknown {
        found.add(
            Rule::Parameter,
            format!("query parameter `{name}` is not declared"),
        );
    }
}

/// Checks the values of a parameter: all that were sent with its name.
fn value(parameter: &Parameter, values: &[String], place: &str, found: &mut Violations) {
    let (name, schema) = (&parameter.name, parameter.schema.resolved());
    let value = match (&schema.kind, values) {
        (Kind::Array(items), values)
            if parameter.explode && parameter.location == Location::Query =>
        {
            values.iter().map(|text| typed(items, text)).collect()
        }
        // In a path or header the items are joined; a header may also be sent in several lines.
        (Kind::Array(items), values)
            if values.len() == 1 || parameter.location == Location::Header =>
        {
            let items_of = |joined: &'_ String| {
                let texts = joined.split(',').map(str::trim);
                texts.map(|text| typed(items, text)).collect::<Vec<_>>()
            };
            values.iter().flat_map(items_of).collect()
        }
        (_, [single]) => typed(schema, single),
        _ => {
            found.add(
                Rule::Parameter,
                format!("{place} parameter `{name}` is sent more than once"),
            );
            return;
        }
    };
    for error in parameter.schema.errors(&value) {
        let explained = explained(schema, &value, &error);
        let detail = Detail {
            names: vec![name.clone()],
            message: format!("{place} parameter `{name}`: {explained}"),
        };
        let message = format!("{place} parameter `{name}`: {error}");
        found.add_value(Rule::Parameter, message, detail);
    }
}

/// The text of a parameter as a value of its type; the text itself if it is not one.
pub fn typed(schema: &ResolvedSchema, text: &str) -> Value {
    let parsed = match schema.kind {
        Kind::Boolean => match text {
            "true" => Some(json!(true)),
            "false" => Some(json!(false)),
            _ => None,
        },
        Kind::Integer => {
            // A number that is larger than Rust's types is still a whole number.
            let digits = text.strip_prefix('-').unwrap_or(text);
            let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let large = || serde_json::from_str(text).ok().filter(|_| is_whole);
            text.parse::<i64>().map(Value::from).ok().or_else(large)
        }
        Kind::Number => serde_json::from_str(text).ok().filter(Value::is_number),
        // A text may be any of several types.
        Kind::Any => schema
            .alternatives
            .iter()
            .map(|alternative| typed(alternative, text))
            .find(|value| !value.is_string()),
        _ => None,
    };
    parsed.unwrap_or_else(|| json!(text))
}

fn body(operation: &Operation, request: &Request, found: &mut Violations) {
    let Some(declared) = &operation.body else {
        if !request.body.is_empty() {
            found.add(Rule::Body, "there is a body, but the operation takes none");
        }
        return;
    };
    if request.body.is_empty() {
        if declared.required {
            found.add(Rule::Body, "the body is missing");
        }
        return;
    }
    let wanted = &declared.content.media_type;
    let sent = request.header("content-type").next().unwrap_or_default();
    if essence(sent) != essence(wanted) {
        found.add(
            Rule::MediaType,
            format!("header `content-type` is not `{wanted}`"),
        );
        return;
    }
    if !declared.content.is_json {
        return;
    }
    match serde_json::from_slice::<Value>(&request.body) {
        Ok(value) => {
            let schema = declared.content.schema.resolved();
            for error in declared.content.schema.errors(&value) {
                let explained = explained(schema, &value, &error);
                let names = pointer::segments(&error.pointer).map(Cow::into_owned);
                let detail = Detail {
                    names: names.collect(),
                    message: format!("the body at `{}`: {explained}", shown(&error.pointer)),
                };
                found.add_value(Rule::Body, format!("the body at {error}"), detail);
            }
        }
        Err(error) => found.add(
            Rule::Body,
            match error.line() {
                0 => "the body is not JSON".to_owned(),
                line => format!(
                    "the body is not JSON: line {line}, column {}",
                    error.column()
                ),
            },
        ),
    }
}

/// What is wrong with the part of a value that an error is about, with that part.
fn explained(schema: &ResolvedSchema, value: &Value, error: &SchemaError) -> String {
    let part = value.pointer(&error.pointer).unwrap_or(value);
    let seen = match part {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let seen = match seen.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &seen[..end]),
        None => seen,
    };
    let mut names = pointer::segments(&error.pointer);
    let schema = names.try_fold(schema, |schema, name| schema.below(&name));
    let advice = match schema {
        Some(schema) if !schema.choices.is_empty() && !schema.choices.contains(part) => {
            let choices = schema.choices.iter().take(MOST_CHOICES);
            let choices: Vec<String> = choices
                .map(|choice| choice.as_str().map_or(choice.to_string(), str::to_owned))
                .collect();
            let more = match schema.choices.len() > MOST_CHOICES {
                true => ", …",
                false => "",
            };
            format!("is not allowed: send `{}`{more}", choices.join("`, `"))
        }
        Some(schema) if !schema.fits(part) => match &schema.kind {
            Kind::Boolean => {
                let meant = match seen.to_ascii_lowercase().as_str() {
                    "true" | "1" | "yes" | "on" => "`true`",
                    "false" | "0" | "no" | "off" => "`false`",
                    _ => "`true` or `false`",
                };
                format!("is not a boolean: send {meant}")
            }
            Kind::Integer => "is not a whole number: send digits, such as `12`".to_owned(),
            Kind::Number => "is not a number: send one such as `12.5`".to_owned(),
            Kind::String => "is not a text: send it in quotes".to_owned(),
            Kind::Array(_) => "is not a list".to_owned(),
            Kind::Object { .. } => "is not an object".to_owned(),
            Kind::Any | Kind::Recursive => error.of_it().to_owned(),
        },
        _ => error.of_it().to_owned(),
    };
    format!("`{seen}` {advice}")
}
