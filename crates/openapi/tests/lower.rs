//! OpenAPI 3.1 as 3.0: each construct by itself, and what stays as it is.

use openapi::{Version, lower};
use serde_json::{Value, json};

/// What a component schema of a 3.1 document becomes, and the changes that are listed, by pointer
/// from the schema.
fn lowered(schema: Value) -> (Value, Vec<(String, String)>) {
    let mut document = json!({
        "openapi": "3.1.0",
        "components": { "schemas": { "S": schema, "Other": { "type": "string" } } },
    });
    let changes = lower::to_3_0(&mut document);
    assert_eq!(document["openapi"], "3.0.3");
    let changes = changes.into_iter().map(|change| {
        let pointer = change.pointer.strip_prefix("/components/schemas/S");
        (
            pointer.expect("a change of the schema").to_owned(),
            change.what,
        )
    });
    (
        document["components"]["schemas"]["S"].take(),
        changes.collect(),
    )
}

#[test]
fn every_construct_has_its_words_in_3_0_and_is_listed() {
    let other = "#/components/schemas/Other";
    for (schema, wanted, listed) in [
        (
            json!({ "type": ["string", "null"] }),
            json!({ "type": "string", "nullable": true }),
            "list of types",
        ),
        (
            json!({ "type": ["null", "array"], "items": { "type": "string" } }),
            json!({ "type": "array", "nullable": true, "items": { "type": "string" } }),
            "list of types",
        ),
        (
            json!({ "type": ["string"] }),
            json!({ "type": "string" }),
            "list of types",
        ),
        (
            json!({ "type": ["integer", "number"] }),
            json!({ "type": "number" }),
            "list of types",
        ),
        (
            json!({ "type": ["string", "integer", "null"], "minLength": 2, "minimum": 3, "description": "D" }),
            json!({ "anyOf": [{ "type": "string", "minLength": 2 }, { "type": "integer", "minimum": 3 }], "nullable": true, "description": "D" }),
            "choice (`anyOf`) of types",
        ),
        (
            json!({ "type": ["string", "integer"], "enum": ["a", 1, 2] }),
            json!({ "anyOf": [{ "type": "string", "enum": ["a"] }, { "type": "integer", "enum": [1, 2] }] }),
            "choice (`anyOf`) of types",
        ),
        (
            json!({ "type": "null" }),
            json!({ "nullable": true, "enum": [null] }),
            "always null",
        ),
        (
            json!({ "type": "integer", "exclusiveMinimum": 5 }),
            json!({ "type": "integer", "minimum": 5, "exclusiveMinimum": true }),
            "exclusiveMinimum",
        ),
        (
            json!({ "exclusiveMaximum": 1.5 }),
            json!({ "maximum": 1.5, "exclusiveMaximum": true }),
            "exclusiveMaximum",
        ),
        (
            json!({ "minimum": 7, "exclusiveMinimum": 5 }),
            json!({ "minimum": 7 }),
            "exclusiveMinimum",
        ),
        (
            json!({ "maximum": 7, "exclusiveMaximum": 5 }),
            json!({ "maximum": 5, "exclusiveMaximum": true }),
            "exclusiveMaximum",
        ),
        (
            json!({ "const": "a" }),
            json!({ "type": "string", "enum": ["a"] }),
            "const",
        ),
        (
            json!({ "type": "integer", "const": 3 }),
            json!({ "type": "integer", "enum": [3] }),
            "const",
        ),
        (json!({ "const": null }), json!({ "enum": [null] }), "const"),
        (
            json!({ "type": "string", "examples": ["a", "b"] }),
            json!({ "type": "string", "example": "a" }),
            "examples",
        ),
        (
            json!({ "$ref": other, "description": "D" }),
            json!({ "allOf": [{ "$ref": other }], "description": "D" }),
            "wrapped",
        ),
        (
            json!({ "$ref": other, "deprecated": true }),
            json!({ "allOf": [{ "$ref": other }], "deprecated": true }),
            "wrapped",
        ),
        (
            json!({ "anyOf": [{ "$ref": other }, { "type": "null" }] }),
            json!({ "anyOf": [{ "$ref": other }], "nullable": true }),
            "null among",
        ),
        (
            json!({ "oneOf": [{ "const": null }, { "type": "string" }, { "type": "integer" }] }),
            json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }], "nullable": true }),
            "null among",
        ),
        (
            json!({ "type": "string", "contentEncoding": "base64" }),
            json!({ "type": "string", "format": "byte" }),
            "contentEncoding",
        ),
        (
            json!({ "type": "string", "contentEncoding": "quoted-printable" }),
            json!({ "type": "string" }),
            "contentEncoding",
        ),
        (
            json!({ "type": "string", "contentMediaType": "image/png" }),
            json!({ "type": "string" }),
            "contentMediaType",
        ),
        (
            json!({ "type": "array", "prefixItems": [{ "type": "string" }], "items": false }),
            json!({ "type": "array", "items": {} }),
            "tuple",
        ),
        (
            json!({ "type": "object", "patternProperties": { "^x": { "type": "string" } }, "additionalProperties": false }),
            json!({ "type": "object", "additionalProperties": { "type": "string" } }),
            "patternProperties",
        ),
        (
            json!({ "if": { "type": "string" }, "then": { "const": "a" }, "else": true }),
            json!({}),
            "`then` is left out",
        ),
        (
            json!({ "type": "object", "unevaluatedProperties": false }),
            json!({ "type": "object" }),
            "unevaluatedProperties",
        ),
        (
            json!({ "type": "object", "$defs": { "D": { "const": 1 } } }),
            json!({ "type": "object" }),
            "`$defs` is left out",
        ),
        (
            json!({ "type": "object", "properties": { "a": true, "b": false } }),
            json!({ "type": "object", "properties": { "a": {}, "b": { "not": {} } } }),
            "`true`",
        ),
        (
            json!({ "type": "string", "nullable": true }),
            json!({ "type": "string", "nullable": true }),
            "nullable",
        ),
    ] {
        let (found, changes) = lowered(schema.clone());
        assert_eq!(found, wanted, "{schema}");
        assert!(
            changes.iter().any(|(_, what)| what.contains(listed)),
            "{schema}: `{listed}` is not among {changes:?}"
        );
    }
}

