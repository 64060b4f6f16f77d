//! What single changes do on the wire.

use drift::compare::{Class, Report, compare};
use openapi::Document;
use serde_json::{Map, Value, json};

fn document(value: &Value) -> Document {
    Document::parse("spec", value.to_string()).unwrap()
}

fn report(old: &Value, new: &Value) -> Report {
    compare(&document(old), &document(new))
}

/// A document with one operation, of which a schema is the body.
fn with_schema(row: &Value, side: &str) -> Value {
    let content = json!({"application/json": {"schema": row[side]}});
    let empty = || json!({"description": "OK"});
    let operation = match row["in"].as_str() {
        Some("request") => {
            json!({"requestBody": {"content": content}, "responses": {"200": empty()}})
        }
        _ => json!({"responses": {"200": {"description": "OK", "content": content}}}),
    };
    let mut schemas = row["components"].as_object().cloned().unwrap_or_default();
    schemas.extend(
        row[format!("{side}_components")]
            .as_object()
            .cloned()
            .unwrap_or_default(),
    );
    let version = row["openapi"].as_str().unwrap_or("3.0.3");
    json!({
        "openapi": version, "info": {"title": "T", "version": "1"}, "paths": {"/t": {"post": operation}},
        "components": {"schemas": schemas},
    })
}

fn on_wire(report: &Report) -> Option<Class> {
    report.changes.iter().map(|change| change.on_wire).max()
}

