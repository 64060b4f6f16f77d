//! Calls as `curl` lines, without anybody's credentials.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::cases::Given;
use crate::contract::{Operation, Place, Security};
use crate::wire::Request;

/// Everything outside the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Headers that curl writes itself, or that hold credentials.
const LEFT_OUT: [&str; 7] = [
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "host",
    "user-agent",
    "transfer-encoding",
];

/// A call of an operation as the contract wants it, made without a client. Arrays are left out.
pub fn request(operation: &Operation, given: &Given) -> Request {
    let (mut path, mut query) = (operation.path.clone(), Vec::new());
    let mut headers = Vec::new();
    for parameter in &operation.parameters {
        if let Some(fixed) = &parameter.fixed {
            headers.push((parameter.name.to_ascii_lowercase(), fixed.clone()));
        }
    }
    for (index, value) in &given.parameters {
        let parameter = &operation.parameters[*index];
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Array(_) => continue,
            other => other.to_string(),
        };
        let encoded = utf8_percent_encode(&text, ENCODED);
        match parameter.place {
            Place::Path => {
                path = path.replace(&format!("{{{}}}", parameter.name), &encoded.to_string());
            }
            Place::Query => query.push(format!("{}={encoded}", parameter.name)),
            Place::Header => headers.push((parameter.name.to_ascii_lowercase(), text)),
        }
    }
    let accepts = operation.accepts().join(", ");
    if !accepts.is_empty() {
        headers.push(("accept".to_owned(), accepts));
    }
    let body = match (&operation.body, &given.body) {
        (Some(body), Some(value)) => {
            headers.push(("content-type".to_owned(), body.content.media_type.clone()));
            value.to_string().into_bytes()
        }
        _ => Vec::new(),
    };
    if !query.is_empty() {
        path = format!("{path}?{}", query.join("&"));
    }
    Request {
        method: operation.method.clone(),
        target: path,
        headers,
        body,
    }
}

/// The line that sends a request, for a POSIX shell, with the credentials taken from the environment.
pub fn line(base_url: &str, operation: &Operation, request: &Request) -> String {
    let mut words = vec!["curl".to_owned()];
    match request.method.as_str() {
        "GET" => words.push("-i".to_owned()),
        // With `-X`, curl would wait for a body.
        "HEAD" => words.push("--head".to_owned()),
        method => words.extend(["-i".to_owned(), "-X".to_owned(), quoted(method)]),
    }
    let mut secret_header = None;
    match operation.security.first() {
        // Double quotes, so that the shell puts the values in.
        Some(Security::Basic) => words.push("-u \"$MX_CLIENT_ID:$MX_API_KEY\"".to_owned()),
        Some(Security::Bearer) => words.push("-H \"Authorization: Bearer $MX_TOKEN\"".to_owned()),
        Some(Security::Header(name)) => {
            words.push(match name.contains(is_special) {
                false => format!("-H \"{name}: $MX_SESSION_TOKEN\""),
                true => format!("-H {}\"$MX_SESSION_TOKEN\"", quoted(&format!("{name}: "))),
            });
            secret_header = Some(name);
        }
        None => {}
    }
    for (name, value) in &request.headers {
        let secret = secret_header.is_some_and(|secret| secret.eq_ignore_ascii_case(name));
        // curl takes `@name` for a file to read headers from.
        if !secret && !LEFT_OUT.contains(&name.as_str()) && !name.starts_with('@') {
            words.extend(["-H".to_owned(), quoted(&format!("{name}: {value}"))]);
        }
    }
    if !request.body.is_empty() {
        let body = String::from_utf8_lossy(&request.body);
        words.extend(["--data-raw".to_owned(), quoted(&body)]);
    }
    let url = format!("{base_url}{}", request.target);
    if url.contains(['[', ']', '{', '}']) {
        // To curl these are patterns of several URLs.
        words.push("--globoff".to_owned());
    }
    words.push(quoted(&url));
    words.join(" ")
}

/// The text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    match text.contains(is_special) || text.is_empty() {
        // In single quotes, nothing but a single quote is special.
        true => format!("'{}'", text.replace('\'', r"'\''")),
        false => text.to_owned(),
    }
}

/// Whether a letter may mean something to a shell.
fn is_special(letter: char) -> bool {
    !letter.is_ascii_alphanumeric() && letter != '-' && letter != '_'
}
