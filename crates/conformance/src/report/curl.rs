//! Requests as `curl` commands, without credentials.

use client_core::Location;
use serde_json::Value;

use crate::cases::Given;
use crate::contract::{Operation, Scheme};
use crate::wire::{Request, encode};

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

/// A request of an operation, made from the contract without a client. Arrays are left out.
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
        let encoded = encode(&text);
        match parameter.location {
            Location::Path => {
                path = path.replace(&format!("{{{}}}", parameter.name), &encoded.to_string());
            }
            Location::Query => query.push(format!("{}={encoded}", parameter.name)),
            Location::Header => headers.push((parameter.name.to_ascii_lowercase(), text)),
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

/// The command that sends a request, for a POSIX shell, with credentials from the environment.
pub fn command(base_url: &str, operation: &Operation, request: &Request) -> String {
    let mut words = vec!["curl".to_owned()];
    match request.method.as_str() {
        "GET" => words.push("-i".to_owned()),
        // With `-X`, curl would wait for a body.
        "HEAD" => words.push("--head".to_owned()),
        method => words.extend(["-i".to_owned(), "-X".to_owned(), quoted(method)]),
    }
    let schemes = operation.security.first();
    let schemes = schemes.map_or(&[][..], |requirement| &requirement.schemes);
    words.extend(schemes.iter().filter_map(credentials));
    let credential_headers: Vec<String> = schemes.iter().filter_map(Scheme::header).collect();
    for (name, value) in &request.headers {
        let is_credential = credential_headers.contains(&name.to_ascii_lowercase());
        // curl reads headers from a file if the text starts with `@`.
        if !is_credential && !LEFT_OUT.contains(&name.as_str()) && !name.starts_with('@') {
            words.extend(["-H".to_owned(), quoted(&format!("{name}: {value}"))]);
        }
    }
    if !request.body.is_empty() {
        let body = String::from_utf8_lossy(&request.body);
        words.extend(["--data-raw".to_owned(), quoted(&body)]);
    }
    let url = format!("{base_url}{}", request.target);
    if url.contains(['[', ']', '{', '}']) {
        // curl takes these for a pattern of several URLs.
        words.push("--globoff".to_owned());
    }
    words.push(quoted(&url));
    words.join(" ")
}

/// The option that takes the credentials of a scheme from the environment. The shell inserts the values into what is in
/// double quotes.
fn credentials(scheme: &Scheme) -> Option<String> {
    match scheme {
        Scheme::Basic => Some("-u \"$MX_CLIENT_ID:$MX_API_KEY\"".to_owned()),
        Scheme::Bearer => Some("-H \"Authorization: Bearer $MX_TOKEN\"".to_owned()),
        Scheme::Header(name) if !name.contains(is_special) => {
            Some(format!("-H \"{name}: $MX_SESSION_TOKEN\""))
        }
        Scheme::Header(name) => {
            let name = quoted(&format!("{name}: "));
            Some(format!("-H {name}\"$MX_SESSION_TOKEN\""))
        }
        Scheme::Cookie(name) => {
            let name = quoted(&format!("{name}="));
            Some(format!("-b {name}\"$MX_TOKEN\""))
        }
        Scheme::Query(name) => {
            let name = quoted(&format!("{name}="));
            Some(format!("--url-query {name}\"$MX_TOKEN\""))
        }
        Scheme::Other(_) => None,
    }
}

/// The text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    match text.contains(is_special) || text.is_empty() {
        // In single quotes, nothing but a single quote is special.
        true => format!("'{}'", text.replace('\'', r"'\''")),
        false => text.to_owned(),
    }
}

/// Whether a shell may treat a letter in a special way.
fn is_special(letter: char) -> bool {
    !letter.is_ascii_alphanumeric() && letter != '-' && letter != '_'
}
