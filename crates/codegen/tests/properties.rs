//! Whatever a spec holds, generation gives sound code or findings, and always the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use codegen::{Authentication, Facts, Failure, Generated, Input};
use openapi::Document;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use syn::{ImplItem, Item, Type};

/// Names that specs have, that Rust does not like, and that are the same in Rust.
fn name() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "user",
        "User",
        "USER",
        "user_guid",
        "userGuid",
        "user-guid",
        "self",
        "Self",
        "type",
        "Option",
        "Vec",
        "String",
        "new",
        "send",
        "client",
        "body",
        "builder",
        "1st",
        "_",
        "",
        "größe",
        "名前",
        "a b",
        "x[]",
        "#",
        "Sensitive",
        "Error",
        "match",
        "r#fn",
        "value",
        "Response",
        "Call",
        "Future",
    ];
    prop_oneof![3 => select(KNOWN).prop_map(str::to_owned), 1 => "[a-zA-Z0-9_\\-\\[\\]. ü]{1,8}"]
}

/// Text that ends up in documentation.
fn text() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "",
        "A [link](/x) `code",
        "```\nfn main() {}",
        "<br> <b> [x] \"\\",
        "*/ // */",
        "a\n\n    b",
    ];
    select(KNOWN).prop_map(str::to_owned)
}

/// The component schemas that references may name.
const COMPONENTS: [&str; 4] = ["User", "user", "Vec", "user-list"];

fn schema() -> impl Strategy<Value = Value> {
    let scalar = select(&["string", "integer", "number", "boolean"][..])
        .prop_map(|kind| json!({ "type": kind }));
    let values = prop::collection::vec(
        prop_oneof![name().prop_map(Value::from), Just(Value::Null)],
        1..4,
    );
    let leaf = prop_oneof![
        4 => scalar,
        2 => values.prop_map(|values| json!({ "type": "string", "enum": values })),
        2 => select(&COMPONENTS[..]).prop_map(|name| json!({ "$ref": format!("#/components/schemas/{name}") })),
        1 => Just(json!({})),
        1 => Just(json!({ "type": "array" })),
        1 => Just(json!({ "type": "integer", "enum": [1, 2, null] })),
        1 => Just(json!({ "type": "string", "format": "password" })),
        1 => Just(json!({ "type": "string", "default": 7, "maxLength": 3, "pattern": "(" })),
    ];
    let nested = leaf.prop_recursive(3, 12, 3, |inner| {
        let properties = prop::collection::vec((name(), inner.clone()), 0..4);
        let choice = prop::collection::vec(inner.clone(), 1..3);
        prop_oneof![
            4 => (properties, prop::collection::vec(name(), 0..2)).prop_map(|(properties, required)| {
                let properties: Map<String, Value> = properties.into_iter().collect();
                let required: BTreeSet<String> = required.into_iter().chain(properties.keys().next().cloned()).collect();
                json!({ "type": "object", "properties": properties, "required": required })
            }),
            2 => inner.clone().prop_map(|items| json!({ "type": "array", "items": items })),
            1 => inner.clone().prop_map(|values| json!({ "type": "object", "additionalProperties": values })),
            1 => (select(&["allOf", "oneOf", "anyOf"][..]), choice).prop_map(|(key, parts)| json!({ key: parts })),
        ]
    });
    (nested, any::<bool>(), prop::option::of(text())).prop_map(
        |(mut schema, nullable, description)| {
            if nullable {
                schema["nullable"] = json!(true);
            }
            if let Some(description) = description {
                schema["description"] = json!(description);
            }
            schema
        },
    )
}

fn parameter() -> impl Strategy<Value = Value> {
    let location = select(&["query", "header"][..]);
    (name(), location, any::<bool>(), schema(), text()).prop_map(|(name, location, required, schema, text)| {
        json!({ "name": name, "in": location, "required": required, "schema": schema, "description": text })
    })
}

fn content() -> impl Strategy<Value = Value> {
    const JSON: &[&str] = &[
        "application/json",
        "application/vnd.mx.api.v1+json",
        "application/json; charset=utf-8",
    ];
    const OTHER: &[&str] = &["application/pdf", "text/plain", "*/*"];
    prop_oneof![
        4 => (select(JSON), schema()).prop_map(|(name, schema)| json!({ name: { "schema": schema } })),
        1 => select(JSON).prop_map(|name| json!({ name: { "example": { "user": [{ "a": 1 }, null] } } })),
        1 => select(JSON).prop_map(|name| json!({ name: {} })),
        1 => select(OTHER).prop_map(|name| json!({ name: { "schema": { "type": "string", "format": "binary" } } })),
    ]
}

