//! Operations, and what a spec says of their requests and responses.

use std::collections::BTreeSet;

use client_core::Location;
use serde_json::Value;

use crate::contract::schema::Schema;
use crate::contract::security::Requirement;

/// What a spec says about the wire.
#[derive(Debug)]
pub struct Contract {
    /// The spec's title.
    pub title: String,
    /// The spec's version.
    pub version: String,
    /// Its operations, in its order.
    pub operations: Vec<Operation>,
    /// Names of properties whose values are secrets (`format: password`).
    pub secrets: Vec<String>,
    /// Names of all properties.
    pub properties: BTreeSet<String>,
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// Its `operationId`; `GET /path` if it has none.
    pub id: String,
    /// The method, in capitals.
    pub method: String,
    /// The path template.
    pub path: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// All parameters, those of its path included.
    pub parameters: Vec<Parameter>,
    /// The request body, if it takes one.
    pub body: Option<Body>,
    /// The documented responses.
    pub responses: Vec<Response>,
    /// Any one of these lets a caller in. If there are none, no credentials are needed.
    pub security: Vec<Requirement>,
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// Where it is sent.
    pub location: Location,
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
    /// What its body may be; empty if it has none.
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

impl Contract {
    /// The operation of an id.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }
}

impl Operation {
    /// The documented successes; `default` if there is none.
    pub fn successes(&self) -> Vec<&Response> {
        let all = || self.responses.iter();
        let successes: Vec<_> = all().filter(|response| response.is_success()).collect();
        match successes.is_empty() {
            true => all()
                .filter(|response| response.status == "default")
                .collect(),
            false => successes,
        }
    }

    /// What a success of this status is read as: the documented one, else the first that has a body.
    pub fn success(&self, status: u16) -> Option<&Response> {
        let successes = self.successes();
        let find = |wanted: String| {
            let is_wanted = |known: &&&Response| known.status.eq_ignore_ascii_case(&wanted);
            successes.iter().find(is_wanted).copied()
        };
        find(status.to_string())
            .or_else(|| find(format!("{}XX", status / 100)))
            .or_else(|| {
                let mut with_body = successes.iter();
                with_body.find(|known| known.content().is_some()).copied()
            })
            .or_else(|| successes.first().copied())
    }

    /// The media types of its successes, which a client asks for.
    pub fn accepts(&self) -> Vec<&str> {
        let mut media_types = Vec::new();
        let successes = self.successes();
        for content in successes.iter().filter_map(|response| response.content()) {
            if !media_types.contains(&content.media_type.as_str()) {
                media_types.push(&content.media_type);
            }
        }
        media_types
    }

    /// What is documented for a status: the status itself, else its range, else `default`.
    pub fn response(&self, status: u16) -> Option<&Response> {
        let find = |wanted: &str| {
            let mut responses = self.responses.iter();
            responses.find(|response| response.status.eq_ignore_ascii_case(wanted))
        };
        find(&status.to_string())
            .or_else(|| find(&format!("{}XX", status / 100)))
            .or_else(|| find("default"))
    }

    /// Whether it cannot be called without credentials.
    pub fn needs_credentials(&self) -> bool {
        let mut requirements = self.security.iter();
        !self.security.is_empty() && requirements.all(|known| !known.schemes.is_empty())
    }
}

impl Response {
    /// Whether its status is a success: 200 to 299, or `2XX`.
    pub fn is_success(&self) -> bool {
        let rest = self.status.strip_prefix('2').unwrap_or_default();
        let is_code = rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit());
        is_code || rest.eq_ignore_ascii_case("xx")
    }

    /// The body that clients read: the first JSON one, else the first.
    pub fn content(&self) -> Option<&Content> {
        let json = self.contents.iter().find(|content| content.is_json);
        json.or_else(|| self.contents.first())
    }

    /// A status code that it describes.
    pub fn code(&self) -> u16 {
        let digits = self.status.to_ascii_uppercase().replace('X', "0");
        digits.parse().unwrap_or(200)
    }
}
