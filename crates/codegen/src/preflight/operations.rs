//! Paths and operations: methods need names of their own, and templates that can be filled.

use std::collections::BTreeMap;

use openapi::model::{METHODS, Operation};
use openapi::{Node, pointer};
use serde_json::{Map, Value};

use super::findings::{Findings, update, yaml};
use super::{bodies, parameters};
use crate::json::Object as _;

/// Checks the paths and everything below them.
pub(super) fn check<'a>(findings: &mut Findings<'a>, root: &'a Map<String, Value>) {
    let Some(paths) = root.map("paths") else {
        findings.error(
            "",
            "the spec has no `paths`",
            "a client is made of the operations under `paths`",
        );
        return;
    };
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    let mut count = 0;
    for (path, item) in paths.iter().filter(|(path, _)| !path.starts_with("x-")) {
        let item = Node {
            pointer: pointer::join("/paths", path),
            value: item,
        };
        if !item.value.is_object() {
            findings.error(
                &item.pointer,
                "expected a mapping of methods here",
                "look at the indentation of the lines around",
            );
            continue;
        }
        if item.value.get("$ref").is_some() {
            findings.error(
                &pointer::join(&item.pointer, "$ref"),
                format!("the path `{path}` is a reference"),
                "put the path's operations here: path items by reference are not supported",
            );
            continue;
        }
        let template = template(path);
        if let Err(message) = &template {
            findings.error(
                &item.pointer,
                message.clone(),
                "a path looks like `/users/{user_guid}/members`",
            );
        }
        for method in METHODS {
            let Some(node) = item.get(method) else {
                continue;
            };
            count += 1;
            if !node.value.is_object() {
                findings.error(
                    &node.pointer,
                    "expected an operation here",
                    "look at the indentation of the lines around",
                );
                continue;
            }
            let operation = Operation {
                path,
                method,
                item: item.clone(),
                node,
            };
            identify(findings, &operation, &mut ids);
            extensions(findings, &operation);
            let template = template.as_deref().unwrap_or(&[]);
            parameters::check(findings, &operation, template);
            bodies::check(findings, &operation);
        }
    }
    if count == 0 {
        findings.error(
            "/paths",
            "the spec has no operations",
            "a client is made of the operations under `paths`",
        );
    }
}

/// Ids are complete by now.
fn identify<'a>(
    findings: &mut Findings<'_>,
    operation: &Operation<'a>,
    ids: &mut BTreeMap<&'a str, String>,
) {
    let at = &operation.node.pointer;
    let Some(id) = operation.id() else {
        if let Some(id) = operation.node.get("operationId") {
            let text = match id.value {
                Value::Number(number) => format!("{} {number}", operation.method),
                Value::Bool(value) => format!("{} {value}", operation.method),
                _ => format!("{} {}", operation.method, operation.path),
            };
            let change = update(
                &findings.path_to(at),
                &format!("operationId: {}", yaml(&crate::names::snake(&text))),
            );
            let help = format!(
                "give it a name, in quotes if YAML reads it as something else, or delete it;\n{change}"
            );
            findings.error_in(
                operation,
                &id.pointer,
                "the `operationId` is not a text",
                help,
            );
        }
        return;
    };
    match ids.get(id) {
        Some(first) => {
            let change = update(
                &findings.path_to(at),
                &format!("operationId: {}", yaml(&format!("{id}2"))),
            );
            let help = format!("give one of them another;\n{change}");
            let message = format!("the `operationId` `{id}` is also that of {first}");
            findings.error_in(operation, &pointer::join(at, "operationId"), message, help);
        }
        None => {
            ids.insert(id, operation.label());
        }
    }
}

/// What an overlay may say of an operation beyond OpenAPI.
fn extensions(findings: &mut Findings<'_>, operation: &Operation<'_>) {
    if let Some(name) = operation.node.get("x-rust-name")
        && name
            .value
            .as_str()
            .is_none_or(|name| !name.contains(char::is_alphanumeric))
    {
        findings.error_in(
            operation,
            &name.pointer,
            "`x-rust-name` is not a name",
            "give the name of the method, such as `list_users`, or leave it out",
        );
    }
    if let Some(said) = operation.node.get("x-idempotent")
        && !said.value.is_boolean()
    {
        findings.error_in(
            operation,
            &said.pointer,
            "`x-idempotent` is neither `true` nor `false`",
            "say whether the operation can be sent twice without harm, or leave it out",
        );
    }
}

/// Whether a URL can hold what stands between the parameters of a path.
fn encoded(path: &str, text: &str) -> Result<(), String> {
    let unfit = |c: &char| !c.is_ascii_graphic() || "\"<>\\^`".contains(*c);
    let Some(found) = text.chars().find(unfit) else {
        return Ok(());
    };
    let mut bytes = [0; 4];
    let bytes = found.encode_utf8(&mut bytes).bytes();
    let right: String = bytes.map(|byte| format!("%{byte:02X}")).collect();
    Err(format!(
        "the path `{path}` has `{found}`, which a URL holds as `{right}` only"
    ))
}

/// The names in a path template.
fn template(path: &str) -> Result<Vec<&str>, String> {
    if !path.starts_with('/') {
        return Err(format!("the path `{path}` does not start with a slash"));
    }
    if path.contains(['?', '#']) {
        return Err(format!("the path `{path}` has a query or a fragment"));
    }
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(open) = rest.find(['{', '}']) {
        let close = rest[open..].find('}').map(|close| open + close);
        let name = match close {
            Some(close) if rest[open..].starts_with('{') => &rest[open + 1..close],
            _ => return Err(format!("the braces of the path `{path}` do not match")),
        };
        if name.is_empty() || name.contains(['/', '{']) {
            return Err(format!(
                "the path `{path}` has a parameter without a proper name"
            ));
        }
        if names.contains(&name) {
            return Err(format!(
                "the path `{path}` has the parameter `{name}` twice"
            ));
        }
        names.push(name);
        encoded(path, &rest[..open])?;
        rest = &rest[close.unwrap_or(open) + 1..];
    }
    encoded(path, rest)?;
    Ok(names)
}
