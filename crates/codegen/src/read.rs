//! Operations made self-contained.
//!
//! Progenitor resolves references while it generates and panics on what it does not find, and lets a query
//! parameter overwrite a path parameter of the same name. Here every parameter, body and response is put into its
//! operation, path-level parameters included, and the facts that go on the wire are written down.

use serde_json::{Map, Value, json};

use crate::api::{self, Api, Operation, Parameter, Response, Scheme, SchemeKind, Server};
use crate::json::{self, Object as _};

/// Reads the API out of a document that the pre-flight found sound.
pub fn run(document: &Value) -> Api {
    let mut api = Api {
        document: json!({
            "openapi": document["openapi"],
            "info": document["info"],
            "paths": {},
            "components": { "schemas": document.pointer("/components/schemas").cloned().unwrap_or_else(|| json!({})) },
        }),
        operations: Vec::new(),
        schemes: schemes(document),
        servers: servers(document),
        sensitive: None,
        renamed: Vec::new(),
    };
    for (path, method, operation) in api::operations(document) {
        let inlined = inline(document, path, operation);
        api.operations.push(facts(document, path, method, &inlined));
        let item = json::entry_object(
            json::entry_object(json::object(&mut api.document), "paths"),
            path,
        );
        item.insert(method.to_owned(), Value::Object(inlined));
    }
    api
}

fn inline(document: &Value, path: &str, operation: &Map<String, Value>) -> Map<String, Value> {
    let mut inlined = operation.clone();
    let mut parameters: Vec<Value> = Vec::new();
    let path_level = document["paths"][path]
        .get("parameters")
        .and_then(Value::as_array);
    for parameter in path_level
        .into_iter()
        .flatten()
        .chain(operation.list("parameters"))
    {
        let Some(parameter) = json::follow(document, parameter) else {
            continue;
        };
        let key =
            |parameter: &Value| (parameter.get("name").cloned(), parameter.get("in").cloned());
        // The operation's parameter overrides the path's of the same name and place.
        match parameters
            .iter_mut()
            .find(|known| key(known) == key(parameter))
        {
            Some(known) => *known = parameter.clone(),
            None => parameters.push(parameter.clone()),
        }
    }
    // Path parameters first, in the order of the path: so the methods take them.
    parameters.sort_by_key(|parameter| {
        match (parameter["in"].as_str(), parameter["name"].as_str()) {
            (Some("path"), Some(name)) => path.find(&format!("{{{name}}}")).unwrap_or_default(),
            _ => usize::MAX,
        }
    });
    inlined.insert("parameters".into(), Value::Array(parameters));
    if let Some(body) = operation
        .get("requestBody")
        .and_then(|body| json::follow(document, body))
    {
        inlined.insert("requestBody".into(), body.clone());
    }
    let mut responses = Map::new();
    for (status, response) in operation.map("responses").into_iter().flatten() {
        if status.starts_with("x-") {
            continue;
        }
        if let Some(response) = json::follow(document, response) {
            responses.insert(status.clone(), response.clone());
        }
    }
    inlined.insert("responses".into(), Value::Object(responses));
    // Nothing of these reaches the Rust code.
    for key in ["callbacks", "servers", "externalDocs"] {
        inlined.remove(key);
    }
    inlined
}

fn facts(document: &Value, path: &str, method: &str, operation: &Map<String, Value>) -> Operation {
    let parameters = operation
        .list("parameters")
        .iter()
        .filter_map(Value::as_object);
    let responses = operation.map("responses").into_iter().flatten();
    Operation {
        id: api::text(operation, "operationId").unwrap_or_default(),
        name: String::new(),
        method: method.to_owned(),
        path: path.to_owned(),
        tags: operation
            .list("tags")
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        parameters: parameters.map(parameter).collect(),
        headers: Vec::new(),
        accept: None,
        body: None,
        responses: responses
            .map(|(status, response)| Response {
                status: status.clone(),
                media_types: response
                    .get("content")
                    .and_then(Value::as_object)
                    .map(|content| content.keys().cloned().collect())
                    .unwrap_or_default(),
            })
            .collect(),
        success: api::Success::default(),
        security: security(document, operation),
    }
}

fn parameter(parameter: &Map<String, Value>) -> Parameter {
    let location = api::text(parameter, "in").unwrap_or_default();
    // OpenAPI: `explode` is true by default for the style `form`, false for the others.
    let explode = parameter
        .get("explode")
        .and_then(Value::as_bool)
        .unwrap_or(location == "query");
    Parameter {
        name: api::text(parameter, "name").unwrap_or_default(),
        argument: String::new(),
        required: location == "path" || parameter.flag("required"),
        location,
        explode,
        description: api::text(parameter, "description"),
    }
}

/// The schemes any one of which satisfies the operation. An alternative that asks for several at once stands for
/// its first; an empty alternative means that no credentials are needed.
fn security(document: &Value, operation: &Map<String, Value>) -> Vec<String> {
    let requirements = operation
        .get("security")
        .or_else(|| document.get("security"));
    let alternatives = requirements
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object);
    let mut names = Vec::new();
    for alternative in alternatives {
        if let Some(name) = alternative.keys().next()
            && !names.contains(name)
        {
            names.push(name.clone());
        }
    }
    let known = schemes(document);
    names.retain(|name| known.iter().any(|scheme| scheme.name == *name));
    names
}

/// The security schemes that the clients can send.
pub(crate) fn schemes(document: &Value) -> Vec<Scheme> {
    let schemes = document
        .pointer("/components/securitySchemes")
        .and_then(Value::as_object);
    let kind = |scheme: &Map<String, Value>| {
        let http = scheme
            .str("scheme")
            .unwrap_or_default()
            .to_ascii_lowercase();
        match (scheme.str("type")?, http.as_str(), scheme.str("in")) {
            ("http", "basic", _) => Some(SchemeKind::Basic),
            ("http", "bearer", _) | ("oauth2" | "openIdConnect", ..) => Some(SchemeKind::Bearer),
            ("apiKey", _, Some("header")) => Some(SchemeKind::Header(api::text(scheme, "name")?)),
            _ => None,
        }
    };
    schemes
        .into_iter()
        .flatten()
        .filter_map(|(name, scheme)| {
            let scheme = json::follow(document, scheme)?.as_object()?;
            Some(Scheme {
                name: name.clone(),
                kind: kind(scheme)?,
            })
        })
        .collect()
}

/// The servers with an absolute URL: one with variables, or relative to where the spec was read, is none to name.
fn servers(document: &Value) -> Vec<Server> {
    let mut servers: Vec<Server> = Vec::new();
    for server in document
        .get("servers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let Some(url) = server.get("url").and_then(Value::as_str) else {
            continue;
        };
        if url.contains('{') || !(url.starts_with("https://") || url.starts_with("http://")) {
            continue;
        }
        let label = server
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_else(|| host(url));
        let mut variant = crate::passes::document::names::type_name(label);
        while servers.iter().any(|known| known.variant == variant) {
            variant.push('_');
        }
        servers.push(Server {
            variant,
            url: url.to_owned(),
        });
    }
    servers
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}
