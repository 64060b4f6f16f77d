//! Paths and operations: methods need names of their own, and templates that can be filled.

use std::collections::BTreeMap;

use openapi::pointer;
use serde_json::{Map, Value};

use super::{Findings, Place, bodies, overlay, parameters};
use crate::api::METHODS;
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
        let at = pointer::join("/paths", path);
        let Some(item) = item.as_object() else {
            findings.error(
                &at,
                "expected a mapping of methods here",
                "look at the indentation of the lines around",
            );
            continue;
        };
        if item.contains_key("$ref") {
            let help =
                "put the path's operations here: progenitor does not read path items by reference";
            findings.error(
                &pointer::join(&at, "$ref"),
                format!("the path `{path}` is a reference"),
                help,
            );
            continue;
        }
        let template = template(path);
        if let Err(message) = &template {
            findings.error(
                &at,
                message.clone(),
                "a path looks like `/users/{user_guid}/members`",
            );
        }
        for method in METHODS.iter().filter(|method| item.contains_key(**method)) {
            count += 1;
            let at = pointer::join(&at, method);
            let Some(operation) = item[*method].as_object() else {
                findings.error(
                    &at,
                    "expected an operation here",
                    "look at the indentation of the lines around",
                );
                continue;
            };
            let place = Place {
                method,
                path,
                id: operation.str("operationId"),
            };
            identify(findings, &place, &at, &mut ids);
            parameters::check(
                findings,
                &place,
                item,
                operation,
                template.as_deref().unwrap_or(&[]),
            );
            bodies::check(findings, &place, operation);
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

fn identify<'a>(
    findings: &mut Findings<'_>,
    place: &Place<'a>,
    at: &str,
    ids: &mut BTreeMap<&'a str, String>,
) {
    let snippet = |id: &str| overlay(&place.json_path(), &format!("operationId: {id}"));
    match place.id {
        None => {
            let help = format!(
                "give it one: its method is named by it;\n{}",
                snippet("verbNoun")
            );
            findings.error_in(place, at, "the operation has no `operationId`", help);
        }
        Some(id) if id.trim().is_empty() => {
            let help = format!(
                "give it one: its method is named by it;\n{}",
                snippet("verbNoun")
            );
            findings.error_in(
                place,
                &pointer::join(at, "operationId"),
                "the `operationId` is empty",
                help,
            );
        }
        Some(id) => match ids.get(id) {
            Some(first) => {
                let help = format!("give one of them another;\n{}", snippet(&format!("{id}2")));
                let message = format!("the `operationId` `{id}` is also that of {first}");
                findings.error_in(place, &pointer::join(at, "operationId"), message, help);
            }
            None => {
                ids.insert(
                    id,
                    format!("{} {}", place.method.to_ascii_uppercase(), place.path),
                );
            }
        },
    }
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
        rest = &rest[close.unwrap_or(open) + 1..];
    }
    Ok(names)
}
