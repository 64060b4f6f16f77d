//! The rules of OpenAPI, as tables.

use openapi::model::{self, HeaderSender, Operation, Requirement, SchemeKind};
use openapi::{Document, Node};
use serde_json::{Value, json};

/// A document with one operation, `GET /a/{id}`.
fn with_operation(item: Value, components: Value) -> Value {
    json!({ "openapi": "3.0.3", "paths": { "/a/{id}": item }, "components": components })
}

fn yaml(text: &str) -> Value {
    Document::parse("test", text).unwrap().value().clone()
}

fn only(document: &Value) -> Operation<'_> {
    let mut operations = model::operations(document);
    assert_eq!(operations.len(), 1);
    operations.remove(0)
}

#[test]
fn operations_are_listed_by_path_and_method() {
    let document = yaml(
        "
openapi: 3.1.0
paths:
  /b: {post: {operationId: two}, get: {}, parameters: []}
  /a: {trace: {}, get: not an operation, query: {}}
  /c: {$ref: '#/components/pathItems/c', get: {}}
  /d: {$ref: '#/components/pathItems/missing'}
  x-extension: {get: {}}
  no-slash: {get: {}}
webhooks: {event: {post: {}}}
components: {pathItems: {c: {delete: {}}}}
",
    );
    let operations = model::operations(&document);
    let listed: Vec<(String, Option<&str>, &str)> = operations
        .iter()
        .map(|one| (one.label(), one.id(), one.node.pointer.as_str()))
        .collect();
    assert_eq!(
        listed,
        [
            ("GET /b".to_owned(), None, "/paths/~1b/get"),
            ("POST /b".to_owned(), Some("two"), "/paths/~1b/post"),
            ("TRACE /a".to_owned(), None, "/paths/~1a/trace"),
            (
                "DELETE /c".to_owned(),
                None,
                "/components/pathItems/c/delete"
            ),
        ]
    );
    for odd in [
        json!({}),
        json!([]),
        json!({"paths": []}),
        json!({"paths": {"/a": 1}}),
    ] {
        assert_eq!(model::operations(&odd).len(), 0, "{odd}");
    }
}

#[test]
fn parameters_of_the_operation_take_the_place_of_those_of_the_path() {
    let document = with_operation(
        yaml(
            "
parameters:
  - {name: id, in: path, schema: {type: string}}
  - {name: page, in: query, description: of the path}
  - {name: X-Trace, in: header, description: of the path}
  - {$ref: '#/components/parameters/limit'}
get:
  parameters:
    - {name: x-trace, in: header, description: of the operation}
    - {$ref: '#/components/parameters/chain'}
    - {name: Page, in: query, description: another, required: true}
    - {name: page, in: cookie}
    - {$ref: '#/components/parameters/missing'}
    - {in: query}
    - not a parameter
",
        ),
        yaml(
            "
parameters:
  limit: {name: limit, in: query, description: shared}
  page: {name: page, in: query, description: of the operation}
  chain: {$ref: '#/components/parameters/page'}
",
        ),
    );
    let operation = only(&document);
    let parameters = model::parameters(&document, &operation);
    let listed: Vec<String> = parameters
        .iter()
        .map(|one| {
            let described = one.node.str("description").unwrap_or("-");
            let required = if one.is_required() { ", required" } else { "" };
            format!("{} {}: {described}{required}", one.location, one.name)
        })
        .collect();
    assert_eq!(
        listed,
        [
            "path id: -, required",
            "query page: of the operation",
            "header x-trace: of the operation",
            "query limit: shared",
            "query Page: another, required",
            "cookie page: -",
        ]
    );
    assert_eq!(parameters[3].node.pointer, "/components/parameters/limit");
}

#[test]
fn style_and_explode_have_the_defaults_of_openapi() {
    for (written, style, explodes) in [
        ("in: query", "form", true),
        ("in: cookie", "form", true),
        ("in: path", "simple", false),
        ("in: header", "simple", false),
        ("in: query, explode: false", "form", false),
        ("in: query, style: spaceDelimited", "spaceDelimited", false),
        (
            "in: query, style: deepObject, explode: true",
            "deepObject",
            true,
        ),
        ("in: path, explode: true", "simple", true),
    ] {
        let parameter = yaml(&format!("{{name: id, {written}}}"));
        let document = with_operation(json!({"get": {"parameters": [parameter]}}), json!({}));
        let operation = only(&document);
        let parameter = &model::parameters(&document, &operation)[0];
        assert_eq!(
            (parameter.style(), parameter.explodes()),
            (style, explodes),
            "{written}"
        );
    }
}