fn operation() -> impl Strategy<Value = Value> {
    let status = select(
        &[
            "200", "201", "202", "204", "2XX", "default", "400", "404", "5XX",
        ][..],
    );
    let responses = prop::collection::btree_map(status, prop::option::of(content()), 0..4);
    let parameters = prop::collection::vec(parameter(), 0..4);
    let body = prop::option::of((content(), any::<bool>()));
    (name(), parameters, body, responses, text()).prop_map(
        |(id, parameters, body, responses, text)| {
            let responses: Map<String, Value> = responses
                .into_iter()
                .map(|(status, content)| {
                    let response = match content {
                        Some(content) => json!({ "description": "", "content": content }),
                        None => json!({ "description": "" }),
                    };
                    (status.to_owned(), response)
                })
                .collect();
            let mut operation = json!({
                "operationId": id,
                "description": text,
                "parameters": parameters,
                "responses": responses,
            });
            if let Some((content, required)) = body {
                operation["requestBody"] = json!({ "content": content, "required": required });
            }
            operation
        },
    )
}

/// A spec with a path parameter of any name in each path, operations on several methods, and all [`COMPONENTS`].
fn document() -> impl Strategy<Value = Value> {
    let item = (
        name(),
        prop::collection::btree_map(select(&["get", "put", "post"][..]), operation(), 1..3),
    );
    (
        prop::collection::vec(item, 1..3),
        prop::collection::vec(schema(), COMPONENTS.len()),
    )
        .prop_map(|(items, schemas)| {
            let mut paths = Map::new();
            for (index, (parameter, operations)) in items.into_iter().enumerate() {
                let mut item: Map<String, Value> = operations
                    .into_iter()
                    .map(|(method, operation)| (method.to_owned(), operation))
                    .collect();
                let schema = json!({ "type": "string" });
                let parameter_object =
                    json!({ "name": parameter, "in": "path", "required": true, "schema": schema });
                item.insert("parameters".into(), json!([parameter_object]));
                paths.insert(format!("/p{index}/{{{parameter}}}"), Value::Object(item));
            }
            let schemas: Map<String, Value> = COMPONENTS
                .map(str::to_owned)
                .into_iter()
                .zip(schemas)
                .collect();
            json!({
                "openapi": "3.0.3",
                "info": { "title": "Test", "version": "1" },
                "paths": paths,
                "components": { "schemas": schemas },
            })
        })
}

fn generate(document: &Value) -> Result<Generated, String> {
    let text = document.to_string();
    let document = Document::parse("openapi.json", text).map_err(|error| error.to_string())?;
    let facts = Facts::new("Test", Authentication::Basic);
    let input = Input::new(&facts, &document);
    codegen::generate(&input).map_err(|failure| match failure {
        Failure::Spec(findings) | Failure::Overlay(findings) | Failure::UserOverlay(findings) => {
            openapi::render(&findings, &document, false)
        }
    })
}

/// Writes an accepted spec into the folder that `ACCEPTED_SPECS` names, where the corpus compiles it.
fn keep(document: &Value) {
    let Some(folder) = std::env::var_os("ACCEPTED_SPECS") else {
        return;
    };
    let text = document.to_string();
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let name = format!("accepted_{:016x}.json", hasher.finish());
    fs::create_dir_all(&folder).expect("the folder of accepted specs");
    fs::write(Path::new(&folder).join(name), text).expect("an accepted spec");
}

/// The same spec with names for operations and schemas that do not collide.
fn distinct(document: &Value) -> Value {
    let mut document = document.clone();
    let items = document["paths"]
        .as_object_mut()
        .expect("an object")
        .values_mut();
    let operations = items.flat_map(|item| item.as_object_mut().expect("an object").values_mut());
    for (index, operation) in operations.filter(|entry| entry.is_object()).enumerate() {
        operation["operationId"] = json!(format!("operation{index}"));
    }
    let schemas = document["components"]["schemas"].take();
    let schemas = schemas.as_object().expect("an object").values().cloned();
    let own = ["User", "Account", "Vec", "Group"].map(str::to_owned);
    document["components"]["schemas"] = Value::Object(own.into_iter().zip(schemas).collect());
    let text = document.to_string();
    let text = text
        .replace("schemas/user\"", "schemas/Account\"")
        .replace("schemas/user-list\"", "schemas/Group\"");
    serde_json::from_str(&text).expect("still JSON")
}

