//! Schemas from examples.

use openapi::infer;
use proptest::prelude::*;
use serde_json::{Value, json};

fn infer(samples: &[Value]) -> Value {
    infer::infer(&samples.iter().collect::<Vec<_>>()).unwrap()
}

#[test]
fn properties_are_optional_and_nullable_nothing_else_is() {
    assert_eq!(
        infer(&[
            json!({"member": {"guid": "MBR-1", "n": 1, "x": 1.5, "ok": true, "list": ["a"], "none": null}})
        ]),
        json!({"type": "object", "properties": {"member": {"type": "object", "nullable": true, "properties": {
            "guid": {"type": "string", "nullable": true},
            "n": {"type": "integer", "nullable": true},
            "x": {"type": "number", "nullable": true},
            "ok": {"type": "boolean", "nullable": true},
            "list": {"type": "array", "nullable": true, "items": {"type": "string"}},
            "none": {},
        }}}})
    );
}

#[test]
fn examples_and_items_are_merged() {
    assert_eq!(
        infer(&[
            json!([{"a": 1}, {"b": "x"}, {"a": 2.5}]),
            json!([{"c": null}, {"c": [null, "t"]}])
        ]),
        json!({"type": "array", "items": {"type": "object", "properties": {
            "a": {"type": "number", "nullable": true},
            "b": {"type": "string", "nullable": true},
            "c": {"type": "array", "nullable": true, "items": {"type": "string", "nullable": true}},
        }}})
    );
}

#[test]
fn a_contradiction_is_untyped_in_any_order() {
    for samples in [
        ["t".into(), json!(1), "u".into()],
        [json!(1), "t".into(), Value::Null],
        [Value::Null, json!([]), json!({})],
    ] {
        assert_eq!(
            infer(&[
                json!({"a": samples[0]}),
                json!({"a": samples[1]}),
                json!({"a": samples[2]})
            ]),
            json!({"type": "object", "properties": {"a": {}}})
        );
    }
    assert_eq!(
        infer(&[json!([1, "x"])]),
        json!({"type": "array", "items": {}})
    );
}

#[test]
fn json_content_without_schema_gets_one_wherever_it_stands() {
    let media = json!({"example": {"a": 1}});
    let mut document = json!({
        "paths": {"/x": {"post": {
            "requestBody": {"content": {"application/json; charset=utf-8": media}},
            "responses": {
                "200": {"content": {
                    "application/vnd.mx.nexus.v1+json": {"examples": {
                        "one": {"$ref": "#/components/examples/One"}, "two": {"value": {"b": "x"}},
                        "elsewhere": {"externalValue": "https://example.com"}}},
                    "application/pdf": media,
                    "text/json": media}},
                "201": {"content": {"application/json": {"schema": {"type": "string"}, "example": 1}}},
                "202": {"content": {"application/json": {}}},
            },
        }}},
        "components": {
            "examples": {"One": {"value": {"a": 1}}},
            "responses": {"content": {"content": {"Application/JSON": media}}},
            "schemas": {
                // A property that is called `content` is no content, and data is no spec.
                "S": {"properties": {"content": {"application/json": media}}, "example": {"content": {"application/json": media}}},
            },
        },
        "x-extension": {"content": {"application/json": media}},
    });
    let before = document.clone();
    let inferred = infer::infer_schemas(&mut document);
    let found: Vec<(&str, usize)> = inferred
        .iter()
        .map(|i| (i.pointer.as_str(), i.examples))
        .collect();
    assert_eq!(
        found,
        [
            (
                "/paths/~1x/post/requestBody/content/application~1json; charset=utf-8",
                1
            ),
            (
                "/paths/~1x/post/responses/200/content/application~1vnd.mx.nexus.v1+json",
                2
            ),
            ("/components/responses/content/content/Application~1JSON", 1),
        ]
    );
    for one in &inferred {
        assert_eq!(
            document.pointer(&one.pointer).unwrap()["schema"]["type"],
            "object",
            "{}",
            one.pointer
        );
        document
            .pointer_mut(&one.pointer)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .remove("schema");
    }
    assert_eq!(document, before, "something else changed");
}

/// Whether a value fits a schema as we infer them.
fn fits(schema: &Value, value: &Value) -> bool {
    let Some(kind) = schema.get("type") else {
        return true;
    };
    match value {
        Value::Null => schema["nullable"] == json!(true),
        Value::Bool(_) => kind == "boolean",
        Value::Number(n) => kind == "number" || (kind == "integer" && !n.is_f64()),
        Value::String(_) => kind == "string",
        Value::Array(items) => {
            kind == "array" && items.iter().all(|item| fits(&schema["items"], item))
        }
        Value::Object(object) => {
            kind == "object"
                && object
                    .iter()
                    .all(|(key, value)| fits(&schema["properties"][key], value))
        }
    }
}

fn sample() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i8>().prop_map(Value::from),
        (0.5..9.5f64).prop_map(Value::from),
        "[a-z]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-d]", inner, 0..4)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_sample_fits_the_schema_inferred_from_all(samples in prop::collection::vec(sample(), 1..5)) {
        let schema = infer(&samples);
        for sample in samples.iter().filter(|sample| !sample.is_null()) {
            prop_assert!(fits(&schema, sample), "{} does not fit {}", sample, schema);
        }
    }
}

#[test]
fn in_openapi_3_1_null_is_a_type() {
    let mut document = json!({ "openapi": "3.1.0", "paths": { "/a": { "get": { "responses": { "200": {
        "content": { "application/json": { "example": { "a": ["x"] } } },
    } } } } } });
    let inferred = infer::infer_schemas(&mut document);
    assert_eq!(
        document.pointer(&inferred[0].pointer).unwrap()["schema"]["properties"]["a"],
        json!({ "type": ["array", "null"], "items": { "type": "string" } })
    );
}
