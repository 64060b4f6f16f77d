//! Schemas of JSON Schema 2020-12 as schemas of OpenAPI 3.0.

use crate::model::child_schemas_mut_at;
use crate::pointer;
use serde_json::{Map, Value, json};

type Keywords = Map<String, Value>;

/// A change that brought a part of a document from OpenAPI 3.1 to 3.0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lowered {
    /// JSON pointer to the part, as it was before.
    pub pointer: String,
    /// What was done, as a phrase: "`webhooks` is left out".
    pub what: String,
}

/// Keywords that say how a schema is read, not what its values are.
const SILENT: [&str; 5] = ["$schema", "$id", "$anchor", "$comment", "$vocabulary"];

/// Keywords that say something of values for which 3.0 has no words.
const LEFT_OUT: [&str; 17] = [
    "$defs",
    "$dynamicAnchor",
    "$dynamicRef",
    "contains",
    "contentMediaType",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "patternProperties",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Lowers a schema and all schemas inside it, the inner before the outer.
pub(super) fn lower(schema: &mut Value, at: &str, changes: &mut Vec<Lowered>) {
    let mut own = Vec::new();
    if let Value::Object(keywords) = schema {
        left_out(keywords, &mut own);
    }
    for (segments, child) in child_schemas_mut_at(schema) {
        let at = segments
            .iter()
            .fold(at.to_owned(), |at, segment| pointer::join(&at, segment));
        lower(child, &at, changes);
    }
    match schema {
        Value::Bool(true) => {
            own.push("the schema `true` is an untyped value".to_owned());
            *schema = json!({});
        }
        Value::Bool(false) => {
            own.push("the schema `false`, which no value fits, is an untyped value".to_owned());
            *schema = json!({ "not": {} });
        }
        Value::Object(keywords) => {
            encoding(keywords, &mut own);
            constant(keywords, &mut own);
            null_alternatives(keywords, &mut own);
            bound(keywords, "exclusiveMinimum", "minimum", f64::ge, &mut own);
            bound(keywords, "exclusiveMaximum", "maximum", f64::le, &mut own);
            example(keywords, &mut own);
            types(keywords, &mut own);
            reference(keywords, &mut own);
        }
        _ => {}
    }
    changes.extend(own.into_iter().map(|what| Lowered {
        pointer: at.to_owned(),
        what,
    }));
}

/// Tuples become lists, names by pattern become maps; what 3.0 has no words for goes.
fn left_out(keywords: &mut Keywords, notes: &mut Vec<String>) {
    if keywords.get("nullable") == Some(&json!(true)) {
        notes.push("`nullable` keeps the meaning that it has in OpenAPI 3.0".to_owned());
    }
    if keywords.remove("prefixItems").is_some() {
        notes.push("a tuple (`prefixItems`) is a list of untyped values".to_owned());
        keywords.insert("items".to_owned(), json!({}));
    }
    if keywords.get("items").is_some_and(Value::is_boolean) {
        keywords.insert("items".to_owned(), json!({}));
    }
    if let Some(Value::Object(patterns)) = keywords.remove("patternProperties") {
        notes.push("`patternProperties` are `additionalProperties`".to_owned());
        let mut schemas = patterns.into_iter().map(|(_, schema)| schema);
        let others = match (schemas.next(), schemas.next()) {
            (Some(only), None) => only,
            _ => json!({}),
        };
        if !keywords.get("additionalProperties").is_some_and(allows_any) {
            keywords.insert("additionalProperties".to_owned(), others);
        }
    }
    for key in SILENT {
        keywords.remove(key);
    }
    for key in LEFT_OUT {
        if keywords.remove(key).is_some() {
            notes.push(format!("`{key}` is left out"));
        }
    }
}

/// Whether an `additionalProperties` is more than `false`.
fn allows_any(schema: &Value) -> bool {
    *schema != json!(false)
}

fn encoding(keywords: &mut Keywords, notes: &mut Vec<String>) {
    if let Some(encoding) = keywords.remove("contentEncoding") {
        let base64 = encoding
            .as_str()
            .is_some_and(|name| name.starts_with("base64"));
        if base64 && !keywords.contains_key("format") {
            notes.push("`contentEncoding: base64` is `format: byte`".to_owned());
            keywords.insert("format".to_owned(), json!("byte"));
        } else {
            notes
                .push("`contentEncoding` is left out: the value is sent as it is given".to_owned());
        }
    }
}

fn constant(keywords: &mut Keywords, notes: &mut Vec<String>) {
    if let Some(value) = keywords.remove("const") {
        notes.push("`const` is an `enum` of one value".to_owned());
        if !keywords.contains_key("type")
            && let Some(kind) = type_of(&value)
        {
            keywords.insert("type".to_owned(), json!(kind));
        }
        keywords.insert("enum".to_owned(), json!([value]));
    }
}

/// The name of the type of a value.
fn type_of(value: &Value) -> Option<&'static str> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some("boolean"),
        Value::Number(number) if number.is_f64() => Some("number"),
        Value::Number(_) => Some("integer"),
        Value::String(_) => Some("string"),
        Value::Array(_) => Some("array"),
        Value::Object(_) => Some("object"),
    }
}

