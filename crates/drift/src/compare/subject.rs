//! The subject of a pointer, in words that a reader of the documentation knows.

use openapi::model::METHODS;
use openapi::pointer;
use serde_json::Value;
use std::borrow::Cow;

/// The thing at a pointer: "query parameter `referral_source`", "schema `User`, property `name`".
/// `None` for the members of the document itself.
pub(super) fn subject(root: &Value, at: &str) -> Option<String> {
    let names: Vec<Cow<'_, str>> = pointer::segments(at).collect();
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    let (words, rest) = match names[..] {
        ["info", ..] => ("info".to_owned(), &[][..]),
        ["servers", index, ..] => {
            let url = root["servers"]
                .get(index.parse::<usize>().ok()?)?
                .get("url")?
                .as_str()?;
            (format!("server `{url}`"), &[][..])
        }
        ["tags", index, ..] => {
            let name = root["tags"]
                .get(index.parse::<usize>().ok()?)?
                .get("name")?
                .as_str()?;
            (format!("tag `{name}`"), &[][..])
        }
        ["components", kind, name, ref rest @ ..] => (
            component(root, kind, name),
            &names[names.len() - rest.len()..],
        ),
        ["paths", path, ref rest @ ..] => return Some(in_path(root, path, rest, at)),
        _ => return None,
    };
    Some(with_parts(words, rest))
}

fn component(root: &Value, kind: &str, name: &str) -> String {
    match kind {
        "schemas" => format!("schema `{name}`"),
        "parameters" => parameter(&root["components"]["parameters"][name])
            .unwrap_or_else(|| format!("parameter `{name}`")),
        "responses" => format!("response `{name}`"),
        "requestBodies" => format!("request body `{name}`"),
        "headers" => format!("header `{name}`"),
        "securitySchemes" => format!("security scheme `{name}`"),
        "examples" => format!("example `{name}`"),
        other => format!("{other} `{name}`"),
    }
}

fn parameter(node: &Value) -> Option<String> {
    Some(format!(
        "{} parameter `{}`",
        node.get("in")?.as_str()?,
        node.get("name")?.as_str()?
    ))
}

fn in_path(root: &Value, path: &str, rest: &[&str], at: &str) -> String {
    match rest {
        [method, inner @ ..] if METHODS.contains(method) => match inner {
            ["parameters", _, parts @ ..] => with_parts(parameter_at(root, at, parts.len()), parts),
            ["requestBody", parts @ ..] => with_parts("request body".to_owned(), parts),
            ["responses", status, parts @ ..] => with_parts(format!("response {status}"), parts),
            _ => format!("{} {path}", method.to_ascii_uppercase()),
        },
        ["parameters", _, parts @ ..] => with_parts(parameter_at(root, at, parts.len()), parts),
        _ => path.to_owned(),
    }
}

/// The parameter `above` segments above a pointer.
fn parameter_at(root: &Value, at: &str, above: usize) -> String {
    let holder = (0..above).fold(at, |at, _| {
        at.rsplit_once('/').map_or("", |(parent, _)| parent)
    });
    root.pointer(holder)
        .and_then(parameter)
        .unwrap_or_else(|| "parameter".to_owned())
}

/// Adds the content and the properties that the rest of a pointer leads through.
fn with_parts(mut words: String, mut rest: &[&str]) -> String {
    let mut property = String::new();
    loop {
        rest = match rest {
            ["content", media_type, rest @ ..] => {
                words = format!("{words} ({media_type})");
                rest
            }
            ["headers", name, rest @ ..] => {
                words = format!("{words}, header `{name}`");
                rest
            }
            ["properties", name, rest @ ..] => {
                if !property.is_empty() {
                    property.push('.');
                }
                property.push_str(name);
                rest
            }
            ["items", rest @ ..] => {
                property.push_str("[]");
                rest
            }
            // As the last segment it is the keyword that changed, not the schema in it.
            ["additionalProperties", rest @ ..] if !rest.is_empty() => {
                property.push_str("{}");
                rest
            }
            ["allOf" | "oneOf" | "anyOf", _, rest @ ..] | ["schema", rest @ ..] => rest,
            _ => break,
        };
    }
    if property.is_empty() {
        words
    } else {
        format!("{words}, property `{property}`")
    }
}