/// Who sends a header parameter, by how it is written.
#[test]
fn a_header_is_sent_by_the_caller_or_by_the_client() {
    use HeaderSender::{Caller, Credentials, Fixed, MediaTypes};
    let fixed = |value: &str| Fixed(value.to_owned());
    let components = yaml(
        "
schemas:
  version: {type: string, default: v1}
  alias: {$ref: '#/components/schemas/version'}
  wrapped: {allOf: [{$ref: '#/components/schemas/version'}], description: which}
  one: {type: string, enum: [v2]}
  circle: {$ref: '#/components/schemas/circle'}
securitySchemes:
  key: {type: apiKey, in: header, name: X-Key}
  unused: {type: apiKey, in: header, name: X-Unused}
  inQuery: {type: apiKey, in: query, name: X-Query}
",
    );
    for (written, sender) in [
        (
            "name: V, required: true, schema: {default: v1}",
            fixed("v1"),
        ),
        ("name: V, required: true, schema: {enum: [v2]}", fixed("v2")),
        ("name: V, required: true, schema: {const: v3}", fixed("v3")),
        ("name: V, required: true, schema: {enum: [v1, v2]}", Caller),
        (
            "name: V, required: true, schema: {enum: [v1, v2], default: v2}",
            fixed("v2"),
        ),
        (
            "name: V, required: true, schema: {type: integer, default: 3}",
            fixed("3"),
        ),
        (
            "name: V, required: true, schema: {type: boolean, default: false}",
            fixed("false"),
        ),
        (
            "name: V, required: true, schema: {type: array, default: [a]}",
            Caller,
        ),
        ("name: V, required: true, schema: {default: null}", Caller),
        ("name: V, required: true, schema: {type: string}", Caller),
        ("name: V, required: true", Caller),
        // Behind a reference it is the same.
        (
            "name: V, required: true, schema: {$ref: '#/components/schemas/version'}",
            fixed("v1"),
        ),
        (
            "name: V, required: true, schema: {$ref: '#/components/schemas/alias'}",
            fixed("v1"),
        ),
        (
            "name: V, required: true, schema: {$ref: '#/components/schemas/wrapped'}",
            fixed("v1"),
        ),
        (
            "name: V, required: true, schema: {$ref: '#/components/schemas/one'}",
            fixed("v2"),
        ),
        (
            "name: V, required: true, schema: {$ref: '#/components/schemas/circle'}",
            Caller,
        ),
        (
            "name: V, required: true, schema: {$ref: '#/components/schemas/missing'}",
            Caller,
        ),
        // What is optional may be left out.
        ("name: V, schema: {default: v1}", Caller),
        ("name: V, required: false, schema: {enum: [v1]}", Caller),
        ("name: accept-VERSION, schema: {default: v1}", fixed("v1")),
        ("name: Accept-Version, schema: {type: string}", Caller),
        // What follows from elsewhere.
        (
            "name: ACCEPT, required: true, schema: {default: text/plain}",
            MediaTypes,
        ),
        ("name: Content-Type, required: true, schema: {}", MediaTypes),
        (
            "name: authorization, required: true, schema: {default: none}",
            Credentials,
        ),
        ("name: x-key, required: true, schema: {}", Credentials),
        ("name: X-Unused, required: true, schema: {}", Caller),
        ("name: X-Query, required: true, schema: {}", Caller),
    ] {
        let parameter = yaml(&format!("{{in: header, {written}}}"));
        let item = json!({"get": {
            "parameters": [parameter],
            "security": [{"inQuery": []}, {"other": [], "key": []}],
        }});
        let document = with_operation(item, components.clone());
        let operation = only(&document);
        let parameter = &model::parameters(&document, &operation)[0];
        let found = model::header_sender(&document, &operation, parameter);
        assert_eq!(found, sender, "{written}");
    }
    let query = json!({"name": "v", "in": "query", "required": true, "schema": {"default": "v1"}});
    let document = with_operation(json!({"get": {"parameters": [query]}}), json!({}));
    let operation = only(&document);
    let parameter = &model::parameters(&document, &operation)[0];
    assert_eq!(
        model::header_sender(&document, &operation, parameter),
        Caller,
        "only headers are sent by the client"
    );
}

