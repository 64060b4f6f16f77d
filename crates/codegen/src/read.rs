//! Reading an API out of a document: every operation with all that it refers to.
//!
//! Progenitor resolves references while it generates and panics on what it does not find, and lets a query
//! parameter overwrite a path parameter of the same name. Here every parameter, body and response is part of its
//! operation, those of the path included.

use openapi::{Node, model};
use serde_json::{Map, Value, json};

use crate::api::{
    Api, Body, Content, Operation, Parameter, Response, Scheme, SchemeKind, Server, Success,
};
use crate::names::type_name;
use crate::schemas::RUST_NAME;

/// Reads the API out of a document in which the preflight found no error.
pub(crate) fn read(document: &Value) -> Api {
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let schemes = schemes(document);
    Api {
        operations: model::operations(document)
            .iter()
            .map(|operation| self::operation(document, operation, &schemes))
            .collect(),
        schemas: schemas.cloned().unwrap_or_default(),
        schemes,
        servers: servers(document),
        sensitive: None,
        decimal: None,
        renamed: Vec::new(),
        nulls: Default::default(),
    }
}

fn operation(document: &Value, operation: &model::Operation<'_>, schemes: &[Scheme]) -> Operation {
    let node = &operation.node;
    let tags = node.get("tags");
    let body = node.get("requestBody").map(|body| body.resolved(document));
    Operation {
        id: operation.id().unwrap_or_default().to_owned(),
        name: String::new(),
        rust_name: text(node, RUST_NAME),
        method: operation.method,
        path: operation.path.to_owned(),
        tags: tags
            .iter()
            .flat_map(Node::items)
            .filter_map(|tag| tag.value.as_str().map(str::to_owned))
            .collect(),
        summary: text(node, "summary"),
        description: text(node, "description"),
        deprecated: node.flag("deprecated"),
        parameters: parameters(document, operation),
        headers: Vec::new(),
        accept: None,
        body: body.and_then(|body| {
            Some(Body {
                content: content(&body)?,
                required: body.flag("required"),
                description: text(&body, "description"),
            })
        }),
        responses: model::responses(document, operation)
            .iter()
            .map(|response| Response {
                status: response.status.to_owned(),
                media_types: media_types(&response.node)
                    .into_iter()
                    .flat_map(Map::keys)
                    .cloned()
                    .collect(),
                content: content(&response.node),
            })
            .collect(),
        success: Success::Empty,
        security: security(document, operation, schemes),
        idempotent: node
            .get("x-idempotent")
            .and_then(|said| said.value.as_bool())
            // RFC 9110, section 9.2.2.
            .unwrap_or(!matches!(operation.method, "post" | "patch")),
    }
}

/// The parameters in effect, those of the path first and in its order: so the methods take them.
fn parameters(document: &Value, operation: &model::Operation<'_>) -> Vec<Parameter> {
    let mut parameters = model::parameters(document, operation);
    parameters.sort_by_key(|parameter| match parameter.location {
        "path" => {
            let place = operation.path.find(&format!("{{{}}}", parameter.name));
            place.unwrap_or_default()
        }
        _ => usize::MAX,
    });
    let parameters = parameters.iter().map(|parameter| Parameter {
        name: parameter.name.to_owned(),
        argument: String::new(),
        location: parameter.location.to_owned(),
        required: parameter.is_required(),
        explode: parameter.explodes(),
        description: text(&parameter.node, "description"),
        schema: parameter
            .node
            .value
            .get("schema")
            .cloned()
            .unwrap_or_else(|| json!({})),
        sender: model::header_sender(document, operation, parameter),
    });
    parameters.collect()
}

fn text(node: &Node<'_>, key: &str) -> Option<String> {
    node.str(key).map(str::to_owned)
}

fn media_types<'a>(body: &Node<'a>) -> Option<&'a Map<String, Value>> {
    body.value.get("content")?.as_object()
}

/// The media type that clients use, with its schema.
fn content(body: &Node<'_>) -> Option<Content> {
    let media_types = media_types(body)?;
    let media_type = model::preferred_media_type(media_types)?;
    let schema = media_types[media_type].get("schema");
    Some(Content {
        media_type: media_type.to_owned(),
        schema: schema.cloned().unwrap_or_default(),
    })
}

/// The schemes any one of which satisfies the operation. Alternatives that need several at once cannot be sent; the
/// preflight refuses an operation that has no other.
fn security(document: &Value, operation: &model::Operation<'_>, schemes: &[Scheme]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for requirement in model::requirements(document, operation) {
        if let [(name, _)] = requirement.schemes.as_slice()
            && !names.iter().any(|known| known == name)
        {
            names.push((*name).to_owned());
        }
    }
    names.retain(|name| schemes.iter().any(|scheme| scheme.name == *name));
    names
}

/// The security schemes that the clients can send.
fn schemes(document: &Value) -> Vec<Scheme> {
    let schemes = model::schemes(document).into_iter();
    let schemes = schemes.filter_map(|scheme| {
        let kind = match scheme.kind {
            model::SchemeKind::Basic => SchemeKind::Basic,
            model::SchemeKind::Bearer => SchemeKind::Bearer,
            model::SchemeKind::Header(name) => SchemeKind::Header(name.to_owned()),
            model::SchemeKind::Query(_)
            | model::SchemeKind::Cookie(_)
            | model::SchemeKind::Other => {
                return None;
            }
        };
        Some(Scheme {
            name: scheme.name.to_owned(),
            kind,
        })
    });
    schemes.collect()
}

/// The servers with an absolute URL. One with variables, or relative to where the spec was read, cannot be a constant.
fn servers(document: &Value) -> Vec<Server> {
    let mut servers: Vec<Server> = Vec::new();
    let list = Node::root(document).get("servers");
    for server in list.iter().flat_map(Node::items) {
        let Some(url) = server.str("url") else {
            continue;
        };
        if url.contains('{') || !(url.starts_with("https://") || url.starts_with("http://")) {
            continue;
        }
        let label = server.str("description").unwrap_or_else(|| host(url));
        let mut variant = type_name(label);
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
