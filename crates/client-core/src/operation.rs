//! Facts about an operation, written once: the table that `regen` makes of a spec.

use reqwest::{Method, StatusCode};

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
    pub responses: &'static [DocumentedResponse],
    /// The security schemes that satisfy this operation, any one of them; empty: no credentials are sent.
    pub security: &'static [&'static SecurityScheme],
    /// Whether sending it twice has the effect of sending it once (RFC 9110, section 9.2.2): may be retried.
    pub idempotent: bool,
}

impl Operation {
    /// The media types that are documented for successes.
    pub(crate) fn success_media_types(&self) -> impl Iterator<Item = &'static str> {
        let successes = self
            .responses
            .iter()
            .filter(|response| response.status.starts_with('2') || response.status == "default");
        successes.flat_map(|response| response.media_types.iter().copied())
    }

    /// The documented response for a status: the status itself, else its range, else `default`. Beside a documented
    /// success, `default` is not a success.
    pub(crate) fn response(&self, status: StatusCode) -> Option<&'static DocumentedResponse> {
        let find = |is_meant: &dyn Fn(&str) -> bool| {
            let mut responses = self.responses.iter();
            responses.find(|response| is_meant(response.status))
        };
        let code = status.as_str();
        let is_range = |known: &str| {
            let (class, rest) = known.split_at_checked(1).unwrap_or_default();
            code.starts_with(class) && rest.eq_ignore_ascii_case("XX")
        };
        find(&|known| known == code)
            .or_else(|| find(&is_range))
            .or_else(|| {
                let has_success = find(&|known| known.starts_with('2')).is_some();
                let may_be_default = !(status.is_success() && has_success);
                find(&|known| known == "default").filter(|_| may_be_default)
            })
    }
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
pub struct DocumentedResponse {
    /// `200`, a range such as `4XX`, or `default`.
    pub status: &'static str,
    /// The media types its body may have; empty: no body.
    pub media_types: &'static [&'static str],
}

impl DocumentedResponse {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn found(responses: &'static [DocumentedResponse], status: u16) -> Option<&'static str> {
        let operation = Operation {
            id: "get",
            name: "get",
            method: Method::GET,
            path: "/",
            tags: &[],
            parameters: &[],
            headers: &[],
            accept: None,
            body: None,
            responses,
            security: &[],
            idempotent: true,
        };
        let status = StatusCode::from_u16(status).unwrap();
        operation.response(status).map(|response| response.status)
    }

    #[test]
    fn the_most_exact_response_is_meant() {
        const ALL: &[DocumentedResponse] = &[
            DocumentedResponse::new("default", &[]),
            DocumentedResponse::new("4xx", &[]),
            DocumentedResponse::new("404", &[]),
            DocumentedResponse::new("200", &[]),
        ];
        assert_eq!(found(ALL, 404), Some("404"));
        assert_eq!(found(ALL, 400), Some("4xx"));
        assert_eq!(found(ALL, 500), Some("default"));
    }

    #[test]
    fn default_is_a_success_only_where_no_other_is_documented() {
        const WITH_SUCCESS: &[DocumentedResponse] = &[
            DocumentedResponse::new("default", &[]),
            DocumentedResponse::new("200", &[]),
        ];
        const ONLY: &[DocumentedResponse] = &[
            DocumentedResponse::new("404", &[]),
            DocumentedResponse::new("default", &[]),
        ];
        assert_eq!(found(WITH_SUCCESS, 202), None);
        assert_eq!(found(WITH_SUCCESS, 404), Some("default"));
        assert_eq!(found(ONLY, 202), Some("default"));
    }
}