#[test]
fn changes_deep_inside_are_listed_where_they_were() {
    let (found, changes) = lowered(json!({
        "type": "object",
        "properties": { "a/b": { "type": "array", "items": { "type": ["integer", "null"] } } },
        "example": { "type": ["string", "null"] },
        "default": { "const": 1 },
        "enum": [{ "const": 1 }],
    }));
    assert_eq!(
        found["properties"]["a/b"]["items"],
        json!({ "type": "integer", "nullable": true })
    );
    // Data is not a schema.
    assert_eq!(found["example"], json!({ "type": ["string", "null"] }));
    assert_eq!(found["default"], json!({ "const": 1 }));
    let pointers: Vec<&str> = changes.iter().map(|(at, _)| at.as_str()).collect();
    assert_eq!(pointers, ["/properties/a~1b/items"]);
}

#[test]
fn schemas_are_found_wherever_a_document_has_them() {
    let list = json!({ "type": ["string", "null"] });
    let mut document = json!({
        "openapi": "3.1.1",
        "info": { "title": "T", "version": "1", "summary": "S", "license": { "name": "L", "identifier": "MIT" } },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "webhooks": { "new": { "post": {} } },
        "paths": {
            "/a": { "$ref": "#/components/pathItems/A" },
            "/schema": {
                "parameters": [{ "name": "p", "in": "query", "schema": list }],
                "post": {
                    "requestBody": { "content": { "application/json": { "schema": list, "examples": { "schema": { "value": list } } } } },
                    "responses": { "200": {
                        "headers": { "X": { "schema": list } },
                        "content": { "text/plain": { "schema": list } },
                    } },
                },
            },
        },
        "components": {
            "pathItems": { "A": { "get": { "operationId": "a" } } },
            "parameters": { "schema": { "name": "q", "in": "query", "schema": list } },
            "responses": { "R": { "content": { "application/json": { "schema": list } } } },
        },
    });
    let changes = lower::to_3_0(&mut document);
    assert_eq!(Version::of(&document), Ok(Version::V3_0));
    let lowered = json!({ "type": "string", "nullable": true });
    for at in [
        "/paths/~1schema/parameters/0/schema",
        "/paths/~1schema/post/requestBody/content/application~1json/schema",
        "/paths/~1schema/post/responses/200/headers/X/schema",
        "/paths/~1schema/post/responses/200/content/text~1plain/schema",
        "/components/parameters/schema/schema",
        "/components/responses/R/content/application~1json/schema",
    ] {
        assert_eq!(document.pointer(at), Some(&lowered), "{at}");
        assert!(changes.iter().any(|change| change.pointer == at), "{at}");
    }
    // An example is data, and an operation has responses.
    let example =
        "/paths/~1schema/post/requestBody/content/application~1json/examples/schema/value";
    assert_eq!(document.pointer(example), Some(&list));
    assert_eq!(
        document["paths"]["/a"],
        json!({ "get": { "operationId": "a", "responses": {} } })
    );
    for gone in [
        "/webhooks",
        "/jsonSchemaDialect",
        "/info/summary",
        "/info/license/identifier",
        "/components/pathItems",
    ] {
        assert_eq!(document.pointer(gone), None, "{gone}");
        assert!(
            changes.iter().any(|change| change.pointer == gone),
            "{gone}"
        );
    }
}