#[test]
fn the_table_of_rules() {
    let table = Document::parse("rules.yaml", include_str!("wire/rules.yaml")).unwrap();
    let mut wrong = String::new();
    for row in table.value().as_array().unwrap() {
        let report = report(&with_schema(row, "old"), &with_schema(row, "new"));
        let found = on_wire(&report).map_or("none".to_owned(), |class| class.to_string());
        let says = row["says"].as_str().unwrap();
        if found != row["is"]
            || !report
                .changes
                .iter()
                .any(|change| change.message.contains(says))
        {
            wrong += &format!("{row}\n    found {found}: {}\n", report.text(false));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The paths and more of a document, in both versions of OpenAPI.
fn spec(version: &str, more: Value) -> Value {
    let mut spec = json!({"openapi": version, "info": {"title": "T", "version": "1"}});
    let spec_members: &mut Map<String, Value> = spec.as_object_mut().unwrap();
    spec_members.extend(more.as_object().cloned().unwrap());
    spec
}

#[test]
fn another_version_of_openapi_is_one_row_of_documentation() {
    let schema = |nullable: Value| json!({"type": "object", "properties": {"a": nullable, "n": {"$ref": "#/components/schemas/N"}}});
    let of = |version: &str, a: Value, n: Value| {
        let content = json!({"application/json": {"schema": schema(a)}});
        let responses = json!({"200": {"description": "OK", "content": content}});
        spec(
            version,
            json!({"paths": {"/t": {"get": {"responses": responses}}}, "components": {"schemas": {"N": n}}}),
        )
    };
    let old = of(
        "3.0.3",
        json!({"type": "string", "nullable": true, "example": "x"}),
        json!({"type": "integer", "minimum": 1, "exclusiveMinimum": true}),
    );
    let new = of(
        "3.1.0",
        json!({"type": ["string", "null"], "examples": ["x"]}),
        json!({"type": "integer", "exclusiveMinimum": 1}),
    );
    for (old, new) in [(&old, &new), (&new, &old)] {
        let report = report(old, new);
        let [change] = &report.changes[..] else {
            panic!("{}", report.text(false))
        };
        assert_eq!(change.class, Class::Documentation);
        assert!(
            change
                .message
                .starts_with("OpenAPI version changed from `3."),
            "{}",
            change.message
        );
    }
}

fn oauth(scopes: Value, asked: Value, token_url: &str) -> Value {
    let flow = json!({"tokenUrl": token_url, "scopes": scopes});
    let scheme = json!({"type": "oauth2", "flows": {"clientCredentials": flow}});
    spec(
        "3.0.3",
        json!({
            "paths": {"/t": {"get": {"responses": {"200": {"description": "OK"}}}}},
            "components": {"securitySchemes": {"o": scheme}}, "security": [{"o": asked}],
        }),
    )
}

#[test]
fn scopes_and_flows_count_where_an_operation_asks_for_them() {
    const URL: &str = "https://example.com/token";
    let read = json!({"r": "read"});
    let both = json!({"r": "read", "w": "write"});
    for (old, new, class, says) in [
        (
            oauth(read.clone(), json!(["r"]), URL),
            oauth(both.clone(), json!(["r"]), URL),
            Class::Additive,
            "scope `w` added",
        ),
        (
            oauth(both.clone(), json!(["r"]), URL),
            oauth(read.clone(), json!(["r"]), URL),
            Class::Documentation,
            "scope `w` removed, which no operation asks for",
        ),
        (
            oauth(both.clone(), json!(["r", "w"]), URL),
            oauth(read.clone(), json!(["r"]), URL),
            Class::Breaking,
            "scope `w` removed",
        ),
        (
            oauth(both.clone(), json!(["r"]), URL),
            oauth(both.clone(), json!(["r", "w"]), URL),
            Class::Breaking,
            "security changed from `o` (r) to `o` (r, w)",
        ),
        (
            oauth(read.clone(), json!(["r"]), URL),
            oauth(json!({"r": "look"}), json!(["r"]), URL),
            Class::Documentation,
            "scope `r` is now described as `look`",
        ),
        (
            oauth(read.clone(), json!(["r"]), URL),
            oauth(read, json!(["r"]), "https://example.com/new"),
            Class::Breaking,
            "flow `clientCredentials`, tokenUrl changed",
        ),
    ] {
        let report = report(&old, &new);
        assert_eq!(
            on_wire(&report),
            Some(class),
            "{says}: {}",
            report.text(false)
        );
        assert!(
            report
                .changes
                .iter()
                .any(|change| change.message.contains(says)),
            "{says}: {}",
            report.text(false)
        );
    }
}

#[test]
fn header_defaults_are_the_same_inline_and_behind_a_reference() {
    let of = |required: bool, inline: bool, schema: Value| {
        let used = if inline {
            schema.clone()
        } else {
            json!({"$ref": "#/components/schemas/V"})
        };
        let header = json!({"name": "X-V", "in": "header", "required": required, "schema": used});
        let get = json!({"parameters": [header], "responses": {"200": {"description": "OK"}}});
        let schemas = if inline {
            json!({})
        } else {
            json!({"V": schema})
        };
        spec(
            "3.0.3",
            json!({"paths": {"/t": {"get": get}}, "components": {"schemas": schemas}}),
        )
    };
    let (bare, one, two) = (
        json!({"type": "string"}),
        json!({"type": "string", "default": "1"}),
        json!({"type": "string", "default": "2"}),
    );
    for required in [true, false] {
        for (old, new) in [(&bare, &one), (&one, &two), (&one, &bare)] {
            let judged = [true, false].map(|inline| {
                let report = report(
                    &of(required, inline, old.clone()),
                    &of(required, inline, new.clone()),
                );
                let mut rows: Vec<_> = report
                    .changes
                    .iter()
                    .map(|change| (change.class, change.wire, change.rust))
                    .collect();
                rows.sort();
                rows.dedup();
                rows
            });
            assert_eq!(judged[0], judged[1], "required {required}: {old} {new}");
        }
    }
}

#[test]
fn paths_are_found_with_and_without_their_slashes() {
    let get = json!({"get": {"responses": {"200": {"description": "OK"}}}});
    let of = |path: &str| spec("3.0.3", json!({"paths": {path: get, "/kept": get}}));
    let gone = spec("3.0.3", json!({"paths": {"/kept": get}}));
    let removed = report(&of("things"), &gone);
    assert_eq!(
        on_wire(&removed),
        Some(Class::Breaking),
        "{}",
        removed.text(false)
    );
    let slashed = report(&of("/things/"), &of("/things"));
    let [change] = &slashed.changes[..] else {
        panic!("{}", slashed.text(false))
    };
    assert!(
        change.wire
            && change
                .message
                .contains("moved from `GET /things/` to `GET /things`"),
        "{}",
        change.message
    );
    assert_eq!(
        on_wire(&report(&of("x-note"), &gone)),
        Some(Class::Documentation)
    );
}

#[test]
fn webhooks_are_not_part_of_the_client() {
    let of = |name: &str| {
        spec(
            "3.1.0",
            json!({"paths": {}, "webhooks": {name: {"post": {}}}}),
        )
    };
    let report = report(&of("a"), &of("b"));
    let [change] = &report.changes[..] else {
        panic!("{}", report.text(false))
    };
    assert_eq!(change.class, Class::Documentation);
}
