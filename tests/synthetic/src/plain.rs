//! A spec that stock progenitor takes as well: resources with the usual five operations.

use serde_json::{Map, Value, json};

/// A spec of about this many operations.
pub fn plain(operations: usize) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for index in 0..operations.div_ceil(5) {
        let name = format!("Thing{index}");
        let (one, body, many) = (name.clone(), format!("{name}Body"), format!("{name}List"));
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let content = |name: &str| json!({ "application/json": { "schema": reference(name) } });
        let mut properties = Map::new();
        for field in 0..24 {
            let schema = match field % 6 {
                0 => json!({ "type": "integer", "nullable": true }),
                1 => json!({ "type": "number", "nullable": true, "example": 1.5 }),
                2 => json!({ "type": "boolean", "nullable": true }),
                3 if field == 3 => {
                    json!({ "type": "string", "enum": ["OPEN", "CLOSED", "FAILED"] })
                }
                _ => {
                    json!({ "type": "string", "nullable": true, "description": "What the thing says of itself." })
                }
            };
            properties.insert(format!("field_{field}"), schema);
        }
        schemas.insert(
            one.clone(),
            json!({ "type": "object", "properties": properties }),
        );
        let request: Map<String, Value> =
            properties_of(&schemas[&one]).into_iter().take(8).collect();
        schemas.insert(
            body.clone(),
            json!({ "type": "object", "required": ["field_1"], "properties": request }),
        );
        let list = json!({ "type": "object", "properties": { "things": { "type": "array", "items": reference(&one) } } });
        schemas.insert(many.clone(), list);
        let path = |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
        let query =
            |name: &str| json!({ "name": name, "in": "query", "schema": { "type": "integer" } });
        let operation = |verb: &str, parameters: Vec<Value>, answer: &str, sends: bool| {
            let mut operation = json!({
                "operationId": format!("{verb}{name}"),
                "summary": format!("{verb} a thing"),
                "parameters": parameters,
                "responses": { "200": { "description": "OK", "content": content(answer) } },
            });
            if sends {
                operation["requestBody"] = json!({ "required": true, "content": content(&body) });
            }
            operation
        };
        let user = || vec![path("user_guid")];
        let thing = || vec![path("user_guid"), path("thing_guid")];
        let listing = [user(), vec![query("page"), query("records_per_page")]].concat();
        paths.insert(
            format!("/users/{{user_guid}}/things{index}"),
            json!({
                "get": operation("list", listing, &many, false),
                "post": operation("create", user(), &one, true),
            }),
        );
        paths.insert(
            format!("/users/{{user_guid}}/things{index}/{{thing_guid}}"),
            json!({
                "get": operation("read", thing(), &one, false),
                "put": operation("update", thing(), &one, true),
                "delete": operation("delete", thing(), &one, false),
            }),
        );
    }
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Synthetic", "version": "1" },
        "servers": [{ "url": "https://api.example.com", "description": "Production" }],
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

fn properties_of(schema: &Value) -> Map<String, Value> {
    schema["properties"]
        .as_object()
        .cloned()
        .unwrap_or_default()
}
