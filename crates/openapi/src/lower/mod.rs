//! OpenAPI 3.1 as OpenAPI 3.0: what generation and comparison work on.
//!
//! A document of 3.1 is brought to the words of 3.0. What 3.0 cannot say is left out or becomes an
//! untyped value. Every change is listed. Values are not judged by the result: a validator of a 3.1
//! document works on the document itself ([`crate::validate`]).

mod schema;

pub use schema::Lowered;

use crate::keywords::Keys;
use crate::{Version, pointer};
use serde_json::{Map, Value, json};

/// Keywords of 3.1 outside schemas, for which 3.0 has no words, with where they stand.
const LEFT_OUT: [(&str, &str); 5] = [
    ("", "webhooks"),
    ("", "jsonSchemaDialect"),
    ("/info", "summary"),
    ("/info/license", "identifier"),
    ("/components", "pathItems"),
];

/// Brings a document of OpenAPI 3.1 to OpenAPI 3.0, and returns what it changed. A document of
/// another version stays as it is.
///
/// ```
/// use serde_json::json;
///
/// let mut document = json!({ "openapi": "3.1.0", "components": { "schemas": {
///     "Name": { "type": ["string", "null"] },
/// } } });
/// let changes = openapi::lower::to_3_0(&mut document);
/// assert_eq!(
///     document["components"]["schemas"]["Name"],
///     json!({ "type": "string", "nullable": true })
/// );
/// assert_eq!(changes[0].pointer, "/components/schemas/Name");
/// ```
pub fn to_3_0(document: &mut Value) -> Vec<Lowered> {
    if Version::of(document) != Ok(Version::V3_1) {
        return Vec::new();
    }
    let mut changes = Vec::new();
    path_items(document, &mut changes);
    for (holder, key) in LEFT_OUT {
        let holder_value = document.pointer_mut(holder).and_then(Value::as_object_mut);
        if holder_value.is_some_and(|holder| holder.remove(key).is_some()) {
            changes.push(Lowered {
                pointer: pointer::join(holder, key),
                what: format!("`{key}` is left out"),
            });
        }
    }
    walk(document, "", Keys::Keywords, &mut changes);
    document["openapi"] = json!("3.0.3");
    changes
}

/// Puts path items that are references to `components/pathItems` into their places.
fn path_items(document: &mut Value, changes: &mut Vec<Lowered>) {
    let original = document.clone();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        let target = item.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|target| pointer::resolve(&original, target));
        let (Some((_, Value::Object(target))), Some(own)) = (target, item.as_object_mut()) else {
            continue;
        };
        own.remove("$ref");
        for (key, value) in target {
            own.entry(key.clone()).or_insert_with(|| value.clone());
        }
        changes.push(Lowered {
            pointer: pointer::join("/paths", path),
            what: "a reference to a path item is replaced by the path item".to_owned(),
        });
    }
}

/// Lowers every schema below a node, and the members of operations that 3.0 requires.
fn walk(node: &mut Value, at: &str, keys: Keys, changes: &mut Vec<Lowered>) {
    match node {
        Value::Object(object) => members(object, at, keys, changes),
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                walk(item, &format!("{at}/{index}"), Keys::Keywords, changes);
            }
        }
        _ => {}
    }
}

fn members(object: &mut Map<String, Value>, at: &str, keys: Keys, changes: &mut Vec<Lowered>) {
    // In 3.1 an operation need not document its responses.
    if keys == Keys::Keywords && is_operation(at) {
        object.entry("responses").or_insert_with(|| json!({}));
    }
    for (key, value) in object.iter_mut() {
        let at = pointer::join(at, key);
        match (keys, key.as_str(), &mut *value) {
            (Keys::Keywords, "schema", value) => schema::lower(value, &at, changes),
            (Keys::Keywords, "schemas", Value::Object(schemas)) => {
                for (name, schema) in schemas {
                    schema::lower(schema, &pointer::join(&at, name), changes);
                }
            }
            (_, _, value) => {
                if let Some(below) = keys.below(key) {
                    walk(value, &at, below, changes);
                }
            }
        }
    }
}

/// Whether a pointer is that of an operation: `/paths/<path>/<method>`.
fn is_operation(at: &str) -> bool {
    let mut segments = pointer::segments(at);
    segments.next().is_some_and(|first| first == "paths")
        && segments.next().is_some()
        && segments
            .next()
            .is_some_and(|method| crate::model::METHODS.contains(&method.as_ref()))
        && segments.next().is_none()
}
