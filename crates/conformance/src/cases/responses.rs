//! Cases of responses, and what the client must return for them: each documented example, and variants of it.

use client_core::ErrorKind;
use serde_json::{Value, json};

use crate::cases::case::{Case, Expected};
use crate::cases::requests::minimal;
use crate::cases::sample::{sample, sample_body, sample_of, samples};
use crate::cases::spots::{Spot, changed, spots};
use crate::contract::resolved_schema::{Kind, ResolvedSchema};
use crate::contract::schema::shown;
use crate::contract::{Content, Operation, Response};
use crate::wire::Reply;

/// The error statuses that MX documents.
const ERRORS: [u16; 13] = [
    400, 401, 403, 404, 405, 406, 409, 422, 429, 500, 502, 503, 504,
];

/// A message of the server in an error. MX documents it for one operation.
const MESSAGE: &str = "Member cannot use OAuth";

/// A success that no spec documents.
const UNDOCUMENTED: u16 = 299;

/// The cases of an operation.
pub fn cases(operation: &Operation) -> Vec<Case> {
    let mut cases = ResponseCases {
        operation,
        cases: Vec::new(),
    };
    for response in operation.successes() {
        match response.content() {
            Some(content) if content.is_json => cases.json(response, content),
            Some(content) => cases.bytes(response, content),
            None => cases.add(
                &format!("{}: no body", response.status),
                Reply::empty(response.code()),
                Expected::Answer { documented: true },
            ),
        }
    }
    cases.statuses();
    cases.cases
}

struct ResponseCases<'a> {
    operation: &'a Operation,
    cases: Vec<Case>,
}

