//! Documents in which the parts occur that the suite and the model must read in the same way.

use openapi::model;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A document whose paths, or whose one operation `GET /a`, are these.
fn paths(paths: Value) -> Value {
    json!({
        "openapi": "3.0.3", "info": { "title": "T", "version": "1" }, "paths": paths,
        "components": {
            "parameters": { "page": { "name": "page", "in": "query", "schema": { "type": "integer" } } },
            "schemas": {
                "version": { "type": "string", "default": "v7" },
                "only": { "allOf": [{ "$ref": "#/components/schemas/one" }] },
                "one": { "type": "string", "enum": ["v1"] },
            },
            "responses": { "gone": { "description": "", "content": { "text/plain": {}, "application/problem+json": {} } } },
            "requestBodies": { "thing": { "required": true, "content": { "text/xml": {}, "application/vnd.a+json; v=1": {} } } },
            "pathItems": { "shared": { "get": { "operationId": "shared", "responses": {} } } },
            "securitySchemes": {
                "basic": { "type": "http", "scheme": "Basic" },
                "token": { "type": "http", "scheme": "BEARER" },
                "digest": { "type": "http", "scheme": "digest" },
                "login": { "type": "oauth2", "flows": {} },
                "connect": { "type": "openIdConnect", "openIdConnectUrl": "https://example.com" },
                "key": { "type": "apiKey", "in": "header", "name": "X-Key" },
                "query": { "type": "apiKey", "in": "query", "name": "key" },
                "cookie": { "type": "apiKey", "in": "cookie", "name": "sid" },
                "mutual": { "type": "mutualTLS" },
                "same": { "$ref": "#/components/securitySchemes/login" },
            },
        },
    })
}

fn get(operation: Value) -> Value {
    paths(json!({ "/a": { "get": operation } }))
}

fn parameter(parameter: Value) -> Value {
    get(json!({ "parameters": [parameter] }))
}

fn header(name: &str, required: bool, schema: Value) -> Value {
    parameter(json!({ "name": name, "in": "header", "required": required, "schema": schema }))
}

fn responses(responses: Value) -> Value {
    get(json!({ "responses": responses }))
}

fn security(requirements: Value) -> Value {
    get(json!({ "security": requirements }))
}

