//! A document of OpenAPI 3.1 in the words of 3.0, in which both sides are compared.
//!
//! Keywords of 3.1 that have no words in 3.0 stay in their schemas, so that a change of one is seen.

use openapi::model::child_schemas;
use openapi::{Node, Version, lower, pointer};
use serde_json::{Map, Value, json};

/// Keywords that restrict values, and whose changes are not weighed. They are not of OpenAPI 3.0.
pub(super) const UNWEIGHED: [&str; 22] = [
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$schema",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "additionalItems",
];

/// The member of a lowered schema that has several types: their names, sorted.
pub(super) const TYPES: &str = "x-several-types";

/// What lowering takes away: a place, a keyword, its value.
struct Kept {
    pointer: String,
    keyword: &'static str,
    value: Value,
}

/// Brings a document to the words of 3.0; one of 3.0 stays as it is.
pub(super) fn lower(document: &mut Value) {
    if Version::of(document) != Ok(Version::V3_1) {
        return;
    }
    let mut kept = Vec::new();
    let mut definitions = Vec::new();
    let root = Node::root(document);
    let mut waiting = vec![(root.clone(), false)];
    while let Some((node, is_schema)) = waiting.pop() {
        if is_schema {
            keep(&node, &mut kept);
            if let Some(own) = node.get("$defs") {
                definitions.push((own.pointer.clone(), own.value.clone()));
            }
            waiting.extend(child_schemas(&node).into_iter().map(|child| (child, true)));
            continue;
        }
        for (key, child) in node.members() {
            match key {
                "schema" => waiting.push((child, true)),
                "schemas" => waiting.extend(child.members().map(|(_, schema)| (schema, true))),
                // Their members are values, not parts of the document.
                "example" | "examples" | "default" | "enum" => {}
                _ => waiting.push((child, false)),
            }
        }
        waiting.extend(node.items().map(|item| (item, false)));
    }
    let version = document["openapi"].clone();
    lower::to_3_0(document);
    document["openapi"] = version;
    // References lead into them.
    for (at, value) in definitions {
        let mut alone = json!({"openapi": "3.1.0", "components": {"schemas": value}});
        lower::to_3_0(&mut alone);
        put_back(document, &at, alone["components"]["schemas"].take());
    }
    for kept in kept {
        let at = pointer::join(&kept.pointer, kept.keyword);
        put_back(document, &at, kept.value);
    }
}

fn keep(schema: &Node<'_>, kept: &mut Vec<Kept>) {
    for keyword in UNWEIGHED.into_iter().filter(|keyword| *keyword != "const") {
        if let Some(value) = schema.value.get(keyword) {
            kept.push(Kept {
                pointer: schema.pointer.clone(),
                keyword,
                value: value.clone(),
            });
        }
    }
    let mut types: Vec<&str> = schema
        .get("type")
        .into_iter()
        .flat_map(|list| list.items())
        .filter_map(|name| name.value.as_str())
        .filter(|name| *name != "null")
        .collect();
    types.sort_unstable();
    types.dedup();
    if types.len() > 1 {
        kept.push(Kept {
            pointer: schema.pointer.clone(),
            keyword: TYPES,
            value: json!(types),
        });
    }
}

/// Puts a value where a pointer leads. What is above it may have moved: then into the nearest that has not.
fn put_back(document: &mut Value, at: &str, value: Value) {
    let Some((mut parent, name)) = pointer::split_last(at) else {
        return;
    };
    let mut name = name.into_owned();
    loop {
        if let Some(Value::Object(members)) = document.pointer_mut(parent) {
            let members: &mut Map<String, Value> = members;
            members.entry(name).or_insert(value);
            return;
        }
        match pointer::split_last(parent) {
            Some((above, step)) => {
                name = format!("{step}/{name}");
                parent = above;
            }
            None => return,
        }
    }
}