impl ResponseCases<'_> {
    fn add(&mut self, name: &str, reply: Reply, expected: Expected) {
        self.cases.push(Case {
            operation: self.operation.id.clone(),
            name: format!("response {name}"),
            given: minimal(self.operation),
            reply,
            expected,
        });
    }

    /// A JSON response: its examples, and variants of the first.
    fn json(&mut self, response: &Response, content: &Content) {
        let (status, code, media_type) = (&response.status, response.code(), &content.media_type);
        let samples = samples(content);
        for (name, value) in &samples {
            let reply = Reply::json(code, media_type, value);
            self.add(
                &format!("{status}: {name}"),
                reply,
                Expected::Answer { documented: true },
            );
        }
        let schema = content.schema.resolved();
        // One that the schema allows, as the others say nothing of the client.
        let mut base = sample_body(content);
        complete(&mut base, &sample(schema));
        for Variant {
            name,
            value,
            decodes,
        } in variants(schema, &base)
        {
            let expected = match decodes {
                true => Expected::Answer { documented: false },
                false => failure(ErrorKind::Decode),
            };
            self.add(
                &format!("{status}: {name}"),
                Reply::json(code, media_type, &value),
                expected,
            );
        }
        let whole = Reply::json(code, media_type, &base);
        if base.is_object() || base.is_array() {
            let mut cut = whole.clone();
            cut.body.truncate(cut.body.len() / 2);
            self.add(
                &format!("{status}: truncated JSON"),
                cut,
                failure(ErrorKind::Decode),
            );
        }
        let mut empty = whole.clone();
        empty.body.clear();
        self.add(
            &format!("{status}: empty body"),
            empty,
            failure(ErrorKind::Decode),
        );
        let mut other = whole.clone();
        other.headers = vec![("content-type".to_owned(), "text/html".to_owned())];
        let mut none = whole;
        none.headers.clear();
        for (name, reply) in [("another media type", other), ("no media type", none)] {
            self.add(
                &format!("{status}: {name}"),
                reply,
                Expected::Answer { documented: false },
            );
        }
        self.add(
            &format!("{status}: a page"),
            page(code),
            failure(ErrorKind::MediaType),
        );
    }

    fn bytes(&mut self, response: &Response, content: &Content) {
        let whole = Reply {
            status: response.code(),
            headers: vec![("content-type".to_owned(), content.media_type.clone())],
            body: b"\x00bytes\xff".to_vec(),
        };
        let name = format!("{}: bytes", response.status);
        self.add(&name, whole.clone(), Expected::Answer { documented: true });
        // A page in place of a file would be taken for the file.
        let is_page = content.media_type.starts_with("text/") || content.media_type == "*/*";
        if !is_page {
            self.add(
                &format!("{}: a page", response.status),
                page(response.code()),
                failure(ErrorKind::MediaType),
            );
        }
        let mut none = whole;
        none.headers.clear();
        self.add(
            &format!("{}: no media type", response.status),
            none,
            Expected::Answer { documented: false },
        );
    }

    fn statuses(&mut self) {
        if self
            .operation
            .successes()
            .iter()
            .all(|response| response.status.parse::<u16>().is_ok())
        {
            self.undocumented();
        }
        let mut redirect = Reply::empty(302);
        redirect
            .headers
            .push(("location".to_owned(), "/elsewhere".to_owned()));
        self.add("redirect", redirect, failure(ErrorKind::Redirect));
        for status in ERRORS {
            let body = json!({ "error": { "message": MESSAGE } });
            // The answer to HEAD has no body.
            let (reply, message) = match self.operation.method == "HEAD" {
                true => (Reply::empty(status), None),
                false => (
                    Reply::json(status, "application/json", &body),
                    Some(MESSAGE),
                ),
            };
            let expected = Expected::Error {
                kind: ErrorKind::Status,
                message,
            };
            self.add(&format!("error {status}"), reply, expected);
        }
        self.add(
            "error 400 without a body",
            Reply::empty(400),
            failure(ErrorKind::Status),
        );
        self.add("error 502 as a page", page(502), failure(ErrorKind::Status));
    }

    /// A success of a status that is not documented: it counts if it decodes.
    fn undocumented(&mut self) {
        let success = self.operation.success(UNDOCUMENTED);
        let content = success.and_then(|response| response.content());
        let reply = match content {
            Some(content) if content.is_json => {
                let body = b"{".to_vec();
                let headers = vec![("content-type".to_owned(), content.media_type.clone())];
                let broken = Reply {
                    status: UNDOCUMENTED,
                    headers,
                    body,
                };
                self.add(
                    "undocumented status, no JSON",
                    broken,
                    failure(ErrorKind::UnexpectedStatus),
                );
                let value = sample(content.schema.resolved());
                Reply::json(UNDOCUMENTED, &content.media_type, &value)
            }
            Some(content) => Reply {
                status: UNDOCUMENTED,
                headers: vec![("content-type".to_owned(), content.media_type.clone())],
                body: b"bytes".to_vec(),
            },
            None => Reply::empty(UNDOCUMENTED),
        };
        self.add(
            "undocumented status",
            reply,
            Expected::Answer { documented: false },
        );
    }
}

fn page(status: u16) -> Reply {
    Reply {
        status,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: b"<html><body>Bad Gateway</body></html>".to_vec(),
    }
}

fn failure(kind: ErrorKind) -> Expected {
    Expected::Error {
        kind,
        message: None,
    }
}

/// A variant of an example.
struct Variant {
    name: String,
    value: Value,
    decodes: bool,
}