/// Where the readings must agree: documents, and a fact that each must give or (after `!`) must not.
#[rustfmt::skip]
pub fn table() -> Vec<(&'static str, Value)> {
    let all_methods = json!({ "get": {}, "put": {}, "post": {}, "delete": {}, "options": {}, "head": {}, "patch": {}, "trace": {},
        "GET": {}, "parameters": [], "x-get": {} });
    let page = json!({ "$ref": "#/components/parameters/page" });
    vec![
        ("TRACE /a: id TRACE /a", paths(json!({ "/a": all_methods }))),
        ("!GET x-a", paths(json!({ "x-a": { "get": {} }, "/a": { "get": [] } }))),
        ("GET /b: id shared", paths(json!({ "/b": { "$ref": "#/components/pathItems/shared" } }))),
        ("GET /a: id one", get(json!({ "operationId": "one" }))),
        // Parameters.
        ("query page, required false, explode true", paths(json!({ "/a": { "parameters": [page], "get": {} } }))),
        ("query page, required true", paths(json!({ "/a": { "parameters": [page], "get": { "parameters": [{ "name": "page", "in": "query", "required": true }] }, } }))),
        ("header page, required false, explode false", paths(json!({ "/a": { "parameters": [page], "get": { "parameters": [{ "name": "page", "in": "header" }] }, } }))),
        ("header X-A, required true", paths(json!({ "/a": { "parameters": [{ "name": "x-a", "in": "header" }], "get": { "parameters": [{ "name": "X-A", "in": "header", "required": true }] }, } }))),
        ("path id, required true, explode false", paths(json!({ "/a/{id}": { "get": { "parameters": [{ "name": "id", "in": "path" }] } } }))),
        ("query q, required false, explode false", parameter(json!({ "name": "q", "in": "query", "explode": false }))),
        ("query q, required false, explode false", parameter(json!({ "name": "q", "in": "query", "style": "pipeDelimited" }))),
        ("path q, required true, explode true", parameter(json!({ "name": "q", "in": "path", "explode": true }))),
        ("!cookie", parameter(json!({ "name": "q", "in": "cookie" }))),
        ("!: query", parameter(json!({ "in": "query" }))),
        ("!: query", parameter(json!({ "$ref": "#/components/parameters/none" }))),
        // Headers that the client sends by itself.
        ("!Accept,", header("Accept", true, json!({ "default": "a/b" }))),
        ("!content-type", header("content-type", true, json!({}))),
        ("!Authorization", header("Authorization", true, json!({}))),
        ("!header x-key,", get(json!({ "security": [{ "key": [] }], "parameters": [{ "name": "x-key", "in": "header" }] }))),
        ("!query key,", get(json!({ "security": [{ "query": [] }], "parameters": [{ "name": "key", "in": "query" }] }))),
        ("header X-Key, required false", header("X-Key", false, json!({}))),
        ("fixed header X-V = v1", header("X-V", true, json!({ "default": "v1" }))),
        ("fixed header X-V = v1", header("X-V", true, json!({ "enum": ["v1"] }))),
        ("fixed header X-V = v2", header("X-V", true, json!({ "enum": ["v1"], "default": "v2" }))),
        ("fixed header X-V = v3", header("X-V", true, json!({ "const": "v3" }))),
        ("fixed header X-V = 3", header("X-V", true, json!({ "default": 3 }))),
        ("fixed header X-V = true", header("X-V", true, json!({ "default": true }))),
        ("fixed header X-V = v7", header("X-V", true, json!({ "$ref": "#/components/schemas/version" }))),
        ("fixed header X-V = v1", header("X-V", true, json!({ "$ref": "#/components/schemas/only" }))),
        ("fixed header X-V = v1", header("X-V", true, json!({ "oneOf": [{ "enum": ["v1"] }] }))),
        ("fixed header X-V = v8", header("X-V", true, json!({ "$ref": "#/components/schemas/version", "default": "v8" }))),
        ("!fixed", header("X-V", true, json!({ "oneOf": [{ "enum": ["v1"] }, {}] }))),
        ("!fixed", header("X-V", true, json!({ "enum": ["v1", "v2"] }))),
        ("!fixed", header("X-V", true, json!({ "default": null, "enum": ["v1"] }))),
        ("!fixed", header("X-V", true, json!({ "default": ["v1"] }))),
        ("!fixed", header("X-V", false, json!({ "default": "v1" }))),
        ("fixed header accept-version = v1", header("accept-version", false, json!({ "default": "v1" }))),
        ("!fixed", parameter(json!({ "name": "X-V", "in": "query", "required": true, "schema": { "default": "v1" } }))),
        // Bodies.
        ("body application/vnd.a+json; v=1, required true", get(json!({ "requestBody": { "$ref": "#/components/requestBodies/thing" } }))),
        ("body text/xml, required false", get(json!({ "requestBody": { "content": { "text/xml": {}, "text/plain": {} } } }))),
        ("!: body", get(json!({ "requestBody": { "content": {} } }))),
        // Responses.
        ("success 200, read as Some(\"application/json\")", responses(json!({ "200": { "content": { "text/plain": {}, "application/json": {} } } }))),
        ("response 404: [\"text/plain\", \"application/problem+json\"]", responses(json!({ "404": { "$ref": "#/components/responses/gone" } }))),
        ("!success default", responses(json!({ "200": {}, "default": {} }))),
        ("success default", responses(json!({ "404": {}, "default": {} }))),
        ("success 2XX", responses(json!({ "2XX": {}, "default": {} }))),
        ("success 2xx", responses(json!({ "2xx": {} }))),
        ("!success 20", responses(json!({ "20": {}, "2": {}, "2000": {}, "2X": {}, "default": {} }))),
        ("success default", responses(json!({ "20": {}, "default": {} }))),
        ("!success 3", responses(json!({ "301": {}, "4XX": {} }))),
        ("299 is described by Some(\"2XX\")", responses(json!({ "200": {}, "2XX": {}, "default": {} }))),
        ("404 is described by Some(\"4xx\")", responses(json!({ "200": {}, "4xx": {}, "default": {} }))),
        ("500 is described by Some(\"default\")", responses(json!({ "200": {}, "default": {} }))),
        ("500 is described by None", responses(json!({ "200": {}, "x-500": {} }))),
        ("response 204: []", responses(json!({ "204": { "content": { "application/json": {} } } }))),
        ("response 205: []", responses(json!({ "205": { "content": { "application/json": {} } } }))),
        ("response 304: []", responses(json!({ "304": { "content": { "application/json": {} } } }))),
        ("response 2XX: [\"application/json\"]", responses(json!({ "2XX": { "content": { "application/json": {} } } }))),
        ("HEAD /a: response 200: []", paths(json!({ "/a": { "head": { "responses": { "200": { "content": { "a/b": {} } } } } } }))),
        // Security.
        ("credentials: basic", security(json!([{ "basic": [] }]))),
        ("credentials: bearer", security(json!([{ "token": [] }]))),
        ("credentials: bearer", security(json!([{ "login": ["read"] }]))),
        ("credentials: bearer", security(json!([{ "connect": [] }]))),
        ("credentials: bearer", security(json!([{ "same": [] }]))),
        ("credentials: header X-Key", security(json!([{ "key": [] }]))),
        ("credentials: query key", security(json!([{ "query": [] }]))),
        ("credentials: cookie sid", security(json!([{ "cookie": [] }]))),
        ("credentials: other", security(json!([{ "digest": [] }]))),
        ("credentials: other", security(json!([{ "mutual": [] }]))),
        ("credentials: other", security(json!([{ "no such scheme": [] }]))),
        ("credentials: basic and header X-Key", security(json!([{ "basic": [], "key": [] }]))),
        ("credentials: header X-Key", security(json!([{ "basic": [] }, { "key": [] }]))),
        ("needs credentials: false", security(json!([]))),
        ("needs credentials: false", security(json!([{ "basic": [] }, {}]))),
        ("needs credentials: false", get(json!({}))),
        ("needs credentials: true", { let mut document = get(json!({})); document["security"] = json!([{ "login": [] }]); document }),
        ("needs credentials: false", { let mut document = security(json!([])); document["security"] = json!([{ "login": [] }]); document }),
    ]
}

