//! A contract out of a document.

use std::collections::BTreeSet;
use std::sync::Arc;

use openapi::{infer, pointer};
use serde_json::{Map, Value};

use crate::contract::operation::{
    Body, Content, Contract, Operation, Parameter, Place, Response, Security,
};
use crate::contract::schema::Schema;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

impl Contract {
    /// Reads a document.
    pub fn new(document: Value) -> Self {
        let document = Arc::new(document);
        let mut secrets = BTreeSet::new();
        collect_secrets(&document, &mut secrets);
        let reader = Reader {
            document: &document,
        };
        Self {
            title: text(&document["info"], "title").unwrap_or_default(),
            operations: reader.operations(),
            secrets: secrets.into_iter().collect(),
        }
    }
}

struct Reader<'a> {
    document: &'a Arc<Value>,
}

impl Reader<'_> {
    fn operations(&self) -> Vec<Operation> {
        let paths = self.document["paths"].as_object();
        paths
            .into_iter()
            .flatten()
            .flat_map(|(path, item)| {
                METHODS.iter().filter_map(move |method| {
                    Some(self.operation(path, item, method, item.get(method)?))
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
            parameters: self.parameters(item, operation, &security),
            body: operation
                .get("requestBody")
                .and_then(|body| self.body(self.follow(body))),
            responses: self.responses(operation),
            security,
            method,
        }
    }

    fn parameters(&self, item: &Value, operation: &Value, security: &[Security]) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for parameter in list(item, "parameters")
            .iter()
            .chain(list(operation, "parameters"))
        {
            let Some(parameter) = self.parameter(self.follow(parameter)) else {
                continue;
            };
            // OpenAPI tells these by the media types and the security schemes.
            let told = ["accept", "content-type", "authorization"];
            let is_told = told.iter().any(|name| parameter.name.eq_ignore_ascii_case(name))
                || security.iter().any(|scheme| {
                    matches!(scheme, Security::Header(name) if name.eq_ignore_ascii_case(&parameter.name))
                });
            if parameter.place == Place::Header && is_told {
                continue;
            }
            let same =
                |known: &Parameter| known.name == parameter.name && known.place == parameter.place;
            match parameters.iter_mut().find(|known| same(known)) {
                Some(known) => *known = parameter,
                None => parameters.push(parameter),
            }
        }
        parameters
    }

    fn parameter(&self, parameter: &Value) -> Option<Parameter> {
        let place = match parameter["in"].as_str()? {
            "path" => Place::Path,
            "query" => Place::Query,
            "header" => Place::Header,
            _ => return None,
        };
        let name = text(parameter, "name")?;
        let schema = &parameter["schema"];
        let required = parameter["required"] == true || place == Place::Path;
        let versioned = required || name.eq_ignore_ascii_case("accept-version");
        let only = match list(schema, "enum") {
            [only] => Some(only),
            _ => None,
        };
        let fixed = schema.get("default").or(only).map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        Some(Parameter {
            fixed: fixed.filter(|_| place == Place::Header && versioned),
            explode: parameter["explode"]
                .as_bool()
                .unwrap_or(place == Place::Query),
            example: parameter.get("example").cloned().or_else(|| {
                let (_, first) = self.named_examples(parameter).into_iter().next()?;
                Some(first)
            }),
            schema: Schema::new(self.document, schema),
            name,
            place,
            required,
        })
    }

    fn body(&self, body: &Value) -> Option<Body> {
        let contents = self.contents(body);
        let json = contents.iter().position(|content| content.is_json);
        Some(Body {
            required: body["required"] == true,
            content: contents.into_iter().nth(json.unwrap_or(0))?,
        })
    }

    fn responses(&self, operation: &Value) -> Vec<Response> {
        let responses = operation["responses"].as_object();
        responses
            .into_iter()
            .flatten()
            .filter(|(status, _)| !status.starts_with("x-"))
            .map(|(status, response)| Response {
                status: status.clone(),
                contents: self.contents(self.follow(response)),
            })
            .collect()
    }

    fn contents(&self, holder: &Value) -> Vec<Content> {
        let contents = holder["content"].as_object();
        contents
            .into_iter()
            .flatten()
            .map(|(media_type, content)| Content {
                media_type: media_type.clone(),
                is_json: infer::is_json(media_type),
                schema: Schema::new(self.document, &content["schema"]),
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

    fn security(&self, operation: &Value) -> Vec<Security> {
        let requirements = operation
            .get("security")
            .unwrap_or(&self.document["security"]);
        let requirements = requirements
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let schemes = requirements
            .iter()
            .flat_map(|requirement| requirement.as_object().into_iter().flat_map(Map::keys));
        schemes.filter_map(|name| self.scheme(name)).collect()
    }

    fn scheme(&self, name: &str) -> Option<Security> {
        let schemes = &self.document["components"]["securitySchemes"];
        let scheme = self.follow(schemes.get(name)?);
        match (
            scheme["type"].as_str()?,
            scheme["scheme"].as_str(),
            scheme["in"].as_str(),
        ) {
            ("http", Some(scheme), _) if scheme.eq_ignore_ascii_case("basic") => {
                Some(Security::Basic)
            }
            ("http", Some(scheme), _) if scheme.eq_ignore_ascii_case("bearer") => {
                Some(Security::Bearer)
            }
            ("apiKey", _, Some("header")) => Some(Security::Header(text(scheme, "name")?)),
            _ => None,
        }
    }

    fn follow<'v>(&'v self, value: &'v Value) -> &'v Value {
        let reference = value.get("$ref").and_then(Value::as_str);
        reference
            .and_then(|reference| pointer::resolve(self.document, reference))
            .map_or(value, |(_, target)| target)
    }
}

fn collect_secrets(node: &Value, secrets: &mut BTreeSet<String>) {
    match node {
        Value::Object(fields) => {
            for (name, schema) in fields
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                if schema["format"] == "password" {
                    secrets.insert(name.clone());
                }
            }
            fields
                .values()
                .for_each(|child| collect_secrets(child, secrets));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_secrets(item, secrets)),
        _ => {}
    }
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