#[test]
fn a_success_is_2xx_or_default_where_there_is_none() {
    for (documented, expected) in [
        (&["200", "404", "default"][..], &["200"][..]),
        (&["201", "204", "500"], &["201", "204"]),
        (&["2XX", "default"], &["2XX"]),
        (&["2xx", "200"], &["2xx", "200"]),
        (&["default"], &["default"]),
        (&["302", "default"], &["default"]),
        (&["4XX", "default", "x-note"], &["default"]),
        (&["404"], &[]),
        (&["2", "20", "2000", "2ab", "-200"], &[]),
        (&[], &[]),
    ] {
        let all: serde_json::Map<String, Value> = documented
            .iter()
            .map(|status| ((*status).to_owned(), json!({})))
            .collect();
        let document = with_operation(json!({"get": {"responses": all}}), json!({}));
        let operation = only(&document);
        let responses = model::responses(&document, &operation);
        let successes: Vec<&str> = model::successes(&responses)
            .iter()
            .map(|response| response.status)
            .collect();
        assert_eq!(successes, expected, "{documented:?}");
        for status in documented {
            assert_eq!(
                model::counts_as_success(status, documented.iter().copied()),
                expected.contains(status),
                "{status} of {documented:?}"
            );
        }
    }
}

#[test]
fn the_narrowest_key_describes_a_status() {
    let document = with_operation(
        json!({"get": {"responses": {
            "default": {}, "4xx": {}, "404": {"$ref": "#/components/responses/gone"}, "2XX": {},
        }}}),
        json!({"responses": {"gone": {"description": "gone"}}}),
    );
    let operation = only(&document);
    let responses = model::responses(&document, &operation);
    for (status, key) in [(404, "404"), (400, "4xx"), (200, "2XX"), (500, "default")] {
        let found = model::response_for(&responses, status).unwrap();
        assert_eq!(found.status, key);
    }
    let gone = model::response_for(&responses, 404).unwrap();
    assert_eq!(gone.node.pointer, "/components/responses/gone");
    let without_default = &responses[1..];
    assert!(model::response_for(without_default, 500).is_none());
}

#[test]
fn http_decides_which_responses_carry_a_body() {
    for (method, status, carries) in [
        ("get", "200", true),
        ("get", "204", false),
        ("post", "205", false),
        ("get", "304", false),
        ("get", "100", false),
        ("get", "1XX", false),
        ("get", "2XX", true),
        ("get", "default", true),
        ("HEAD", "200", false),
        ("head", "default", false),
    ] {
        let found = model::carries_body(method, status);
        assert_eq!(found, carries, "{method} {status}");
    }
}

#[test]
fn schemes_say_how_credentials_are_sent() {
    for (written, kind) in [
        ("{type: http, scheme: Basic}", SchemeKind::Basic),
        (
            "{type: http, scheme: BEARER, bearerFormat: JWT}",
            SchemeKind::Bearer,
        ),
        ("{type: http, scheme: digest}", SchemeKind::Other),
        ("{type: http}", SchemeKind::Other),
        ("{type: oauth2, flows: {}}", SchemeKind::Bearer),
        (
            "{type: openIdConnect, openIdConnectUrl: 'https://example.com'}",
            SchemeKind::Bearer,
        ),
        (
            "{type: apiKey, in: header, name: X-Key}",
            SchemeKind::Header("X-Key"),
        ),
        (
            "{type: apiKey, in: query, name: key}",
            SchemeKind::Query("key"),
        ),
        (
            "{type: apiKey, in: cookie, name: key}",
            SchemeKind::Cookie("key"),
        ),
        ("{type: apiKey, in: header}", SchemeKind::Other),
        ("{type: mutualTLS}", SchemeKind::Other),
        ("{}", SchemeKind::Other),
    ] {
        let scheme = yaml(written);
        let document = json!({"components": {"securitySchemes": {
            "direct": scheme, "alias": {"$ref": "#/components/securitySchemes/direct"},
        }}});
        for found in model::schemes(&document) {
            assert_eq!(found.kind, kind, "{written} as {}", found.name);
        }
        assert_eq!(model::schemes(&document).len(), 2);
        assert!(model::scheme(&document, "missing").is_none());
    }
}

