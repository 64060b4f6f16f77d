//! Cross-origin requests: a page of any origin may call the server and read its responses.

use crate::wire::{Reply, Request};

const ALLOW_ORIGIN: &str = "access-control-allow-origin";

/// Headers of responses that pages can read in any case.
const ALWAYS_READABLE: [&str; 3] = ["content-type", "content-length", "cache-control"];

/// The response to a preflight; `None` if the request is none. Whether the real request is right is judged when it
/// comes.
pub(super) fn preflight(request: &Request) -> Option<Reply> {
    let only = |name: &'static str| request.header(name).next();
    let origin = only("origin")?;
    let method = only("access-control-request-method")?;
    if request.method != "OPTIONS" {
        return None;
    }
    let mut reply = Reply::empty(204);
    let mut add = |name: &str, value: &str| {
        reply.headers.push((name.to_owned(), value.to_owned()));
    };
    allow_origin(origin, &mut add);
    add("access-control-allow-methods", method);
    if let Some(headers) = only("access-control-request-headers") {
        add("access-control-allow-headers", headers);
    }
    if only("access-control-request-private-network").is_some() {
        add("access-control-allow-private-network", "true");
    }
    add("access-control-max-age", "600");
    Some(reply)
}

/// Lets the page that a request comes from read the response.
pub(super) fn expose(request: &Request, reply: &mut Reply) {
    let Some(origin) = request.header("origin").next() else {
        return;
    };
    // The response to a preflight has it already, and browsers refuse it twice.
    if reply.header(ALLOW_ORIGIN).next().is_some() {
        return;
    }
    let readable = reply.headers.iter().map(|(name, _)| name.as_str());
    let mut exposed: Vec<&str> = readable
        .filter(|name| !ALWAYS_READABLE.contains(name))
        .collect();
    exposed.dedup();
    let exposed = exposed.join(", ");
    let mut add = |name: &str, value: &str| {
        reply.headers.push((name.to_owned(), value.to_owned()));
    };
    allow_origin(origin, &mut add);
    if !exposed.is_empty() {
        add("access-control-expose-headers", &exposed);
    }
}

/// The origin by its name: `*` would not cover requests with cookies.
fn allow_origin(origin: &str, add: &mut impl FnMut(&str, &str)) {
    add(ALLOW_ORIGIN, origin);
    add("access-control-allow-credentials", "true");
    add("vary", "origin");
}
