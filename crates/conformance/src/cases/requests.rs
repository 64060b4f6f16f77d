//! Cases of requests: calls whose requests must follow the contract.

use client_core::Location;
use serde_json::{Value, json};

use crate::cases::case::{Case, Expected, Given};
use crate::cases::pdf;
use crate::cases::sample::{fitted, sample, sample_body, sample_of};
use crate::cases::spots::{changed, spots};
use crate::contract::media_type::essence;
use crate::contract::resolved_schema::{Kind, ResolvedSchema};
use crate::contract::schema::shown;
use crate::contract::{Content, Operation, Parameter, Response};
use crate::wire::Reply;

/// Strings that need care in transport. Each must arrive as it is.
const TEXTS: [(&str, &str); 5] = [
    ("unicode", "Zoë 東京 \u{1f680}"),
    ("reserved characters", "a:/?#[]@!$&'()*+,;=%z \"<>\\^`{|}~"),
    ("an escape", "%2e%2E%2F%00"),
    ("a path", "../..\\.."),
    ("a number and a flag", "-0 true"),
];

/// The length of the longest identifiers and URLs.
const LONG: usize = 2000;

/// The cases of an operation.
pub fn cases(operation: &Operation) -> Vec<Case> {
    let mut cases = RequestCases {
        operation,
        cases: Vec::new(),
    };
    cases.add("full".to_owned(), full(operation), Expected::Sent);
    cases.add("minimal".to_owned(), minimal(operation), Expected::Sent);
    for (index, parameter) in operation.parameters.iter().enumerate() {
        if parameter.fixed.is_none() {
            cases.parameter(index, parameter);
        }
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.content.is_json) {
        cases.body(&body.content);
    }
    cases.cases
}

struct RequestCases<'a> {
    operation: &'a Operation,
    cases: Vec<Case>,
}

impl RequestCases<'_> {
    fn add(&mut self, name: String, given: Given, expected: Expected) {
        self.cases.push(Case {
            operation: self.operation.id.clone(),
            name: format!("request: {name}"),
            given,
            reply: success(self.operation),
            expected,
        });
    }

    /// The minimal call with a value for one parameter.
    fn with(&mut self, index: usize, name: &str, value: Value, expected: Expected) {
        let parameter = &self.operation.parameters[index].name;
        let mut given = minimal(self.operation);
        given.parameters.retain(|(known, _)| *known != index);
        given.parameters.push((index, value));
        self.add(format!("{parameter} {name}"), given, expected);
    }

    fn parameter(&mut self, index: usize, parameter: &Parameter) {
        let schema = parameter.schema.resolved();
        let values = match (schema.choices.as_slice(), &schema.kind) {
            ([], Kind::Boolean) => vec![json!(true), json!(false)],
            (choices, _) => choices.to_vec(),
        };
        if values.is_empty() && !parameter.required {
            self.with(index, "alone", argument(parameter), Expected::Sent);
        }
        for value in values {
            self.with(index, &format!("= {value}"), value, Expected::Sent);
        }
        match schema.kind {
            Kind::String if is_free(schema) => self.texts(index, parameter),
            Kind::Integer | Kind::Number => self.bounds(index, schema),
            _ => {}
        }
    }

    fn texts(&mut self, index: usize, parameter: &Parameter) {
        for (name, text) in TEXTS {
            // Headers carry visible ASCII only.
            if parameter.location != Location::Header || text.is_ascii() {
                self.with(index, name, json!(text), Expected::Sent);
            }
        }
        let length = |key: &str| {
            let length = parameter.schema.resolved().keywords.get(key)?.as_u64()?;
            usize::try_from(length).ok()
        };
        let longest = length("maxLength").unwrap_or(LONG);
        self.with(
            index,
            "at its longest",
            json!("x".repeat(longest)),
            Expected::Sent,
        );
        if let Some(shortest @ 1..) = length("minLength") {
            self.with(
                index,
                "at its shortest",
                json!("x".repeat(shortest)),
                Expected::Sent,
            );
        }
        let refused = || Expected::Refused {
            parameter: parameter.name.clone(),
        };
        match parameter.location {
            // None of these can be sent as a path segment.
            Location::Path if is_segment(&self.operation.path, &parameter.name) => {
                for (name, text) in [("empty", ""), ("one dot", "."), ("two dots", "..")] {
                    self.with(index, name, json!(text), refused());
                }
            }
            Location::Path => self.with(index, "empty", json!(""), refused()),
            Location::Query if length("minLength").is_none() => {
                self.with(index, "empty", json!(""), Expected::Sent);
            }
            Location::Query => {}
            Location::Header => {
                self.with(index, "with a line break", json!("a\r\nb: c"), refused())
            }
        }
    }

    fn bounds(&mut self, index: usize, schema: &ResolvedSchema) {
        for (key, name) in [("minimum", "at its least"), ("maximum", "at its most")] {
            let exclusive = format!("exclusiveM{}", &key[1..]);
            if let (Some(bound), None) = (schema.keywords.get(key), schema.keywords.get(&exclusive))
            {
                self.with(index, name, bound.clone(), Expected::Sent);
            }
        }
    }

    fn body(&mut self, content: &Content) {
        let schema = content.schema.resolved();
        let whole = sample_body(content);
        let given = |body: Value| Given {
            body: Some(body),
            ..minimal(self.operation)
        };
        let spots = spots(schema, &whole);
        let optional: Vec<_> = spots
            .iter()
            .filter(|spot| spot.required == Some(false))
            .collect();
        let mut bodies = Vec::new();
        if !optional.is_empty() {
            bodies.push(("minimal body".to_owned(), changed(&whole, &optional, None)));
        }
        let nullable: Vec<_> = spots
            .iter()
            .filter(|spot| spot.required == Some(false) && spot.schema.nullable)
            .collect();
        let nulls = changed(&whole, &nullable, Some(&Value::Null));
        if !nullable.is_empty() && content.schema.allows(&nulls) {
            bodies.push(("body of nulls".to_owned(), nulls));
        }
        for spot in spots {
            for choice in &spot.schema.choices {
                let name = format!("body {} = {choice}", shown(&spot.at));
                bodies.push((name, changed(&whole, &[&spot], Some(choice))));
            }
            for place in 1..spot.schema.alternatives.len() {
                let name = format!("body {}: alternative {}", shown(&spot.at), place + 1);
                let value = sample_of(spot.schema, place);
                bodies.push((name, changed(&whole, &[&spot], Some(&value))));
            }
        }
        let calls: Vec<_> = bodies
            .into_iter()
            .map(|(name, body)| (name, given(body)))
            .collect();
        for (name, given) in calls {
            self.add(name, given, Expected::Sent);
        }
    }
}

