//! Whether a request keeps to the contract: the rules that the suite holds clients to, and the mock server its callers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::contract::resolved_schema::{Kind, Shape};
use crate::contract::{Operation, Parameter, Place, Security, in_range};
use crate::wire::{Request, decode_segment, essence};

/// A rule of the contract that a request breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: Rule,
    /// What is wrong, without any value that may be a secret.
    pub message: String,
}

/// The rules, the weightier first: a server answers for the first one that is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The path is the operation's.
    Path,
    /// The method is the operation's.
    Method,
    /// The credentials are of a scheme that satisfies the operation.
    Credentials,
    /// A header that the spec fixes, such as `Accept-Version`, is sent with its value.
    Version,
    /// The caller takes a media type that the operation answers with.
    Accept,
    /// Parameters are declared, complete, given once and of their types.
    Parameter,
    /// The body is of the operation's media type.
    MediaType,
    /// The body is there where it is needed, and fits its schema.
    Body,
}

/// What is wrong with a request that is meant for an operation.
pub fn violations(operation: &Operation, request: &Request) -> Vec<Violation> {
    let mut found = Findings::default();
    match path_values(&operation.path, request.path()) {
        Some(values) => path(operation, &values, &mut found),
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
struct Findings(Vec<Violation>);

impl Findings {
    fn add(&mut self, rule: Rule, message: impl Into<String>) {
        self.0.push(Violation {
            rule,
            message: message.into(),
        });
    }
}

/// The values of a path template's parameters, as they are written; `None`: the path is another.
pub fn path_values<'a>(template: &'a str, path: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let (mut wanted, mut found) = (template.split('/'), path.split('/'));
    let mut values = Vec::new();
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return Some(values),
            (Some(wanted), Some(found)) => match parameter_of(wanted) {
                None if wanted == found => {}
                None => return None,
                Some((before, name, after)) => {
                    let value = found.strip_prefix(before)?.strip_suffix(after)?;
                    values.push((name, value));
                }
            },
            _ => return None,
        }
    }
}