/// Any mixture of the parts that matter, valid or not.
pub fn documents() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        "a",
        "A",
        "x-key",
        "key",
        "accept",
        "Accept-Version",
        "Content-Type",
        "id",
    ]);
    let location = prop::sample::select(vec!["path", "query", "header", "cookie", "body"]);
    let schema = prop::sample::select(vec![
        json!({}),
        json!({ "default": "v1" }),
        json!({ "enum": ["v1"] }),
        json!({ "enum": ["v1", 2] }),
        json!({ "const": 7 }),
        json!({ "$ref": "#/components/schemas/only" }),
        json!({ "allOf": [{}, { "default": false }] }),
        json!(null),
        json!(true),
        json!({ "default": null }),
        json!({ "$ref": "#/nowhere" }),
        json!({ "anyOf": [{ "default": "v9" }] }),
    ]);
    let style = prop::sample::select(vec![
        json!(null),
        json!("form"),
        json!("simple"),
        json!("spaceDelimited"),
        json!(1),
    ]);
    let explode = prop::sample::select(vec![json!(null), json!(true), json!(false), json!("yes")]);
    let parameter = (name, location, any::<bool>(), schema, style, explode).prop_map(
        |(name, location, required, schema, style, explode)| {
            let mut parameter =
                json!({ "name": name, "in": location, "required": required, "schema": schema });
            for (key, value) in [("style", style), ("explode", explode)] {
                if !value.is_null() {
                    parameter[key] = value;
                }
            }
            parameter
        },
    );
    let parameter = prop_oneof![8 => parameter, 1 => Just(json!({ "$ref": "#/components/parameters/page" })), 1 => Just(json!("x"))];
    let parameters = prop::collection::vec(parameter, 0..4);
    let status = prop::sample::select(vec![
        "200", "201", "204", "2XX", "2xx", "default", "404", "4XX", "304", "x-a", "20", "100",
    ]);
    let content = prop::sample::select(vec![
        json!({}),
        json!({ "content": { "text/plain": {}, "application/json": {} } }),
        json!({ "content": { "a/b+json": {} } }),
        json!({ "$ref": "#/components/responses/gone" }),
        json!({ "content": [] }),
    ]);
    let responses = prop::collection::vec((status, content), 0..5).prop_map(|all| {
        all.into_iter()
            .map(|(status, response)| (status.to_owned(), response))
            .collect::<Value>()
    });
    let scheme = prop::sample::select(vec![
        "basic", "token", "digest", "login", "connect", "key", "query", "cookie", "mutual", "same",
        "none",
    ]);
    let requirement = prop::collection::btree_set(scheme, 0..3).prop_map(|names| {
        names
            .into_iter()
            .map(|name| (name.to_owned(), json!([])))
            .collect::<Value>()
    });
    let requirement = prop_oneof![8 => requirement, 1 => Just(json!("x"))];
    let security = prop::option::of(prop::collection::vec(requirement, 0..3));
    let method = prop::sample::select(model::METHODS.to_vec());
    (
        parameters.clone(),
        parameters,
        responses,
        security.clone(),
        security,
        method,
    )
        .prop_map(|(of_path, own, responses, of_document, security, method)| {
            let mut operation = json!({ "parameters": own, "responses": responses });
            if let Some(security) = security {
                operation["security"] = json!(security);
            }
            let mut document =
                paths(json!({ "/a/{id}": { "parameters": of_path, (method): operation } }));
            if let Some(security) = of_document {
                document["security"] = json!(security);
            }
            document
        })
}