fn variants(schema: &ResolvedSchema, base: &Value) -> Vec<Variant> {
    let spots = spots(schema, base);
    let mut found = Vec::new();
    let mut add = |name: String, value: Value, decodes: bool| {
        found.push(Variant {
            name,
            value,
            decodes,
        });
    };
    // Fields decode independently of each other, so all of one level are changed at once.
    let deepest = spots
        .iter()
        .map(|spot| spot.depth)
        .max()
        .unwrap_or_default();
    for depth in 1..=deepest {
        let level = || spots.iter().filter(move |spot| spot.depth == depth);
        let optional = |spot: &&Spot<'_>| spot.required == Some(false);
        let changes: [(&str, Vec<&Spot<'_>>, Option<Value>); 3] = [
            (
                "nullable null",
                level().filter(|spot| spot.schema.nullable).collect(),
                Some(Value::Null),
            ),
            (
                "optional null",
                level()
                    .filter(optional)
                    .filter(|spot| !spot.schema.nullable)
                    .collect(),
                Some(Value::Null),
            ),
            ("optional absent", level().filter(optional).collect(), None),
        ];
        for (name, spots, value) in changes {
            if !spots.is_empty() {
                add(
                    format!("{name}, level {depth}"),
                    changed(base, &spots, value.as_ref()),
                    true,
                );
            }
        }
    }
    let objects = spots
        .iter()
        .filter(|spot| matches!(spot.schema.kind, Kind::Object { others: None, .. }))
        .filter(|spot| spot.schema.alternatives.is_empty());
    let mut unknown = base.clone();
    for spot in objects {
        if let Some(Value::Object(fields)) = unknown.pointer_mut(&spot.at) {
            fields.insert("not_in_the_spec".to_owned(), json!({ "deep": [1, null] }));
        }
    }
    if unknown != *base {
        add("unknown fields".to_owned(), unknown, true);
    }
    for spot in &spots {
        let at = shown(&spot.at);
        // A type that carries both ways lacks what is `readOnly` in requests.
        let is_read_only = spot.schema.keywords.get("readOnly") == Some(&json!(true));
        if spot.required == Some(true) && !spot.schema.nullable && !is_read_only {
            add(
                format!("required absent at {at}"),
                changed(base, &[spot], None),
                false,
            );
        }
        if !spot.schema.choices.is_empty() && matches!(spot.schema.kind, Kind::String) {
            let value = json!("NOT_IN_THE_SPEC");
            add(
                format!("unknown enum value at {at}"),
                changed(base, &[spot], Some(&value)),
                true,
            );
        }
        for place in 1..spot.schema.alternatives.len() {
            let value = sample_of(spot.schema, place);
            add(
                format!("alternative {} at {at}", place + 1),
                changed(base, &[spot], Some(&value)),
                true,
            );
        }
        for value in wrong(spot.schema) {
            let name = format!("wrong type at {at}: {}", kind_of(&value));
            add(name, changed(base, &[spot], Some(&value)), false);
        }
    }
    found
}

/// Values that are not of the type of a schema.
fn wrong(schema: &ResolvedSchema) -> Vec<Value> {
    if !schema.alternatives.is_empty() {
        return Vec::new();
    }
    let is_secret = schema.keywords.get("format") == Some(&json!("password"));
    match &schema.kind {
        Kind::Any | Kind::Recursive => Vec::new(),
        Kind::Boolean => vec![json!("maybe")],
        Kind::Integer | Kind::Number => vec![json!("many")],
        // Account numbers come as integers, too, so the clients read an integer as its digits.
        Kind::String if is_secret => vec![json!(12.5), json!({})],
        Kind::String => vec![json!(12), json!({})],
        Kind::Array(_) => vec![json!({}), json!("text")],
        Kind::Object { .. } => vec![json!([]), json!("text")],
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Adds the properties that a sample of the schema has and the value lacks, so that its variants reach all of them.
fn complete(value: &mut Value, sample: &Value) {
    match (value, sample) {
        (Value::Object(fields), Value::Object(more)) => {
            for (name, sample) in more {
                match fields.get_mut(name) {
                    Some(value) => complete(value, sample),
                    None => _ = fields.insert(name.clone(), sample.clone()),
                }
            }
        }
        (Value::Array(items), Value::Array(more)) => {
            if let Some(sample) = more.first() {
                if items.is_empty() {
                    items.push(sample.clone());
                }
                items.iter_mut().for_each(|item| complete(item, sample));
            }
        }
        (value @ Value::Null, sample) => *value = sample.clone(),
        _ => {}
    }
}
