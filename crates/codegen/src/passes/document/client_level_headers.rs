//! Headers that the client fixes leave the method signature.
//!
//! Progenitor makes `Accept-Version` an argument of every call and ignores its default, so each caller repeats what
//! the spec says once; and `Accept`, which follows from the media types, could be given wrongly.

use serde_json::{Map, Value};

use crate::api::{self, Api, SchemeKind};
use crate::deviations::{Deviations, Pass};
use crate::json::Object as _;

/// As `DEVIATIONS.md` presents it.
pub const PASS: Pass = Pass {
    name: "Client-level headers",
    why: "Headers whose value follows from the spec are sent by the client and are no arguments of its methods.",
};

/// Runs the pass.
pub fn run(api: &mut Api, deviations: &mut Deviations) {
    let mut secrets: Vec<String> = Vec::new();
    for scheme in &api.schemes {
        if let SchemeKind::Header(name) = &scheme.kind {
            secrets.push(name.clone());
        }
    }
    api.for_each_operation(|facts, operation| {
        let Some(Value::Array(parameters)) = operation.get_mut("parameters") else {
            return;
        };
        parameters.retain(|parameter| {
            let Some(parameter) = parameter.as_object() else {
                return true;
            };
            let Some(name) = header_name(parameter) else {
                return true;
            };
            let what = if follows_from_media_types(&name) {
                format!("`{name}` follows from the media types of the operation")
            } else if name.eq_ignore_ascii_case("authorization") || contains(&secrets, &name) {
                format!("`{name}` is sent with the client's credentials")
            } else if let Some(value) = fixed_value(parameter) {
                facts.headers.push((name.clone(), value.clone()));
                format!("`{name}: {value}` is sent with every request")
            } else {
                return true;
            };
            facts
                .parameters
                .retain(|known| known.location != "header" || known.name != name);
            deviations.note(&PASS, &facts.id, what);
            false
        });
    });
}

/// The value that a header parameter always has, if the spec fixes one: the default of a required header, or of
/// `Accept-Version` even where it is called optional.
pub fn fixed_value(parameter: &Map<String, Value>) -> Option<String> {
    let name = header_name(parameter)?;
    if !parameter.flag("required") && !name.eq_ignore_ascii_case("accept-version") {
        return None;
    }
    let schema = parameter.map("schema")?;
    let only = match schema.list("enum") {
        [only] => Some(only),
        _ => None,
    };
    match schema.get("default").or(only)? {
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// Whether OpenAPI says of this header that its parameter is ignored, because the media types tell it.
pub fn follows_from_media_types(name: &str) -> bool {
    name.eq_ignore_ascii_case("accept") || name.eq_ignore_ascii_case("content-type")
}

fn header_name(parameter: &Map<String, Value>) -> Option<String> {
    (parameter.str("in") == Some("header")).then(|| api::text(parameter, "name"))?
}

fn contains(names: &[String], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}