/// A template's segment as what stands before its parameter, the parameter's name, and what stands after it.
fn parameter_of(segment: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = segment.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

fn path(operation: &Operation, values: &[(&str, &str)], found: &mut Findings) {
    for (name, raw) in values {
        if raw.is_empty() {
            found.add(Rule::Path, format!("path parameter `{name}` is empty"));
            continue;
        }
        let decoded = is_escaped(raw).then(|| decode_segment(raw)).flatten();
        let Some(decoded) = decoded else {
            let message = format!("path parameter `{name}` holds characters that must be escaped");
            found.add(Rule::Parameter, message);
            continue;
        };
        let known = |known: &&Parameter| known.place == Place::Path && known.name == *name;
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

fn credentials(operation: &Operation, request: &Request, found: &mut Findings) {
    let schemes = &operation.security;
    if schemes.is_empty() || schemes.iter().any(|scheme| satisfies(scheme, request)) {
        return;
    }
    let wanted: Vec<String> = schemes.iter().map(name_of).collect();
    let wanted = wanted.join(" or ");
    found.add(
        Rule::Credentials,
        format!("the credentials are not {wanted}"),
    );
}

fn name_of(scheme: &Security) -> String {
    match scheme {
        Security::Basic => "`Authorization: Basic` with a client id and a key".to_owned(),
        Security::Bearer => "`Authorization: Bearer` with a token".to_owned(),
        Security::Header(name) => format!("a token in `{name}`"),
    }
}

fn satisfies(scheme: &Security, request: &Request) -> bool {
    held(scheme, request).is_some()
}

/// The credentials of a scheme that a request holds: a token, or `ID:KEY`. `None`: none, or not of the right form.
pub fn held(scheme: &Security, request: &Request) -> Option<String> {
    let header = match scheme {
        Security::Header(name) => name,
        Security::Basic | Security::Bearer => "authorization",
    };
    let mut values = request.header(header);
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let after = |wanted: &str| {
        let (name, rest) = value.split_once(' ')?;
        name.eq_ignore_ascii_case(wanted).then(|| rest.trim())
    };
    let held = match scheme {
        Security::Header(_) => value.trim().to_owned(),
        Security::Bearer => after("Bearer")?.to_owned(),
        Security::Basic => {
            let pair = String::from_utf8(STANDARD.decode(after("Basic")?).ok()?).ok()?;
            let (id, key) = pair.split_once(':')?;
            (!id.is_empty() && !key.is_empty()).then_some(pair)?
        }
    };
    (!held.is_empty()).then_some(held)
}

fn headers(operation: &Operation, request: &Request, found: &mut Findings) {
    let declared = operation.parameters.iter();
    for parameter in declared.filter(|parameter| parameter.place == Place::Header) {
        let name = &parameter.name;
        let values: Vec<String> = request.header(name).map(str::to_owned).collect();
        if let Some(fixed) = &parameter.fixed {
            match values.as_slice() {
                [only] if only == fixed => {}
                [] if !parameter.required => {}
                [] => found.add(
                    Rule::Version,
                    format!("header `{name}` is missing: it is `{fixed}`"),
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

fn accept(operation: &Operation, request: &Request, found: &mut Findings) {
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

/// Whether a range is listed only to say that it is not wanted (`;q=0`).
fn is_refused(range: &str) -> bool {
    range.split(';').skip(1).any(|parameter| {
        let weight = parameter.trim().strip_prefix("q=");
        weight.and_then(|weight| weight.parse::<f32>().ok()) == Some(0.0)
    })
}

fn query(operation: &Operation, request: &Request, found: &mut Findings) {
    let pairs = request.query();
    let declared = || {
        operation
            .parameters
            .iter()
            .filter(|known| known.place == Place::Query)
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
    let mut unknown: Vec<&str> = Vec::new();
    for (name, _) in &pairs {
        if !declared().any(|known| known.name == *name) && !unknown.contains(&name.as_str()) {
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

/// Judges the values of a parameter, all that were sent under its name.
fn value(parameter: &Parameter, values: &[String], place: &str, found: &mut Findings) {
    let (name, shape) = (&parameter.name, parameter.schema.shape());
    let value = match (&shape.kind, values) {
        (Kind::Array(items), values) if parameter.explode => {
            values.iter().map(|text| typed(items, text)).collect()
        }
        (Kind::Array(items), [joined]) => {
            joined.split(',').map(|text| typed(items, text)).collect()
        }
        (_, [single]) => typed(shape, single),
        _ => {
            found.add(
                Rule::Parameter,
                format!("{place} parameter `{name}` is sent more than once"),
            );
            return;
        }
    };
    for fault in parameter.schema.faults(&value) {
        found.add(
            Rule::Parameter,
            format!("{place} parameter `{name}`: {fault}"),
        );
    }
}

/// A parameter's text as a value of its type; the text itself where it is none.
pub fn typed(shape: &Shape, text: &str) -> Value {
    let parsed = match shape.kind {
        Kind::Boolean => match text {
            "true" => Some(json!(true)),
            "false" => Some(json!(false)),
            _ => None,
        },
        Kind::Integer => {
            // Larger than any type of Rust's is a whole number still.
            let digits = text.strip_prefix('-').unwrap_or(text);
            let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let large = || serde_json::from_str(text).ok().filter(|_| is_whole);
            text.parse::<i64>().map(Value::from).ok().or_else(large)
        }
        Kind::Number => serde_json::from_str(text).ok().filter(Value::is_number),
        _ => None,
    };
    parsed.unwrap_or_else(|| json!(text))
}

fn body(operation: &Operation, request: &Request, found: &mut Findings) {
    let Some(declared) = &operation.body else {
        if !request.body.is_empty() {
            found.add(Rule::Body, "there is a body, and the operation takes none");
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
            for fault in declared.content.schema.faults(&value) {
                found.add(Rule::Body, format!("the body at {fault}"));
            }
        }
        Err(_) => found.add(Rule::Body, "the body is not JSON"),
    }
}