/// The same spec with the order of its paths and schemas turned round.
fn reversed(document: &Value) -> Value {
    let mut document = document.clone();
    for pointer in ["/paths", "/components/schemas"] {
        if let Some(Value::Object(object)) = document.pointer_mut(pointer) {
            *object = std::mem::take(object).into_iter().rev().collect();
        }
    }
    document
}

/// The items of a file, the enums that a macro of ours wraps included.
fn items(code: &str) -> Vec<Item> {
    let file = syn::parse_file(code).unwrap_or_else(|error| panic!("{error} in:\n{code}"));
    let unwrap = |item: Item| match item {
        // Its variants are written `A = "a"`, which is Rust's syntax for a discriminant.
        Item::Macro(wrapped) if wrapped.mac.path.segments[1].ident == "string_enum" => {
            Item::Enum(syn::parse2(wrapped.mac.tokens).expect("an enum"))
        }
        other => other,
    };
    file.items.into_iter().map(unwrap).collect()
}

/// What an item declares: its kind of namespace and its name.
fn declared(item: &Item) -> Option<(&'static str, String)> {
    Some(match item {
        Item::Struct(item) => ("type", item.ident.to_string()),
        Item::Enum(item) => ("type", item.ident.to_string()),
        Item::Type(item) => ("type", item.ident.to_string()),
        Item::Mod(item) => ("type", item.ident.to_string()),
        Item::Static(item) => ("value", item.ident.to_string()),
        Item::Const(item) => ("value", item.ident.to_string()),
        Item::Fn(item) => ("value", item.sig.ident.to_string()),
        _ => return None,
    })
}

/// The members that must differ: a struct's fields, an enum's variants and their texts, a type's own methods.
fn members(items: &[Item]) -> Vec<(String, String)> {
    let mut members = Vec::new();
    for item in items {
        match item {
            Item::Struct(item) => {
                let fields = item.fields.iter().filter_map(|field| field.ident.as_ref());
                members.extend(
                    fields.map(|field| (format!("struct {}", item.ident), field.to_string())),
                );
            }
            Item::Enum(item) => {
                let variants = item
                    .variants
                    .iter()
                    .map(|variant| variant.ident.to_string());
                members.extend(variants.map(|variant| (format!("enum {}", item.ident), variant)));
            }
            Item::Impl(item) if item.trait_.is_none() => {
                let Type::Path(path) = &*item.self_ty else {
                    continue;
                };
                let of = path
                    .path
                    .segments
                    .last()
                    .map(|segment| segment.ident.to_string())
                    .unwrap_or_default();
                for method in &item.items {
                    if let ImplItem::Fn(method) = method {
                        members.push((format!("impl {of}"), method.sig.ident.to_string()));
                    }
                }
            }
            _ => {}
        }
    }
    members
}

fn without_duplicates<T: Ord + std::fmt::Debug>(file: &str, all: impl IntoIterator<Item = T>) {
    let mut seen = BTreeSet::new();
    for one in all {
        assert!(!seen.contains(&one), "{one:?} twice in {file}");
        seen.insert(one);
    }
}

/// The names that each file declares.
fn names(generated: &Generated) -> BTreeMap<String, BTreeSet<String>> {
    let code = generated
        .files
        .iter()
        .filter(|(name, _)| name.ends_with(".rs"));
    code.map(|(name, text)| {
        let declared = items(text)
            .iter()
            .filter_map(declared)
            .map(|(_, name)| name)
            .collect();
        (name.clone(), declared)
    })
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_accepted_is_sound_code(document in document()) {
        let generated = match generate(&document) {
            Ok(generated) => generated,
            Err(findings) => {
                prop_assert!(!findings.contains("gap in the checks"), "{findings}");
                return Ok(());
            }
        };
        keep(&document);
        for (name, text) in generated.files.iter().filter(|(name, _)| name.ends_with(".rs")) {
            let items = items(text);
            without_duplicates(name, items.iter().filter_map(declared));
            without_duplicates(name, members(&items));
            // Of a module that is left out.
            prop_assert!(!text.contains("ConversionError"), "{name}:\n{text}");
        }
    }

    #[test]
    fn the_same_spec_gives_the_same_bytes(document in document()) {
        let (first, second) = (generate(&document), generate(&document));
        prop_assert_eq!(&first, &second);
    }

    #[test]
    fn the_order_of_paths_and_schemas_names_nothing_else(document in document()) {
        let document = distinct(&document);
        match (generate(&document), generate(&reversed(&document))) {
            (Ok(first), Ok(second)) => prop_assert_eq!(names(&first), names(&second)),
            (first, second) => prop_assert_eq!(first.is_ok(), second.is_ok()),
        }
    }
}
