//! A schema with its references followed and its parts merged: what values of it look like.
//!
//! Validation is the job of [`Schema`](crate::contract::schema::Schema); a shape is for making values and changing them.

use openapi::pointer;
use serde_json::{Map, Value};

/// What values of a schema look like.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The kind of value.
    pub kind: Kind,
    /// Whether null is allowed.
    pub nullable: bool,
    /// Whether the value is a secret (`format: password`).
    pub secret: bool,
    /// The only values allowed; empty: any of the kind.
    pub choices: Vec<Value>,
    /// What the schema shows as an example or a default.
    pub example: Option<Value>,
    /// The keywords of the schema itself, such as `minLength`.
    pub keywords: Map<String, Value>,
}

/// The kind of a value.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Anything: the schema does not say, or offers alternatives.
    Any,
    /// The schema contains itself here; what is below was said above.
    Recursive,
    /// A boolean.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A text.
    String,
    /// A list of items of one shape.
    Array(Box<Shape>),
    /// An object.
    Object {
        /// The properties that the schema names.
        properties: Vec<Property>,
        /// The shape of further properties, where the schema speaks of them.
        others: Option<Box<Shape>>,
    },
}

/// A property of an object.
#[derive(Clone, Debug)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// Whether the object must have it.
    pub required: bool,
    /// Its shape.
    pub shape: Shape,
}

impl Shape {
    /// The shape of a schema of a document.
    pub fn of(document: &Value, schema: &Value) -> Self {
        build(document, schema, &mut Vec::new())
    }

    /// The properties, of an object.
    pub fn properties(&self) -> &[Property] {
        match &self.kind {
            Kind::Object { properties, .. } => properties,
            _ => &[],
        }
    }

    /// Whether a value is of the shape's kind; its inside is not looked at.
    pub fn fits(&self, value: &Value) -> bool {
        if value.is_null() {
            return self.nullable;
        }
        if !self.choices.is_empty() && !self.choices.contains(value) {
            return false;
        }
        match &self.kind {
            Kind::Any | Kind::Recursive => true,
            Kind::Boolean => value.is_boolean(),
            Kind::Integer => {
                value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0)
            }
            Kind::Number => value.is_number(),
            Kind::String => value.is_string(),
            Kind::Array(_) => value.is_array(),
            Kind::Object { .. } => value.is_object(),
        }
    }
}

fn build(document: &Value, schema: &Value, above: &mut Vec<String>) -> Shape {
    let depth = above.len();
    let mut schema = schema;
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        match pointer::resolve(document, reference) {
            Some((at, _)) if above.contains(&at) => return leaf(Kind::Recursive),
            Some((at, target)) => {
                above.push(at);
                schema = target;
            }
            None => return leaf(Kind::Any),
        }
    }
    let shape = build_resolved(document, schema, above);
    above.truncate(depth);
    shape
}

fn build_resolved(document: &Value, schema: &Value, above: &mut Vec<String>) -> Shape {
    let Some(keywords) = schema.as_object() else {
        return leaf(Kind::Any);
    };
    let list = |key: &str| keywords.get(key).and_then(Value::as_array);
    let mut shape = leaf(Kind::Any);
    for part in list("allOf").into_iter().flatten() {
        merge(&mut shape, build(document, part, above));
    }
    let mut own = leaf(own_kind(document, keywords, above));
    own.nullable = keywords.get("nullable") == Some(&Value::Bool(true));
    own.secret = keywords.get("format").and_then(Value::as_str) == Some("password");
    own.choices = list("enum").cloned().unwrap_or_default();
    own.choices.retain(|choice| !choice.is_null());
    own.example = keywords.get("example").or(keywords.get("default")).cloned();
    own.keywords = keywords.clone();
    if shape_is_bare(&shape) {
        // Alternatives: any of them will do as an example.
        let first = ["oneOf", "anyOf"].iter().find_map(|key| list(key)?.first());
        if let (Kind::Any, Some(first)) = (&own.kind, first) {
            let first = build(document, first, above);
            own.example = own
                .example
                .or_else(|| Some(crate::cases::sample::sample(&first)));
        }
        return own;
    }
    merge(&mut shape, own);
    shape
}

fn own_kind(document: &Value, keywords: &Map<String, Value>, above: &mut Vec<String>) -> Kind {
    match keywords.get("type").and_then(Value::as_str) {
        Some("boolean") => Kind::Boolean,
        Some("integer") => Kind::Integer,
        Some("number") => Kind::Number,
        Some("string") => Kind::String,
        Some("array") => array(document, keywords, above),
        Some("object") => object(document, keywords, above),
        // Specs leave out the type where the other keywords tell it.
        None if keywords.contains_key("properties") => object(document, keywords, above),
        None if keywords.contains_key("items") => array(document, keywords, above),
        _ => Kind::Any,
    }
}

fn array(document: &Value, keywords: &Map<String, Value>, above: &mut Vec<String>) -> Kind {
    let items = keywords.get("items").unwrap_or(&Value::Null);
    Kind::Array(Box::new(build(document, items, above)))
}

fn object(document: &Value, keywords: &Map<String, Value>, above: &mut Vec<String>) -> Kind {
    let required: Vec<&str> = keywords
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let properties: Vec<Property> = keywords
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, schema)| Property {
            name: name.clone(),
            required: required.contains(&name.as_str()),
            shape: build(document, schema, above),
        })
        .collect();
    let others = match keywords.get("additionalProperties") {
        Some(schema @ Value::Object(_)) => Some(Box::new(build(document, schema, above))),
        Some(Value::Bool(true)) => Some(Box::new(leaf(Kind::Any))),
        // Nothing named: a map of anything.
        None if properties.is_empty() => Some(Box::new(leaf(Kind::Any))),
        _ => None,
    };
    Kind::Object { properties, others }
}

/// Adds what another part of an `allOf` says.
fn merge(shape: &mut Shape, part: Shape) {
    match (&mut shape.kind, part.kind) {
        (
            Kind::Object { properties, others },
            Kind::Object {
                properties: more,
                others: more_others,
            },
        ) => {
            for property in more {
                match properties
                    .iter_mut()
                    .find(|known| known.name == property.name)
                {
                    Some(known) => *known = property,
                    None => properties.push(property),
                }
            }
            *others = match properties.is_empty() {
                true => others.take().or(more_others),
                false => None,
            };
        }
        (_, Kind::Any) => {}
        (kind, other) => *kind = other,
    }
    shape.nullable |= part.nullable;
    shape.secret |= part.secret;
    if shape.choices.is_empty() {
        shape.choices = part.choices;
    }
    shape.example = part.example.or(shape.example.take());
    shape.keywords.extend(part.keywords);
}

fn shape_is_bare(shape: &Shape) -> bool {
    matches!(shape.kind, Kind::Any) && shape.keywords.is_empty()
}

fn leaf(kind: Kind) -> Shape {
    Shape {
        kind,
        nullable: false,
        secret: false,
        choices: Vec::new(),
        example: None,
        keywords: Map::new(),
    }
}