#[test]
fn requirements_are_alternatives_of_schemes_at_once() {
    let one = |names: &[&'static str]| Requirement {
        schemes: names.iter().map(|name| (*name, Vec::new())).collect(),
    };
    for (top, own, expected, needed) in [
        ("null", "null", vec![], false),
        ("[{a: []}]", "null", vec![one(&["a"])], true),
        ("[{a: []}]", "[{b: []}]", vec![one(&["b"])], true),
        ("[{a: []}]", "[]", vec![], false),
        (
            "null",
            "[{a: []}, {b: []}]",
            vec![one(&["a"]), one(&["b"])],
            true,
        ),
        ("null", "[{a: [], b: []}]", vec![one(&["a", "b"])], true),
        ("null", "[{a: []}, {}]", vec![one(&["a"]), one(&[])], false),
        ("null", "[{}]", vec![one(&[])], false),
        ("[{a: []}]", "nonsense", vec![], false),
    ] {
        let (security, own_security) = (yaml(top), yaml(own));
        let mut document = with_operation(json!({"get": {}}), json!({}));
        if !security.is_null() {
            document["security"] = security;
        }
        if !own_security.is_null() {
            document["paths"]["/a/{id}"]["get"]["security"] = own_security;
        }
        let operation = only(&document);
        let found = model::requirements(&document, &operation);
        assert_eq!(found, expected, "{top}, {own}");
        assert_eq!(model::needs_credentials(&found), needed, "{top}, {own}");
    }
    let document = with_operation(
        json!({"get": {"security": [{"a": ["read", "write"]}]}}),
        json!({}),
    );
    let operation = only(&document);
    let found = model::requirements(&document, &operation);
    assert_eq!(found[0].schemes, [("a", vec!["read", "write"])]);
}

#[test]
fn media_types_are_compared_by_their_essence() {
    for (media_type, essence, json, form, multipart) in [
        ("application/json", "application/json", true, false, false),
        (
            "Application/JSON ; charset=utf-8",
            "application/json",
            true,
            false,
            false,
        ),
        (
            "application/vnd.mx.api.v1+json",
            "application/vnd.mx.api.v1+json",
            true,
            false,
            false,
        ),
        (
            "application/problem+JSON",
            "application/problem+json",
            true,
            false,
            false,
        ),
        (
            "application/jsonp",
            "application/jsonp",
            false,
            false,
            false,
        ),
        ("text/json-seq", "text/json-seq", false, false, false),
        (
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded",
            false,
            true,
            false,
        ),
        (
            "Application/X-WWW-Form-Urlencoded;a=b",
            "application/x-www-form-urlencoded",
            false,
            true,
            false,
        ),
        (
            "application/x-www-form-urlencoded2",
            "application/x-www-form-urlencoded2",
            false,
            false,
            false,
        ),
        (
            "Multipart/Form-Data; boundary=x",
            "multipart/form-data",
            false,
            false,
            true,
        ),
        ("", "", false, false, false),
    ] {
        assert_eq!(model::essence(media_type), essence, "{media_type}");
        assert_eq!(model::is_json(media_type), json, "{media_type}");
        assert_eq!(model::is_form(media_type), form, "{media_type}");
        assert_eq!(model::is_multipart(media_type), multipart, "{media_type}");
    }
}

#[test]
fn a_range_covers_media_types() {
    for (media_type, range, covered) in [
        ("text/csv", "*/*", true),
        ("text/csv", "text/*", true),
        ("TEXT/csv; header=present", "Text/*; q=0.5", true),
        ("text/csv", "application/*", false),
        ("text/csv", "text/csv", true),
        ("text/csv", "text/html", false),
        ("textual/csv", "text/*", false),
        ("application/vnd.a+json", "application/json", false),
        ("application/json", "application/vnd.a+json", false),
        ("", "text/*", false),
    ] {
        let found = model::matches_range(media_type, range);
        assert_eq!(found, covered, "{media_type} in {range}");
    }
    for (a, b, same) in [
        ("text/csv;header=present", "Text/CSV ; Header=present", true),
        ("text/csv;header=present", "text/csv", false),
        ("text/csv", "text/html", false),
    ] {
        assert_eq!(model::same_media_type(a, b), same, "{a} and {b}");
    }
}

