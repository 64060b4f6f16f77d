//! Reads a contract out of a document.

use std::collections::BTreeSet;
use std::sync::Arc;

use client_core::Location;
use openapi::pointer;
use openapi::validate::Direction;
use serde_json::Value;

use crate::contract::media_type::is_json;
use crate::contract::operation::{Body, Content, Contract, Operation, Parameter, Response};
use crate::contract::schema::Schema;
use crate::contract::security::{Requirement, Scheme};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// How many references and parts of a schema are followed to find a keyword.
const DEEPEST: usize = 32;

/// Reads what a document says about the wire.
pub fn read(document: Value) -> Contract {
    let document = Arc::new(document);
    let reader = Reader {
        document: &document,
    };
    let (mut secrets, mut properties) = (BTreeSet::new(), BTreeSet::new());
    reader.collect_names(&document, &mut secrets, &mut properties);
    Contract {
        title: text(&document["info"], "title").unwrap_or_default(),
        version: text(&document["info"], "version").unwrap_or_default(),
        operations: reader.operations(),
        secrets: secrets.into_iter().collect(),
        properties,
    }
}

/// Reads a document that is JSON.
///
/// # Errors
///
/// It is not JSON.
pub fn read_json(document: &str) -> Result<Contract, String> {
    let document = serde_json::from_str(document);
    let document = document.map_err(|error| format!("the spec is not JSON: {error}"))?;
    Ok(read(document))
}

struct Reader<'a> {
    document: &'a Arc<Value>,
}