/// Whether any string is allowed.
fn is_free(schema: &ResolvedSchema) -> bool {
    let bound = ["pattern", "format"]
        .iter()
        .any(|key| schema.keywords.contains_key(*key));
    schema.choices.is_empty() && !bound
}

/// Whether a path parameter is a whole segment of the path.
fn is_segment(template: &str, name: &str) -> bool {
    template
        .split('/')
        .any(|segment| segment == format!("{{{name}}}"))
}

/// Every parameter, and the body.
pub fn full(operation: &Operation) -> Given {
    Given {
        parameters: arguments(operation, |_| true),
        body: operation
            .body
            .as_ref()
            .map(|body| sample_body(&body.content)),
    }
}

/// The required parameters, and the body if it is required.
pub fn minimal(operation: &Operation) -> Given {
    let body = operation.body.as_ref().filter(|body| body.required);
    Given {
        parameters: arguments(operation, |parameter| parameter.required),
        body: body.map(|body| sample_body(&body.content)),
    }
}

fn arguments(operation: &Operation, wanted: impl Fn(&Parameter) -> bool) -> Vec<(usize, Value)> {
    let parameters = operation.parameters.iter().enumerate();
    parameters
        .filter(|(_, parameter)| parameter.fixed.is_none() && wanted(parameter))
        .map(|(index, parameter)| (index, argument(parameter)))
        .collect()
}

/// A value for a parameter: its example if that fits.
pub fn argument(parameter: &Parameter) -> Value {
    let schema = parameter.schema.resolved();
    let example = parameter
        .example
        .as_ref()
        .and_then(|example| fitted(schema, example))
        .filter(|example| parameter.schema.allows(example));
    let value = example.unwrap_or_else(|| sample(schema));
    match parameter.location {
        // A path segment cannot be empty.
        Location::Path if value == "" => json!("text"),
        _ => value,
    }
}

/// A response that follows the contract: the first success of the operation.
pub fn success(operation: &Operation) -> Reply {
    let successes = operation.successes();
    match successes.first() {
        Some(response) => reply(response, response.content(), None, None),
        None => Reply::empty(200),
    }
}

/// What a server that follows the contract responds with: a success, or where the operation only redirects, that.
pub fn answer(operation: &Operation) -> Reply {
    let mut responses = operation.responses.iter();
    let redirect = responses.find(|response| (300..400).contains(&response.code()));
    match redirect.filter(|_| operation.successes().is_empty()) {
        Some(response) => {
            let mut reply = reply(response, response.content(), None, None);
            reply.headers.push(("location".to_owned(), "/".to_owned()));
            reply
        }
        None => success(operation),
    }
}

/// A documented response with one of its contents, with the status that it stands for if it does not name one, and with
/// an example other than the first.
pub fn reply(
    response: &Response,
    content: Option<&Content>,
    status: Option<u16>,
    example: Option<&Value>,
) -> Reply {
    let status = status.unwrap_or_else(|| response.code());
    let Some(content) = content else {
        return Reply::empty(status);
    };
    let media_type = &content.media_type;
    if content.is_json {
        let first = || sample_body(content);
        return Reply::json(status, media_type, &example.cloned().unwrap_or_else(first));
    }
    let body = match (example, essence(media_type).as_str()) {
        (Some(Value::String(text)), _) => text.clone().into_bytes(),
        (Some(other), _) => other.to_string().into_bytes(),
        (None, "application/pdf") => pdf::one_page(),
        (None, _) => b"bytes".to_vec(),
    };
    Reply {
        status,
        headers: vec![("content-type".to_owned(), media_type.clone())],
        body,
    }
}
