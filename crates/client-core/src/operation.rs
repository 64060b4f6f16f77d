//! Facts about an operation, written once: the table that `regen` makes of a spec.

use reqwest::Method;

/// One operation of an API, as its spec states it.
///
/// The generated clients hold one `static` of this type for each operation. The transport, the mock server,
/// the conformance suite and the command line read it, so no fact about the wire is written twice.
#[derive(Debug)]
pub struct Operation {
    /// The spec's `operationId`, spelled as in the spec.
    pub id: &'static str,
    /// The client's method (and builder module item) for this operation, a Rust identifier.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template, such as `/users/{user_guid}`.
    pub path: &'static str,
    /// The spec's tags for this operation.
    pub tags: &'static [&'static str],
    /// Parameters the caller gives, in the order in which the generated method takes them.
    pub parameters: &'static [Parameter],
    /// Headers that the client fixes, name and value (`Accept-Version` from its default).
    pub headers: &'static [(&'static str, &'static str)],
    /// What is sent as `Accept`: the media types of the success responses; `None` where none has a body.
    pub accept: Option<&'static str>,
    /// The request body, if the operation takes one.
    pub body: Option<Body>,
    /// The documented responses, successes and errors.
    pub responses: &'static [Response],
    /// The security schemes that satisfy this operation, any one of them; empty: no credentials are sent.
    pub security: &'static [&'static SecurityScheme],
    /// Whether sending it twice has the effect of sending it once (RFC 9110, section 9.2.2): may be retried.
    pub idempotent: bool,
}

/// A parameter of an operation.
#[derive(Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: &'static str,
    /// Its name in the generated Rust code.
    pub argument: &'static str,
    /// Where it is sent.
    pub location: Location,
    /// Whether the operation refuses to go without it.
    pub required: bool,
    /// Arrays: `true` repeats the name for each item (`a=1&a=2`), `false` joins the items with commas.
    pub explode: bool,
}

impl Parameter {
    /// A path parameter; those are always required.
    pub const fn path(name: &'static str, argument: &'static str) -> Self {
        Self::new(name, argument, Location::Path, true, false)
    }

    /// A query parameter that may be left out and, if it is an array, repeats its name.
    pub const fn query(name: &'static str, argument: &'static str) -> Self {
        Self::new(name, argument, Location::Query, false, true)
    }

    /// A header parameter that may be left out.
    pub const fn header(name: &'static str, argument: &'static str) -> Self {
        Self::new(name, argument, Location::Header, false, false)
    }

    /// The same, required.
    pub const fn required(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }

    /// The same with the items of an array joined by commas.
    pub const fn joined(self) -> Self {
        Self {
            explode: false,
            ..self
        }
    }

    const fn new(
        name: &'static str,
        argument: &'static str,
        location: Location,
        required: bool,
        explode: bool,
    ) -> Self {
        Self {
            name,
            argument,
            location,
            required,
            explode,
        }
    }
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// A segment of the path, or a part of one.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
}

/// The body of a request.
#[derive(Debug)]
pub struct Body {
    /// What is sent as `Content-Type`, as the spec spells it.
    pub media_type: &'static str,
    /// Whether the operation refuses to go without it.
    pub required: bool,
}

/// A documented response.
#[derive(Debug)]
pub struct Response {
    /// `200`, a range such as `4XX`, or `default`.
    pub status: &'static str,
    /// The media types its body may have; empty: no body.
    pub media_types: &'static [&'static str],
}

impl Response {
    /// A response of this status with these media types.
    pub const fn new(status: &'static str, media_types: &'static [&'static str]) -> Self {
        Self {
            status,
            media_types,
        }
    }
}

/// A security scheme of the spec.
#[derive(Debug, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Its name in the spec.
    pub name: &'static str,
    /// How it is sent.
    pub kind: SecurityKind,
}

/// How a security scheme is sent.
#[derive(Debug, PartialEq, Eq)]
pub enum SecurityKind {
    /// `Authorization: Basic …`
    Basic,
    /// `Authorization: Bearer …`
    Bearer,
    /// A header of its own; this is its name.
    Header(&'static str),
}