impl Reader<'_> {
    fn operations(&self) -> Vec<Operation> {
        let paths = self.document["paths"].as_object();
        let paths = paths.into_iter().flatten();
        paths
            .filter(|(path, _)| path.starts_with('/'))
            .flat_map(|(path, item)| {
                let item = self.follow(item);
                METHODS.iter().filter_map(move |method| {
                    let operation = item.get(method).filter(|node| node.is_object())?;
                    Some(self.operation(path, item, method, operation))
                })
            })
            .collect()
    }

    fn operation(&self, path: &str, item: &Value, method: &str, operation: &Value) -> Operation {
        let method = method.to_ascii_uppercase();
        let security = self.security(operation);
        Operation {
            id: text(operation, "operationId").unwrap_or_else(|| format!("{method} {path}")),
            path: path.to_owned(),
            tags: list(operation, "tags")
                .iter()
                .filter_map(|tag| tag.as_str().map(str::to_owned))
                .collect(),
            parameters: self.parameters(item, operation, &security),
            body: operation
                .get("requestBody")
                .and_then(|body| self.body(self.follow(body))),
            responses: self.responses(&method, operation),
            security,
            method,
        }
    }

    fn parameters(
        &self,
        item: &Value,
        operation: &Value,
        security: &[Requirement],
    ) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let of_path = list(item, "parameters").iter();
        for parameter in of_path.chain(list(operation, "parameters")) {
            let Some(parameter) = self.parameter(self.follow(parameter)) else {
                continue;
            };
            let is_same = |known: &Parameter| {
                known.location == parameter.location
                    && match parameter.location {
                        Location::Header => known.name.eq_ignore_ascii_case(&parameter.name),
                        Location::Path | Location::Query => known.name == parameter.name,
                    }
            };
            match parameters.iter_mut().find(|known| is_same(known)) {
                Some(known) => *known = parameter,
                None => parameters.push(parameter),
            }
        }
        parameters.retain(|parameter| !is_described_elsewhere(parameter, security));
        parameters
    }

    fn parameter(&self, parameter: &Value) -> Option<Parameter> {
        let location = match parameter["in"].as_str()? {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" => Location::Header,
            _ => return None,
        };
        let name = text(parameter, "name")?;
        let schema = &parameter["schema"];
        let required = parameter["required"] == true || location == Location::Path;
        let is_always_sent = required || name.eq_ignore_ascii_case("accept-version");
        let style = match location {
            Location::Query => "form",
            Location::Path | Location::Header => "simple",
        };
        let style = parameter["style"].as_str().unwrap_or(style);
        Some(Parameter {
            fixed: match location {
                Location::Header if is_always_sent => self.only_value(schema),
                _ => None,
            },
            explode: parameter["explode"].as_bool().unwrap_or(style == "form"),
            example: parameter.get("example").cloned().or_else(|| {
                let (_, first) = self.named_examples(parameter).into_iter().next()?;
                Some(first)
            }),
            schema: Schema::new(self.document, schema, Direction::Request),
            name,
            location,
            required,
        })
    }

    /// The value that a header always has: its schema's default, `const`, or only enum value.
    fn only_value(&self, schema: &Value) -> Option<String> {
        let of_enum = || match self
            .keyword(schema, "enum", DEEPEST)?
            .as_array()?
            .as_slice()
        {
            [only] => Some(only),
            _ => None,
        };
        let value = self
            .keyword(schema, "default", DEEPEST)
            .or_else(|| self.keyword(schema, "const", DEEPEST))
            .or_else(of_enum)?;
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            // A header cannot carry these.
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// A keyword of a schema: its own, or that of a schema that it refers to or is made of.
    fn keyword<'v>(&'v self, schema: &'v Value, name: &str, depth: usize) -> Option<&'v Value> {
        let depth = depth.checked_sub(1)?;
        if let Some(own) = schema.get(name) {
            return Some(own);
        }
        let target = self.follow(schema);
        let parts = list(schema, "allOf").iter();
        let alternatives = ["oneOf", "anyOf"].into_iter();
        let lone = alternatives.filter_map(|key| match list(schema, key) {
            [only] => Some(only),
            _ => None,
        });
        (!std::ptr::eq(target, schema))
            .then_some(target)
            .into_iter()
            .chain(parts)
            .chain(lone)
            .find_map(|part| self.keyword(part, name, depth))
    }

    fn body(&self, body: &Value) -> Option<Body> {
        let contents = self.contents(body, Direction::Request);
        let json = contents.iter().position(|content| content.is_json);
        Some(Body {
            required: body["required"] == true,
            content: contents.into_iter().nth(json.unwrap_or(0))?,
        })
    }

    fn responses(&self, method: &str, operation: &Value) -> Vec<Response> {
        let responses = operation["responses"].as_object();
        responses
            .into_iter()
            .flatten()
            .filter(|(status, _)| !status.starts_with("x-"))
            .map(|(status, response)| Response {
                status: status.clone(),
                contents: match has_body(method, status) {
                    true => self.contents(self.follow(response), Direction::Response),
                    false => Vec::new(),
                },
            })
            .collect()
    }

    fn contents(&self, holder: &Value, direction: Direction) -> Vec<Content> {
        let contents = holder["content"].as_object();
        contents
            .into_iter()
            .flatten()
            .map(|(media_type, content)| Content {
                media_type: media_type.clone(),
                is_json: is_json(media_type),
                schema: Schema::new(self.document, &content["schema"], direction),
                examples: self.examples(content),
            })
            .collect()
    }

    fn examples(&self, content: &Value) -> Vec<(String, Value)> {
        let own = content
            .get("example")
            .map(|value| ("example".to_owned(), value.clone()));
        own.into_iter()
            .chain(self.named_examples(content))
            .collect()
    }

    fn named_examples(&self, holder: &Value) -> Vec<(String, Value)> {
        let examples = holder.get("examples").and_then(Value::as_object);
        examples
            .into_iter()
            .flatten()
            .filter_map(|(name, example)| {
                Some((name.clone(), self.follow(example).get("value")?.clone()))
            })
            .collect()
    }

    fn security(&self, operation: &Value) -> Vec<Requirement> {
        let own = operation.get("security");
        let requirements = own.unwrap_or(&self.document["security"]).as_array();
        requirements
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .map(|requirement| Requirement {
                schemes: requirement.keys().map(|name| self.scheme(name)).collect(),
                names: requirement.keys().cloned().collect(),
            })
            .collect()
    }

    fn scheme(&self, name: &str) -> Scheme {
        let schemes = &self.document["components"]["securitySchemes"];
        let scheme = self.follow(&schemes[name]);
        let is_http = |wanted: &str| {
            let scheme = scheme["scheme"].as_str();
            scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(wanted))
        };
        match (
            scheme["type"].as_str(),
            scheme["in"].as_str(),
            text(scheme, "name"),
        ) {
            (Some("http"), ..) if is_http("basic") => Scheme::Basic,
            (Some("http"), ..) if is_http("bearer") => Scheme::Bearer,
            // Both are ways to a token.
            (Some("oauth2" | "openIdConnect"), ..) => Scheme::Bearer,
            (Some("apiKey"), Some("header"), Some(header)) => Scheme::Header(header),
            (Some("apiKey"), Some("query"), Some(parameter)) => Scheme::Query(parameter),
            (Some("apiKey"), Some("cookie"), Some(cookie)) => Scheme::Cookie(cookie),
            _ => Scheme::Other(name.to_owned()),
        }
    }

    /// The names of the properties, anywhere below a node, and of those that hold secrets.
    fn collect_names(
        &self,
        node: &Value,
        secrets: &mut BTreeSet<String>,
        properties: &mut BTreeSet<String>,
    ) {
        match node {
            Value::Object(fields) => {
                let own = fields.get("properties").and_then(Value::as_object);
                for (name, schema) in own.into_iter().flatten() {
                    properties.insert(name.clone());
                    let format = self.keyword(schema, "format", DEEPEST);
                    if format.is_some_and(|format| format == "password") {
                        secrets.insert(name.clone());
                    }
                }
                for child in fields.values() {
                    self.collect_names(child, secrets, properties);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.collect_names(item, secrets, properties);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// What a reference leads to; any other value, and a reference to nothing, is what it is.
    fn follow<'v>(&'v self, value: &'v Value) -> &'v Value {
        let reference = value.get("$ref").and_then(Value::as_str);
        reference
            .and_then(|reference| pointer::resolve(self.document, reference))
            .map_or(value, |(_, target)| target)
    }
}

/// Whether OpenAPI describes a header or query parameter elsewhere: by the media types, or by the security schemes.
fn is_described_elsewhere(parameter: &Parameter, security: &[Requirement]) -> bool {
    let is = |name: &str| parameter.name.eq_ignore_ascii_case(name);
    let mut schemes = security.iter().flat_map(|known| &known.schemes);
    match parameter.location {
        Location::Header => {
            ["accept", "content-type", "authorization"]
                .into_iter()
                .any(is)
                || schemes.any(|scheme| matches!(scheme, Scheme::Header(name) if is(name)))
        }
        Location::Query => {
            schemes.any(|scheme| matches!(scheme, Scheme::Query(name) if *name == parameter.name))
        }
        Location::Path => false,
    }
}

/// Whether HTTP gives the responses of a status to a method a body, whatever a spec says.
fn has_body(method: &str, status: &str) -> bool {
    let is_informational = status.len() == 3 && status.starts_with('1');
    method != "HEAD" && !is_informational && !["204", "205", "304"].contains(&status)
}

fn text(object: &Value, key: &str) -> Option<String> {
    Some(object.get(key)?.as_str()?.to_owned())
}

fn list<'a>(object: &'a Value, key: &str) -> &'a [Value] {
    object
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
