//! Operations, and what a spec says of their requests and responses.

use serde_json::Value;

use crate::contract::schema::Schema;
use crate::wire::essence;

/// What a spec says about the wire.
#[derive(Debug)]
pub struct Contract {
    /// The spec's title.
    pub title: String,
    /// Its operations, in its order.
    pub operations: Vec<Operation>,
    /// Names of properties whose values are secrets (`format: password`).
    pub secrets: Vec<String>,
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// Its `operationId`.
    pub id: String,
    /// The method, in capitals.
    pub method: String,
    /// The path template.
    pub path: String,
    /// All parameters, those of its path included.
    pub parameters: Vec<Parameter>,
    /// The request body, if it takes one.
    pub body: Option<Body>,
    /// The documented responses.
    pub responses: Vec<Response>,
    /// What credentials satisfy it, any of them; empty: none are needed.
    pub security: Vec<Security>,
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// Where it is sent.
    pub place: Place,
    /// Whether it must be sent.
    pub required: bool,
    /// Whether an array repeats the name for each item.
    pub explode: bool,
    /// What values it takes.
    pub schema: Schema,
    /// An example.
    pub example: Option<Value>,
    /// The only value it takes: a required header with a default is one that clients fix.
    pub fixed: Option<String>,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// A request body.
#[derive(Debug)]
pub struct Body {
    /// Whether it must be sent.
    pub required: bool,
    /// What it is.
    pub content: Content,
}

/// A documented response.
#[derive(Debug)]
pub struct Response {
    /// `200`, `4XX` or `default`.
    pub status: String,
    /// What its body may be; empty: there is none.
    pub contents: Vec<Content>,
}

/// A body of a media type.
#[derive(Debug)]
pub struct Content {
    /// The media type.
    pub media_type: String,
    /// Whether it is JSON.
    pub is_json: bool,
    /// What the spec says of its values.
    pub schema: Schema,
    /// The examples, by name.
    pub examples: Vec<(String, Value)>,
}

/// Credentials that an operation takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Security {
    /// `Authorization: Basic …`
    Basic,
    /// `Authorization: Bearer …`
    Bearer,
    /// A header of this name.
    Header(String),
}

impl std::fmt::Display for Security {
    /// As people call it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Basic => f.write_str("a client id with an API key"),
            Self::Bearer => f.write_str("a bearer token"),
            Self::Header(name) => write!(f, "a `{name}`"),
        }
    }
}

impl Contract {
    /// The operation of an id.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }
}

impl Operation {
    /// The documented successes; `default` where none is.
    pub fn successes(&self) -> Vec<&Response> {
        let all = || self.responses.iter();
        let successes: Vec<_> = all().filter(|r| r.status.starts_with('2')).collect();
        match successes.is_empty() {
            true => all()
                .filter(|response| response.status == "default")
                .collect(),
            false => successes,
        }
    }

    /// The media types of its successes, which a client asks for.
    pub fn accepts(&self) -> Vec<&str> {
        let mut media_types = Vec::new();
        for content in self
            .successes()
            .iter()
            .filter_map(|response| response.content())
        {
            if !media_types.contains(&content.media_type.as_str()) {
                media_types.push(&content.media_type);
            }
        }
        media_types
    }

    /// What is documented for a status: the status itself, else its range, else `default`.
    pub fn response(&self, status: u16) -> Option<&Response> {
        let find = |wanted: &str| {
            self.responses
                .iter()
                .find(|response| response.status.eq_ignore_ascii_case(wanted))
        };
        find(&status.to_string())
            .or_else(|| find(&format!("{}XX", status / 100)))
            .or_else(|| find("default"))
    }
}

impl Response {
    /// The body that clients read: the JSON one where there are several.
    pub fn content(&self) -> Option<&Content> {
        let json = self.contents.iter().find(|content| content.is_json);
        json.or_else(|| self.contents.first())
    }

    /// A status that it stands for.
    pub fn code(&self) -> u16 {
        let digits = self.status.to_ascii_uppercase().replace('X', "0");
        digits.parse().unwrap_or(200)
    }
}

impl Content {
    /// The examples; one made from the schema where there are none.
    pub fn samples(&self) -> Vec<(String, Value)> {
        match self.examples.is_empty() {
            true => vec![(
                "from schema".to_owned(),
                crate::cases::sample::sample(self.schema.shape()),
            )],
            false => self.examples.clone(),
        }
    }
}

/// Whether a media type is what a media range, as in `Accept`, asks for.
pub fn in_range(media_type: &str, range: &str) -> bool {
    let (media_type, range) = (essence(media_type), essence(range));
    match range.strip_suffix("/*") {
        Some("*") => true,
        Some(kind) => media_type.split('/').next() == Some(kind),
        None => media_type == range,
    }
}