/// A choice that has null among its alternatives is a nullable choice of the others.
fn null_alternatives(keywords: &mut Keywords, notes: &mut Vec<String>) {
    for key in ["oneOf", "anyOf"] {
        let Some(Value::Array(parts)) = keywords.get_mut(key) else {
            continue;
        };
        let count = parts.len();
        parts.retain(|part| !is_null(part));
        if parts.len() == count {
            continue;
        }
        let empty = parts.is_empty();
        notes.push(format!("null among `{key}` is `nullable`"));
        keywords.insert("nullable".to_owned(), json!(true));
        if empty {
            keywords.remove(key);
            keywords.insert("enum".to_owned(), json!([null]));
        }
    }
}

/// Whether a lowered schema allows null only.
fn is_null(schema: &Value) -> bool {
    schema.get("enum") == Some(&json!([null]))
}

/// A numeric bound that is excluded becomes a bound and a flag; of two bounds the tighter one stays.
fn bound(
    keywords: &mut Keywords,
    exclusive: &str,
    inclusive: &str,
    looser: fn(&f64, &f64) -> bool,
    notes: &mut Vec<String>,
) {
    let Some(limit @ Value::Number(_)) = keywords.get(exclusive).cloned() else {
        return;
    };
    notes.push(format!("`{exclusive}` is `{inclusive}` with a flag"));
    let known = keywords.get(inclusive).and_then(Value::as_f64);
    let tighter = match (limit.as_f64(), known) {
        (Some(limit), Some(known)) => looser(&limit, &known),
        _ => true,
    };
    if tighter {
        keywords.insert(inclusive.to_owned(), limit);
        keywords.insert(exclusive.to_owned(), json!(true));
    } else {
        keywords.remove(exclusive);
    }
}

fn example(keywords: &mut Keywords, notes: &mut Vec<String>) {
    if let Some(Value::Array(examples)) = keywords.get("examples") {
        let first = examples.first().cloned();
        keywords.remove("examples");
        if let Some(first) = first {
            notes.push("the first of `examples` is the `example`".to_owned());
            keywords.entry("example").or_insert(first);
        }
    }
}

/// A list of types becomes one type, nullable where null is in the list, or a choice of types.
fn types(keywords: &mut Keywords, notes: &mut Vec<String>) {
    let mut list: Vec<String> = match keywords.get("type") {
        Some(Value::String(one)) if one == "null" => vec![one.clone()],
        Some(Value::Array(list)) => {
            let names = list.iter().filter_map(Value::as_str);
            names.map(str::to_owned).collect()
        }
        _ => return,
    };
    keywords.remove("type");
    let count = list.len();
    list.retain(|name| name != "null");
    if list.len() < count {
        keywords.insert("nullable".to_owned(), json!(true));
    }
    // Every integer is a number.
    if list.iter().any(|name| name == "number") {
        list.retain(|name| name != "integer");
    }
    match list.as_slice() {
        [] if count > 0 => {
            notes.push("a value that is always null is an untyped value".to_owned());
            keywords.insert("enum".to_owned(), json!([null]));
        }
        [] => {}
        [one] => {
            notes.push("a list of types is one type, `nullable` if null is in the list".to_owned());
            keywords.insert("type".to_owned(), json!(one));
        }
        _ if ["oneOf", "anyOf", "allOf"]
            .iter()
            .any(|key| keywords.contains_key(*key)) =>
        {
            notes.push("a list of types beside a choice of schemas is left out".to_owned());
        }
        several => {
            notes.push("a list of types is a choice (`anyOf`) of types".to_owned());
            let choice = several.iter().map(|name| one_of_types(keywords, name));
            let choice: Vec<Value> = choice.collect();
            keywords.retain(|key, _| owner(key).is_none() && key != "enum");
            keywords.insert("anyOf".to_owned(), Value::Array(choice));
        }
    }
}

/// What a schema of several types says of the values of one of them.
fn one_of_types(keywords: &Keywords, name: &str) -> Value {
    let mut own: Keywords = keywords
        .iter()
        .filter(|(key, _)| owner(key).is_some_and(|owners| owners.contains(&name)))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    own.insert("type".to_owned(), json!(name));
    if let Some(Value::Array(values)) = keywords.get("enum") {
        let fits = |value: &&Value| {
            let kind = type_of(value);
            kind == Some(name) || (kind == Some("integer") && name == "number")
        };
        own.insert(
            "enum".to_owned(),
            values.iter().filter(fits).cloned().collect(),
        );
    }
    Value::Object(own)
}

/// The types whose values a keyword speaks of; `None` for one that speaks of all values.
fn owner(keyword: &str) -> Option<&'static [&'static str]> {
    Some(match keyword {
        "minLength" | "maxLength" | "pattern" => &["string"],
        "format" => &["string", "integer", "number"],
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
            &["integer", "number"]
        }
        "items" | "minItems" | "maxItems" | "uniqueItems" => &["array"],
        "properties" | "required" | "additionalProperties" | "minProperties" | "maxProperties" => {
            &["object"]
        }
        _ => return None,
    })
}

/// What stands beside a `$ref` counts in 3.1; in 3.0 the reference is wrapped.
fn reference(keywords: &mut Keywords, notes: &mut Vec<String>) {
    if keywords.len() < 2 {
        return;
    }
    if let Some(target) = keywords.remove("$ref") {
        notes.push("a reference with keywords beside it is wrapped in `allOf`".to_owned());
        let parts = keywords.entry("allOf").or_insert_with(|| json!([]));
        if let Some(parts) = parts.as_array_mut() {
            parts.insert(0, json!({ "$ref": target }));
        }
    }
}