#[test]
fn json_is_preferred_else_what_comes_first() {
    for (offered, preferred) in [
        (
            &["text/csv", "application/vnd.a+json", "application/json"][..],
            Some("application/vnd.a+json"),
        ),
        (&["text/csv", "application/pdf"], Some("text/csv")),
        (&[], None),
    ] {
        let content: serde_json::Map<String, Value> = offered
            .iter()
            .map(|name| ((*name).to_owned(), json!({})))
            .collect();
        assert_eq!(model::preferred_media_type(&content), preferred);
    }
}

#[test]
fn a_resolved_schema_has_the_keywords_of_all_its_parts() {
    let document = yaml(
        "
components:
  schemas:
    User: {type: object, required: [name], properties: {name: {type: string}, age: {type: integer}}}
    Alias: {$ref: '#/components/schemas/User'}
    a/b: {nullable: true}
    Circle: {allOf: [{$ref: '#/components/schemas/Circle'}, {title: round}]}
use:
  direct: {$ref: '#/components/schemas/Alias', description: beside}
  folded: {allOf: [{$ref: '#/components/schemas/User'}, {properties: {age: {type: number}, more: {}}}]}
  lone: {oneOf: [{$ref: '#/components/schemas/a~1b'}]}
  several: {anyOf: [{nullable: true}, {type: string}]}
  circle: {$ref: '#/components/schemas/Circle'}
",
    );
    let resolve = |name: &str| {
        let schema = Node::root(&document).get("use").unwrap().get(name).unwrap();
        model::ResolvedSchema::new(&document, &schema)
    };
    let names = |schema: &model::ResolvedSchema<'_>| -> Vec<Option<String>> {
        schema.parts.iter().map(|part| part.name.clone()).collect()
    };

    let direct = resolve("direct");
    assert_eq!(names(&direct), [None, Some("User".to_owned())]);
    assert_eq!(
        direct.get("description").unwrap().pointer,
        "/use/direct/description"
    );
    assert_eq!(direct.get("type").unwrap().value, "object");
    assert_eq!(direct.body().pointer, "/components/schemas/User");
    assert_eq!(
        direct.required("name").unwrap().pointer,
        "/components/schemas/User/required/0"
    );
    assert!(direct.required("age").is_none());

    let folded = resolve("folded");
    let properties = folded.properties();
    let found: Vec<&str> = properties.keys().copied().collect();
    assert_eq!(found, ["age", "more", "name"]);
    assert_eq!(properties["age"].value["type"], "integer");

    let lone = resolve("lone");
    assert_eq!(names(&lone)[2], Some("a/b".to_owned()));
    assert!(lone.flag("nullable"));
    assert!(!resolve("several").flag("nullable"));
    assert_eq!(resolve("circle").get("title").unwrap().value, "round");
}

#[test]
fn children_are_found_under_every_keyword_that_holds_schemas() {
    let child = |name: &str| json!({ "title": name });
    let schema = json!({
        "title": "itself",
        "properties": {"items": child("property"), "never": false},
        "required": ["items"],
        "items": child("items"),
        "additionalProperties": false,
        "unevaluatedProperties": true,
        "not": child("not"),
        "allOf": [child("all")], "oneOf": [child("one")], "anyOf": [child("any")],
        "if": child("if"), "then": child("then"), "else": child("else"),
        "prefixItems": [child("prefix")], "contains": child("contains"),
        "patternProperties": {"^x": child("pattern")}, "propertyNames": child("names"),
        "dependentSchemas": {"a": child("dependent")}, "$defs": {"b": child("definition")},
        "example": child("example"), "enum": [child("value")], "default": child("default"),
        "discriminator": {"mapping": child("mapping")}, "x-extension": child("extension"),
    });
    let children = model::child_schemas(&Node::root(&schema));
    let titles: Vec<&str> = children.iter().filter_map(|one| one.str("title")).collect();
    let expected = [
        "property",
        "items",
        "not",
        "all",
        "one",
        "any",
        "if",
        "then",
        "else",
        "prefix",
        "contains",
        "pattern",
        "names",
        "dependent",
        "definition",
    ];
    assert_eq!(titles, expected);
    for child in &children {
        assert_eq!(schema.pointer(&child.pointer), Some(child.value));
    }
    let values: Vec<Value> = children.iter().map(|one| one.value.clone()).collect();
    let mut changed = schema.clone();
    let mutable: Vec<Value> = model::child_schemas_mut(&mut changed)
        .into_iter()
        .map(|one| one.clone())
        .collect();
    assert_eq!(mutable, values, "both walks agree");
    assert!(model::child_schemas(&Node::root(&json!(true))).is_empty());
}
