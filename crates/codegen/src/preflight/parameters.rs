//! Parameters: every one must have a place, a name and a schema that a request can carry.

use openapi::model::{Operation, Parameter, ResolvedSchema};
use openapi::{Node, pointer};

use super::findings::Findings;
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
        let help = format!(
            "add a parameter with `name: {name}`, `in: path`, `required: true` and a schema"
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
            let help = "cookies are not supported: remove it, or send it as a header";
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
            format!("only `{usual}` is supported in the {location}"),
        );
    }
    match node.get("schema") {
        Some(schema) => {
            schemas::check(findings, &schema, Some(operation));
            let resolved = ResolvedSchema::new(findings.document, &schema);
            let object = resolved.parts.iter().any(|part| {
                let stated = part.node.str("type");
                let holds = ["properties", "additionalProperties"]
                    .iter()
                    .any(|key| part.node.value[key].is_object());
                stated == Some("object") || (stated.is_none() && holds)
            });
            if object {
                findings.error_in(
                    operation,
                    &schema.pointer,
                    format!("`{name}` is an object"),
                    "a parameter is text, a number, a boolean, or (in the query) a list of these",
                );
            }
        }
        None if node.get("content").is_some() => findings.error_in(
            operation,
            &pointer::join(at, "content"),
            format!("`{name}` has `content`"),
            "give it a `schema`: media types of parameters are not supported",
        ),
        None => findings.error_in(
            operation,
            at,
            format!("`{name}` has no schema"),
            "add `schema: { type: string }`, or what fits",
        ),
    }
}
