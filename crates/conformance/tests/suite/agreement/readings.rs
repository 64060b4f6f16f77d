//! What is read in a document, as lines of text.

use conformance::contract::{self, Scheme};
use openapi::model::{self, HeaderSender, SchemeKind};
use serde_json::Value;

/// The statuses for which the documented response is asked.
const STATUSES: [u16; 9] = [200, 201, 204, 299, 301, 304, 404, 499, 500];

/// What the suite reads in a document, a line for each fact.
pub fn read_by_the_suite(document: &Value) -> Vec<String> {
    let contract = contract::read(document.clone());
    let mut facts = Vec::new();
    for operation in &contract.operations {
        let label = format!("{} {}", operation.method, operation.path);
        let mut fact = |text: String| facts.push(format!("{label}: {text}"));
        fact(format!("id {}", operation.id));
        for parameter in &operation.parameters {
            let (name, explode) = (&parameter.name, parameter.explode);
            let required = parameter.required;
            fact(match &parameter.fixed {
                Some(value) => format!("fixed header {name} = {value}"),
                None => {
                    let location = format!("{:?}", parameter.location).to_lowercase();
                    format!("{location} {name}, required {required}, explode {explode}")
                }
            });
        }
        if let Some(body) = &operation.body {
            let media_type = &body.content.media_type;
            fact(format!("body {media_type}, required {}", body.required));
        }
        for response in &operation.responses {
            let media_types: Vec<_> = response
                .contents
                .iter()
                .map(|known| &known.media_type)
                .collect();
            fact(format!("response {}: {media_types:?}", response.status));
        }
        for response in operation.successes() {
            let content = response
                .content()
                .map(|content| content.media_type.as_str());
            fact(format!("success {}, read as {content:?}", response.status));
        }
        for status in STATUSES {
            let response = operation
                .response(status)
                .map(|known| known.status.as_str());
            fact(format!("{status} is described by {response:?}"));
        }
        for requirement in &operation.security {
            let schemes: Vec<String> = requirement
                .schemes
                .iter()
                .map(|scheme| match scheme {
                    Scheme::Other(_) => "other".to_owned(),
                    Scheme::Basic => "basic".to_owned(),
                    Scheme::Bearer => "bearer".to_owned(),
                    Scheme::Header(name) => format!("header {name}"),
                    Scheme::Query(name) => format!("query {name}"),
                    Scheme::Cookie(name) => format!("cookie {name}"),
                })
                .collect();
            fact(format!("credentials: {}", schemes.join(" and ")));
        }
        fact(format!(
            "needs credentials: {}",
            operation.needs_credentials()
        ));
    }
    facts
}

/// What `openapi::model` reads in a document, in the same form.
pub fn read_by_the_model(document: &Value) -> Vec<String> {
    let mut facts = Vec::new();
    for operation in model::operations(document) {
        let label = operation.label();
        let mut fact = |text: String| facts.push(format!("{label}: {text}"));
        fact(format!("id {}", operation.id().unwrap_or(&label)));
        let requirements = model::requirements(document, &operation);
        let scheme = |name: &str| {
            model::scheme(document, name).map_or(SchemeKind::Other, |scheme| scheme.kind)
        };
        let is_key = |name: &str| {
            let mut schemes = requirements.iter().flat_map(|known| &known.schemes);
            schemes.any(|(known, _)| scheme(known) == SchemeKind::Query(name))
        };
        for parameter in model::parameters(document, &operation) {
            let (name, location) = (parameter.name, parameter.location);
            let (required, explode) = (parameter.is_required(), parameter.explodes());
            let described = format!("{location} {name}, required {required}, explode {explode}");
            match (
                location,
                model::header_sender(document, &operation, &parameter),
            ) {
                ("query", _) if is_key(name) => {}
                ("path" | "query" | "header", HeaderSender::Caller) => fact(described),
                ("header", HeaderSender::Fixed(value)) => {
                    fact(format!("fixed header {name} = {value}"))
                }
                _ => {}
            }
        }
        let content = |node: &openapi::Node<'_>| {
            node.value
                .get("content")
                .and_then(Value::as_object)
                .cloned()
        };
        if let Some(body) = operation
            .node
            .get("requestBody")
            .map(|body| body.resolved(document))
            && let Some(content) = content(&body)
            && let Some(media_type) = model::preferred_media_type(&content)
        {
            fact(format!(
                "body {media_type}, required {}",
                body.flag("required")
            ));
        }
        let responses = model::responses(document, &operation);
        let content = |response: &model::Response<'_>| {
            let content = content(&response.node);
            content
                .filter(|_| model::carries_body(operation.method, response.status))
                .unwrap_or_default()
        };
        for response in &responses {
            let media_types: Vec<String> = content(response).keys().cloned().collect();
            fact(format!("response {}: {media_types:?}", response.status));
        }
        for response in model::successes(&responses) {
            let content = content(response);
            let media_type = model::preferred_media_type(&content);
            fact(format!(
                "success {}, read as {media_type:?}",
                response.status
            ));
        }
        for status in STATUSES {
            let response = model::response_for(&responses, status).map(|known| known.status);
            fact(format!("{status} is described by {response:?}"));
        }
        for requirement in &requirements {
            let schemes: Vec<String> = requirement
                .schemes
                .iter()
                .map(|(name, _)| match scheme(name) {
                    SchemeKind::Other => "other".to_owned(),
                    SchemeKind::Basic => "basic".to_owned(),
                    SchemeKind::Bearer => "bearer".to_owned(),
                    SchemeKind::Header(name) => format!("header {name}"),
                    SchemeKind::Query(name) => format!("query {name}"),
                    SchemeKind::Cookie(name) => format!("cookie {name}"),
                })
                .collect();
            fact(format!("credentials: {}", schemes.join(" and ")));
        }
        fact(format!(
            "needs credentials: {}",
            model::needs_credentials(&requirements)
        ));
    }
    facts
}
