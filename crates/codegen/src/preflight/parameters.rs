//! Parameters: every one must have a place, a name and a schema that a request can carry.

use openapi::model::{Operation, Parameter, ResolvedSchema};
use openapi::{Node, pointer};
use serde_json::{Value, json};

use super::findings::{Findings, action, remove_parameter, update, update_action, yaml};
use super::{headers, schemas};

/// Checks the parameters of an operation and of its path.
pub(super) fn check<'a>(findings: &mut Findings<'a>, operation: &Operation<'a>, template: &[&str]) {
    let mut path_parameters = Vec::new();
    for (holder, level) in [
        (&operation.item, "the path"),
        (&operation.node, "the operation"),
    ] {
        let Some(list) = holder.get("parameters") else {
            continue;
        };
        if !list.value.is_array() {
            findings.error_in(
                operation,
                &list.pointer,
                "expected a list of parameters",
                "start each one with a dash",
            );
        }
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for item in list.items() {
            let at = &item.pointer;
            let Some((found, object)) = findings.behind(operation, at, item.value) else {
                continue;
            };
            let text = |key: &str| object.get(key).and_then(|value| value.as_str());
            let (Some(name), Some(location)) = (text("name"), text("in")) else {
                findings.error_in(
                    operation,
                    &found,
                    "a parameter without `name` or `in`",
                    "OpenAPI requires `name` and `in` (path, query or header)",
                );
                continue;
            };
            if seen.contains(&(name, location)) {
                let message = format!("{level} has the {location} parameter `{name}` twice");
                findings.error_in(operation, at, message, "remove one of them");
            }
            seen.push((name, location));
            if location == "path" {
                path_parameters.push(name);
                if !template.contains(&name) {
                    let path = operation.path;
                    findings.error_in(
                        operation,
                        &found,
                        format!("the path parameter `{name}` does not occur in `{path}`"),
                        "remove it, or put it into the path",
                    );
                }
            }
            let node = Node {
                pointer: found,
                value: item.clone().resolved(findings.document).value,
            };
            let parameter = Parameter {
                node,
                name,
                location,
            };
            one(findings, operation, &parameter);
        }
    }
    for name in template
        .iter()
        .filter(|name| !path_parameters.contains(name))
    {
        let change = update(
            &findings.path_to(&operation.node.pointer),
            &format!(
                "parameters: [{{ name: {}, in: path, required: true, schema: {{ type: string }} }}]",
                yaml(name)
            ),
        );
        let help = format!(
            "add a parameter with `name: {name}`, `in: path`, `required: true` and a schema,\n{change}"
        );
        findings.error_in(
            operation,
            &operation.node.pointer,
            format!("nothing describes `{{{name}}}` of the path"),
            help,
        );
    }
}

fn one<'a>(findings: &mut Findings<'a>, operation: &Operation<'a>, parameter: &Parameter<'a>) {
    let Parameter {
        node,
        name,
        location,
    } = parameter;
    let at = &node.pointer;
    match *location {
        "path" | "query" => {}
        "header" => headers::check(findings, operation, parameter),
        "cookie" => {
            let remove = remove_parameter(findings, at);
            let help = format!(
                "cookies are not supported: remove it, or send it as a header; in the overlay:\n{remove}"
            );
            findings.error_in(
                operation,
                at,
                format!("`{name}` is a cookie parameter"),
                help,
            );
            return;
        }
        other => {
            findings.error_in(
                operation,
                &pointer::join(at, "in"),
                format!("`{name}` is in `{other}`"),
                "`in` is one of path, query and header",
            );
            return;
        }
    }
    let usual = if *location == "query" {
        "form"
    } else {
        "simple"
    };
    let style = parameter.style();
    if style != usual {
        findings.error_in(
            operation,
            &pointer::join(at, "style"),
            format!("`{name}` has the style `{style}`"),
            format!(
                "only `{usual}` is supported in the {location}; if callers give the text that is sent,\n{}",
                as_text(findings, at, &["style", "schema"])
            ),
        );
    }
    match node.get("schema") {
        Some(schema) => {
            schemas::check(findings, &schema, Some(operation));
            if is_object(findings.document, &schema, &mut Vec::new()) {
                findings.error_in(
                    operation,
                    &schema.pointer,
                    format!("`{name}` is an object"),
                    format!(
                        "a parameter is text, a number, a boolean, or (in the query) a list of these; if callers give the \
                         text that is sent,\n{}",
                        as_text(findings, at, &["schema"])
                    ),
                );
            }
        }
        None if node.get("content").is_some() => findings.error_in(
            operation,
            &pointer::join(at, "content"),
            format!("`{name}` has `content`"),
            format!(
                "give it a `schema`: media types of parameters are not supported; if callers give the text that is \
                 sent,\n{}",
                as_text(findings, at, &["content"])
            ),
        ),
        None => findings.error_in(
            operation,
            at,
            format!("`{name}` has no schema"),
            format!(
                "add `schema: {{ type: string }}`, or what fits,\n{}",
                as_text(findings, at, &[])
            ),
        ),
    }
}

/// Whether a value of a schema is an object. One schema beside null is that schema; a choice between others is none.
fn is_object(document: &Value, schema: &Node<'_>, seen: &mut Vec<String>) -> bool {
    if seen.contains(&schema.pointer) {
        return false;
    }
    seen.push(schema.pointer.clone());
    let resolved = ResolvedSchema::new(document, schema);
    resolved.parts.iter().any(|part| {
        let stated = part.node.str("type");
        let holds = ["properties", "additionalProperties"]
            .iter()
            .any(|key| part.node.value[key].is_object());
        let mut choices = ["oneOf", "anyOf"].iter().filter_map(|key| part.node.get(key));
        stated == Some("object")
            || (stated.is_none() && holds)
            || choices.any(|choice| {
                let mut others = choice.items().filter(|schema| !is_null(document, schema));
                matches!((others.next(), others.next()), (Some(only), None) if is_object(document, &only, seen))
            })
    })
}

/// Whether a schema allows null only.
fn is_null(document: &Value, schema: &Node<'_>) -> bool {
    let values = ResolvedSchema::new(document, schema).get("enum");
    values.is_some_and(|values| *values.value == json!([null]))
}

/// The overlay actions that make a parameter a text, without the members that say something else.
fn as_text(findings: &Findings<'_>, at: &str, without: &[&str]) -> String {
    let node = findings.document.pointer(at);
    let has = |name: &&&str| node.is_some_and(|node| node.get(**name).is_some());
    let mut list: Vec<String> = without
        .iter()
        .filter(has)
        .map(|name| action(&findings.path_to(&pointer::join(at, name)), "remove: true"))
        .collect();
    let parameter = findings.path_to(at);
    list.push(update_action(&parameter, "schema: { type: string }"));
    format!("in the overlay:\n{}", list.join("\n"))
}
