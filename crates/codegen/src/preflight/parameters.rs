//! Parameters: every one must have a place, a name and a schema that a request can carry.

use openapi::pointer;
use serde_json::{Map, Value};

use super::{Findings, Place, overlay, schemas};
use crate::api::SchemeKind;
use crate::json::{self, Object as _};
use crate::spec_passes::{client_headers, inline};

/// Checks the parameters of an operation and of its path.
pub(super) fn check<'a>(
    findings: &mut Findings<'a>,
    place: &Place<'_>,
    item: &'a Map<String, Value>,
    operation: &'a Map<String, Value>,
    template: &[&str],
) {
    let path_level = pointer::join(&pointer::join("/paths", place.path), "parameters");
    let own = pointer::join(&place.pointer(), "parameters");
    let mut path_parameters = Vec::new();
    for (list, at, level) in [
        (item, path_level, "the path"),
        (operation, own, "the operation"),
    ] {
        if list
            .get("parameters")
            .is_some_and(|parameters| !parameters.is_array())
        {
            findings.error_in(
                place,
                &at,
                "expected a list of parameters",
                "start each one with a dash",
            );
        }
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for (index, parameter) in list.list("parameters").iter().enumerate() {
            let at = pointer::join(&at, &index.to_string());
            let Some((found, parameter)) = findings.behind(place, &at, parameter) else {
                continue;
            };
            let (Some(name), Some(location)) = (parameter.str("name"), parameter.str("in")) else {
                let help = "OpenAPI requires `name` and `in` (path, query or header)";
                findings.error_in(place, &found, "a parameter without `name` or `in`", help);
                continue;
            };
            if seen.contains(&(name, location)) {
                let message = format!("{level} has the {location} parameter `{name}` twice");
                findings.error_in(place, &at, message, "remove one of them");
            }
            seen.push((name, location));
            if location == "path" {
                path_parameters.push(name);
                if !template.contains(&name) {
                    let message = format!(
                        "the path parameter `{name}` does not occur in `{}`",
                        place.path
                    );
                    findings.error_in(place, &found, message, "remove it, or put it into the path");
                }
            }
            one(findings, place, &found, parameter, name, location);
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
            place,
            &place.pointer(),
            format!("nothing describes `{{{name}}}` of the path"),
            help,
        );
    }
}

fn one<'a>(
    findings: &mut Findings<'a>,
    place: &Place<'_>,
    at: &str,
    parameter: &'a Map<String, Value>,
    name: &str,
    location: &str,
) {
    match location {
        "path" | "query" => {}
        "header" => header(findings, place, at, parameter, name),
        "cookie" => {
            let help = "progenitor knows no cookies: remove it, or send it as a header";
            findings.error_in(place, at, format!("`{name}` is a cookie parameter"), help);
            return;
        }
        other => {
            let help = "`in` is one of path, query and header";
            findings.error_in(
                place,
                &pointer::join(at, "in"),
                format!("`{name}` is in `{other}`"),
                help,
            );
            return;
        }
    }
    let style = parameter.str("style");
    let usual = if location == "query" {
        "form"
    } else {
        "simple"
    };
    if let Some(style) = style.filter(|style| *style != usual) {
        let help = format!("only `{usual}` is supported in the {location}");
        findings.error_in(
            place,
            &pointer::join(at, "style"),
            format!("`{name}` has the style `{style}`"),
            help,
        );
    }
    match parameter.get("schema") {
        Some(schema) => {
            let at = pointer::join(at, "schema");
            schemas::check(findings, &at, schema, Some(place));
            let target = json::follow(findings.document, schema).and_then(Value::as_object);
            let object = target.is_some_and(|schema| {
                schema.str("type") == Some("object") || schema.contains_key("properties")
            });
            if object {
                let help =
                    "a parameter is text, a number, a boolean, or (in the query) a list of these";
                findings.error_in(place, &at, format!("`{name}` is an object"), help);
            }
        }
        None if parameter.contains_key("content") => {
            let help = "give it a `schema`: progenitor takes no media types for parameters";
            findings.error_in(
                place,
                &pointer::join(at, "content"),
                format!("`{name}` has `content`"),
                help,
            );
        }
        None => {
            let help = "add `schema: { type: string }`, or what fits";
            findings.error_in(place, at, format!("`{name}` has no schema"), help);
        }
    }
}

/// Whether a header says how a message or a connection is read: another value breaks it, or lets a caller smuggle a
/// request (RFC 9110, sections 7.2, 7.6.1 and 11.7; RFC 9113, section 8.2.2).
pub(super) fn belongs_to_http(name: &str) -> bool {
    const OWNED: [&str; 11] = [
        "connection",
        "content-length",
        "host",
        "http2-settings",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    OWNED.contains(&name.to_ascii_lowercase().as_str())
}

fn header(
    findings: &mut Findings<'_>,
    place: &Place<'_>,
    at: &str,
    parameter: &Map<String, Value>,
    name: &str,
) {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(token) {
        let help = "a header's name is made of letters, digits and dashes";
        findings.error_in(
            place,
            &pointer::join(at, "name"),
            format!("`{name}` is no name for a header"),
            help,
        );
        return;
    }
    if belongs_to_http(name) {
        let target = match at.strip_prefix("/components/parameters/") {
            Some(component) => {
                format!("$..parameters[?@['$ref']=='#/components/parameters/{component}']")
            }
            None => format!("$..[?@.name=='{name}' && @.in=='header']"),
        };
        let help = format!(
            "the HTTP library sets it for each connection: remove the parameter, in the overlay if need be:\n  \
             - target: {target}\n    description: why\n    remove: true"
        );
        findings.error_in(
            place,
            at,
            format!("`{name}` is a header of HTTP itself, and cannot be a parameter"),
            help,
        );
        return;
    }
    let by_client = client_headers::follows_from_media_types(name)
        || client_headers::fixed_value(parameter).is_some()
        || name.eq_ignore_ascii_case("authorization")
        || inline::schemes(findings.document).iter().any(
            |scheme| matches!(&scheme.kind, SchemeKind::Header(header) if header.eq_ignore_ascii_case(name)),
        );
    if parameter.flag("required") && !by_client {
        let target = format!("$..[?@.name=='{name}' && @.in=='header']");
        let help = format!(
            "callers give it with every call; if it is always the same, give its schema a default,\n{}",
            overlay(&target, "schema: { default: … }")
        );
        findings.warn_in(
            place,
            at,
            format!("nobody fixes the required header `{name}`"),
            help,
        );
    }
}
