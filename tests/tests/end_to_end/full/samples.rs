//! Samples of what each operation of a document takes and answers, full of canaries.

use openapi::model;
use serde_json::{Map, Value, json};

/// What stands for any number: of more digits than a port has.
pub const NUMBER: i64 = 7_700_770_077;
/// What stands for any text, and for any key.
pub const TEXT: &str = "CANARY";

/// How a sample is made.
#[derive(Clone, Copy)]
struct Kind<'a> {
    document: &'a Value,
    /// Which of several choices is taken.
    choice: usize,
    /// Whether a value that is not listed takes the place of an enum's.
    unknown: bool,
}

/// The samples by the operation's id: `parameters` by location and name, `body`, and the `responses` one after the other.
pub fn of(document: &Value) -> Value {
    let mut samples = Map::new();
    for operation in model::operations(document) {
        let kind = |choice, unknown| Kind {
            document,
            choice,
            unknown,
        };
        let mut parameters = Map::new();
        for parameter in model::parameters(document, &operation) {
            let mut location = parameter.location.to_owned();
            location[..1].make_ascii_uppercase();
            let schema = &parameter.node.value["schema"];
            parameters.insert(
                format!("{location} {}", parameter.name),
                kind(0, false).sample(schema, 0),
            );
        }
        let body = resolve(document, &operation.node.value["requestBody"]);
        let body = schema(&body["content"])
            .map(|(_, schema)| [0, 1].map(|choice| kind(choice, false).sample(schema, 0)));
        let mut responses = vec![
            json!({ "status": 400, "media_type": "application/json", "body": json!({ "error": { "message": TEXT, TEXT: TEXT } }).to_string() }),
            json!({ "status": 500, "media_type": "text/html", "body": TEXT }),
            json!({ "status": 200, "media_type": "text/html", "body": TEXT }),
            json!({ "status": 200, "media_type": "application/json", "body": format!("{{{TEXT:?}: {TEXT}") }),
            json!({ "status": 307, "media_type": "application/json", "body": TEXT }),
        ];
        for response in model::responses(document, &operation) {
            if !model::is_success(response.status) {
                continue;
            }
            let status: u64 = response.status.parse().unwrap_or(200);
            let Some((media_type, schema)) = schema(&response.node.value["content"]) else {
                responses.push(json!({ "status": status, "media_type": "text/plain", "body": "" }));
                continue;
            };
            for (choice, unknown) in [(0, true), (1, true), (0, false)] {
                let body = kind(choice, unknown).sample(schema, 0).to_string();
                responses.push(json!({ "status": status, "media_type": media_type, "body": body }));
            }
            // One value of another type than the spec says, each time another.
            let wrong = wrong(&kind(0, true).sample(schema, 0));
            responses.extend(wrong.into_iter().map(|body| json!({ "status": status, "media_type": media_type, "body": body.to_string() })));
        }
        let sample = json!({ "parameters": parameters, "body": body, "responses": responses });
        samples.insert(operation.id().unwrap_or_default().to_owned(), sample);
    }
    Value::Object(samples)
}

/// The sample with one of its values replaced by one that does not fit, and with another value at its root.
fn wrong(sample: &Value) -> Vec<Value> {
    let mut wrong = vec![json!(TEXT), json!([TEXT])];
    for name in sample
        .as_object()
        .into_iter()
        .flat_map(|it| it.keys().take(1))
    {
        for value in [
            json!(TEXT),
            json!({ TEXT: TEXT }),
            json!([[TEXT]]),
            json!(NUMBER),
        ] {
            let mut one = sample.clone();
            one[name] = value;
            wrong.push(one);
        }
    }
    wrong
}

fn schema(content: &Value) -> Option<(&String, &Value)> {
    let (media_type, of) = content.as_object()?.iter().next()?;
    Some((media_type, of.get("schema")?))
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"]
        .as_str()
        .and_then(|to| document.pointer(to.trim_start_matches('#')));
    target.map_or(value, |target| resolve(document, target))
}

impl Kind<'_> {
    fn sample(self, schema: &Value, depth: usize) -> Value {
        let schema = resolve(self.document, schema);
        for key in ["oneOf", "anyOf"] {
            if let Some(parts) = schema[key].as_array() {
                return self.sample(&parts[self.choice % parts.len()], depth);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let mut whole = self.plain(schema, depth);
            for part in parts {
                match (&mut whole, self.sample(part, depth)) {
                    (Value::Object(whole), Value::Object(part)) => whole.extend(part),
                    (whole, part) => *whole = part,
                }
            }
            return whole;
        }
        self.plain(schema, depth)
    }

    fn plain(self, schema: &Value, depth: usize) -> Value {
        let listed: Vec<&Value> = schema["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|value| !value.is_null())
            .collect();
        match schema["type"].as_str() {
            // A tag that is not known makes another value of the whole.
            _ if !listed.is_empty() && (!self.unknown || listed.len() == 1) => {
                listed[self.choice % listed.len()].clone()
            }
            Some("string") => json!(TEXT),
            Some("integer") => json!(NUMBER),
            Some("number") => json!(NUMBER as f64 + 0.5),
            Some("boolean") => json!(true),
            Some("array") if depth > 6 => json!([]),
            Some("array") => match schema.get("items") {
                Some(items) => json!([self.sample(items, depth + 1)]),
                None => json!([TEXT, { TEXT: TEXT }]),
            },
            _ if schema.get("properties").is_some()
                || schema.get("additionalProperties").is_some() =>
            {
                let properties = schema["properties"].as_object().into_iter().flatten();
                let kept = properties.filter(|(_, of)| depth < 6 || of.get("type").is_some());
                let mut object: Map<String, Value> = kept
                    .map(|(name, of)| (name.clone(), self.sample(of, depth + 1)))
                    .collect();
                if let Some(more @ Value::Object(_)) = schema.get("additionalProperties") {
                    object.insert(TEXT.to_owned(), self.sample(more, depth + 1));
                }
                Value::Object(object)
            }
            _ => json!({ TEXT: [TEXT, NUMBER] }),
        }
    }
}