#[test]
fn a_document_of_3_0_stays_as_it_is() {
    let document = json!({
        "openapi": "3.0.3",
        "components": { "schemas": { "S": { "$ref": "#/components/schemas/T", "description": "D", "const": 1 } } },
    });
    let mut lowered = document.clone();
    assert_eq!(lower::to_3_0(&mut lowered), []);
    assert_eq!(lowered, document);
}

#[test]
fn versions_are_told_apart() {
    for (document, wanted) in [
        (json!({ "openapi": "3.0.0" }), Ok(Version::V3_0)),
        (json!({ "openapi": "3.1.2" }), Ok(Version::V3_1)),
        (
            json!({ "openapi": "3.2.0" }),
            Err("OpenAPI 3.2.0 is not supported"),
        ),
        (
            json!({ "openapi": "3.10.0" }),
            Err("OpenAPI 3.10.0 is not supported"),
        ),
        (
            json!({ "openapi": "4.0.0" }),
            Err("OpenAPI 4.0.0 is not supported"),
        ),
        (
            json!({ "openapi": 3.1 }),
            Err("the OpenAPI version is not a text"),
        ),
        (json!({ "swagger": "2.0" }), Err("this is Swagger 2.0")),
        (
            json!({ "paths": {} }),
            Err("this is not an OpenAPI document"),
        ),
        (json!([]), Err("this is not an OpenAPI document")),
    ] {
        match (Version::of(&document), wanted) {
            (Ok(found), Ok(wanted)) => assert_eq!(found, wanted, "{document}"),
            (Err(found), Err(wanted)) => {
                assert!(
                    found.message.contains(wanted),
                    "{document}: {}",
                    found.message
                );
                assert!(found.help.is_some(), "{document}");
            }
            (found, _) => panic!("{document}: {found:?}"),
        }
    }
}

/// By its own dialect: null is a type, and what stands beside a reference counts.
#[cfg(feature = "validate")]
#[test]
fn values_of_a_3_1_document_are_judged_by_json_schema_2020_12() {
    let document = json!({ "openapi": "3.1.0", "components": { "schemas": { "Word": { "type": "string" } } } });
    let word = "#/components/schemas/Word";
    for (schema, right, wrong) in [
        (json!({ "type": ["string", "null"] }), json!(null), json!(1)),
        (
            json!({ "type": "integer", "exclusiveMinimum": 5 }),
            json!(6),
            json!(5),
        ),
        (json!({ "const": "a" }), json!("a"), json!("b")),
        (
            json!({ "$ref": word, "minLength": 2 }),
            json!("ab"),
            json!("a"),
        ),
        (
            json!({ "prefixItems": [{ "$ref": word }], "items": false }),
            json!(["a"]),
            json!(["a", "b"]),
        ),
        (
            json!({ "if": { "type": "string" }, "then": { "minLength": 2 } }),
            json!(1),
            json!("a"),
        ),
        (
            json!({ "properties": { "a": false } }),
            json!({}),
            json!({ "a": 1 }),
        ),
        (
            json!({ "allOf": [{ "properties": { "a": {} } }], "unevaluatedProperties": false }),
            json!({ "a": 1 }),
            json!({ "b": 1 }),
        ),
        // `nullable` is no keyword of 2020-12.
        (
            json!({ "type": "string", "nullable": true }),
            json!("a"),
            json!(null),
        ),
    ] {
        let validator = openapi::validate::validator(&document, &schema).expect("a validator");
        assert!(validator.is_valid(&right), "{schema} {right}");
        assert!(!validator.is_valid(&wrong), "{schema} {wrong}");
    }
}
