//! Texts that a terminal, a shell, a CI service, a page or rustdoc would obey, in every place of a spec.

use serde_json::{Map, Value, json};

/// The texts.
pub const TEXTS: [&str; 18] = [
    "\u{1b}[31mred\u{1b}]0;title\u{7}\u{9b}2J",
    "::error file=a::owned",
    "a\r\n::set-output name=x::y\r\n\r\n##[error]owned",
    "##[error]owned",
    "%0A::warning::owned%0D",
    "a `code` ``` fence ~~~",
    "</script><script>alert(1)</script>",
    "--><img src=x onerror=alert(1)><!--",
    "\"'><b>bold</b>&lt;i&gt;",
    "${{ secrets.TOKEN }} {0} {} %s",
    "$(touch PWNED) `touch PWNED` ${IFS} ; touch PWNED",
    "'; touch PWNED; '\\''",
    "@octocat closes #1",
    "[click](javascript:alert(1)) ![img](javascript:alert(1)) <javascript:alert(1)> [crate]",
    "*/ pub fn pwned() {} /* //! \" r#\" \"# \\",
    "\u{202e}gnp\u{2066}x\u{2069}\u{200f}\u{61c}\u{2028}y\u{feff}",
    "```rust\npanic!(\"ran\");\n```\n\n    panic!(\"ran\");\n",
    "| a | b |\n| --- | --- |\n# head\n- list\n1. one\n~~~\npanic!()",
];

/// A spec that has each of the texts wherever a spec may have a text; where a place does not allow all characters, those
/// that it allows.
pub fn hostile(texts: &[&str]) -> Value {
    let mut spec = json!({
        "openapi": "3.0.3",
        "info": { "title": texts.join(" "), "version": texts.join(" "), "description": texts.join("\n\n") },
        "tags": [],
        "servers": [],
        "security": [{ "basicAuth": [] }],
        "paths": {},
        "components": {
            "schemas": {},
            "securitySchemes": { "basicAuth": { "type": "http", "scheme": "basic" } },
        },
    });
    for (index, text) in texts.iter().enumerate() {
        add(&mut spec, index, text);
    }
    spec
}

fn add(spec: &mut Value, index: usize, text: &str) {
    let named = |what: &str| format!("{text} {what}{index}");
    let push = |list: &mut Value, item: Value| {
        list.as_array_mut().expect("a list").push(item);
    };
    push(
        &mut spec["tags"],
        json!({ "name": named("tag"), "description": text }),
    );
    push(
        &mut spec["servers"],
        json!({ "url": server(index, text), "description": text }),
    );
    let schemas = spec["components"]["schemas"]
        .as_object_mut()
        .expect("an object");
    let (thing, kind) = (named("Thing"), named("Kind"));
    let other = named("Other");
    schemas.insert(
        kind.clone(),
        json!({ "type": "string", "title": text, "description": text, "enum": [text, "plain"] }),
    );
    schemas.insert(
        other.clone(),
        json!({
            "type": "object",
            "required": [named("tag")],
            "properties": { named("tag"): { "type": "string", "enum": [named("other")] } },
        }),
    );
    schemas.insert(thing.clone(), json!({
        "type": "object",
        "title": text,
        "description": text,
        "required": [named("required"), named("tag")],
        "properties": {
            named("required"): { "type": "string", "description": text, "example": text },
            named("tag"): { "type": "string", "enum": [named("thing")] },
            named("kind"): { "$ref": reference(&kind) },
            named("inline"): { "type": "string", "enum": [text, "plain"], "default": text, "description": text },
            named("amount"): { "type": "number", "description": text },
            named("secret"): { "type": "string", "format": "password", "description": text },
            named("list"): { "type": "array", "description": text, "items": { "$ref": reference(&kind) } },
            named("union"): {
                "oneOf": [{ "$ref": reference(&other) }, { "$ref": reference(&thing) }],
                "discriminator": { "propertyName": named("tag") },
            },
        },
        "additionalProperties": { "type": "string", "description": text },
    }));
    let media_type = format!("application/vnd.{}+json", token(text));
    let body = json!({ "schema": { "$ref": reference(&thing) } });
    let path_name = text.replace(['{', '}', '/', '?', '#'], "-");
    let operation = |id: &str, more: Value| {
        let mut operation = json!({
            "operationId": named(id),
            "summary": text,
            "description": text,
            "tags": [named("tag")],
            "parameters": [
                { "name": path_name, "in": "path", "required": true, "description": text, "schema": { "type": "string", "example": text } },
                { "name": named("query"), "in": "query", "required": true, "description": text, "schema": { "type": "string", "enum": [text, "plain"] } },
                { "name": format!("x-{}-{index}", token(text)), "in": "header", "description": text, "schema": { "type": "string", "default": text } },
            ],
            "responses": {
                "200": { "description": text, "content": { media_type.as_str(): body.clone() } },
                "400": { "description": text },
            },
        });
        for (key, value) in more.as_object().into_iter().flatten() {
            operation[key] = value.clone();
        }
        operation
    };
    let path = format!("/{index}/{}/{{{path_name}}}", segment(text));
    let sent = json!({
        "deprecated": true,
        "requestBody": { "required": true, "description": text, "content": { media_type.as_str(): body } },
    });
    let item = json!({ "get": operation("read", Value::Null), "put": operation("write", sent) });
    let paths: &mut Map<String, Value> = spec["paths"].as_object_mut().expect("an object");
    paths.insert(path, item);
}

/// A spec that the generator refuses. The text is in every part that its errors quote.
pub fn hostile_and_refused(text: &str) -> Value {
    let mut spec = hostile(&[text]);
    let mut paths = spec["paths"].take();
    for item in paths.as_object_mut().into_iter().flat_map(Map::values_mut) {
        for operation in item.as_object_mut().into_iter().flat_map(Map::values_mut) {
            let more = [
                json!({ "name": text, "in": "header", "schema": { "type": text } }),
                json!({ "name": text, "in": text, "schema": { "$ref": format!("#/components/schemas/{text}") } }),
                json!({ "name": text, "in": "query", "content": { text: {} } }),
                json!({ "$ref": text }),
            ];
            let parameters = operation["parameters"].as_array_mut().expect("a list");
            parameters.extend(more);
            operation["security"] = json!([{ text: [], "basicAuth": [] }]);
            operation["responses"][text] = json!({ "description": text });
            operation["requestBody"] =
                json!({ "content": { text: { "schema": { "type": text } } } });
            operation["operationId"] = json!(text);
            operation["x-idempotent"] = json!(text);
        }
    }
    paths[text] = json!({ text: {}, "get": { "operationId": text } });
    spec["paths"] = paths;
    spec
}

fn server(index: usize, text: &str) -> String {
    format!("https://example.com/{index}/{text}")
}

/// The characters that the path of a URL may have outside of parameters.
fn segment(text: &str) -> String {
    let is_allowed = |c: &char| c.is_ascii_graphic() && !"{}?#\"<>\\^`".contains(*c);
    text.chars().filter(is_allowed).collect()
}

/// The characters that the name of a header or of a media type may have.
fn token(text: &str) -> String {
    let is_allowed = |c: &char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(*c);
    text.chars().filter(is_allowed).collect()
}

fn reference(name: &str) -> String {
    let name = name
        .replace('~', "~0")
        .replace('/', "~1")
        .replace('%', "%25");
    format!("#/components/schemas/{name}")
}
