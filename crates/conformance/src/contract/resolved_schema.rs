//! A schema with its references followed and its parts merged: what values of it look like.
//!
//! Validation is the job of [`Schema`](crate::contract::schema::Schema); this is for making values and changing them.

use openapi::pointer;
use serde_json::{Map, Value};

/// A schema with everything that it says of its values in one place.
#[derive(Clone, Debug)]
pub struct ResolvedSchema {
    /// The kind of value.
    pub kind: Kind,
    /// Whether null is allowed.
    pub nullable: bool,
    /// The only values allowed; empty if any of the kind is.
    pub choices: Vec<Value>,
    /// The schema's example or default.
    pub example: Option<Value>,
    /// The first alternative of a `oneOf` or `anyOf`, if the schema says nothing else of its values.
    pub alternative: Option<Box<ResolvedSchema>>,
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
    /// A string.
    String,
    /// A list of items of one schema.
    Array(Box<ResolvedSchema>),
    /// An object.
    Object {
        /// The properties that the schema names.
        properties: Vec<Property>,
        /// The schema of further properties, where the schema speaks of them.
        others: Option<Box<ResolvedSchema>>,
    },
}

/// A property of an object.
#[derive(Clone, Debug)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// Whether the object must have it.
    pub required: bool,
    /// Its schema.
    pub schema: ResolvedSchema,
}

impl ResolvedSchema {
    /// Resolves a schema of a document.
    pub fn new(document: &Value, schema: &Value) -> Self {
        build(document, schema, &mut Vec::new())
    }

    /// The properties, of an object.
    pub fn properties(&self) -> &[Property] {
        match &self.kind {
            Kind::Object { properties, .. } => properties,
            _ => &[],
        }
    }

    /// The schema of a field, or of the items of a list.
    pub fn below(&self, name: &str) -> Option<&ResolvedSchema> {
        match &self.kind {
            Kind::Array(items) => Some(items),
            Kind::Object { properties, others } => {
                let known = properties.iter().find(|property| property.name == name);
                known.map(|known| &known.schema).or(others.as_deref())
            }
            _ => None,
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

fn build(document: &Value, schema: &Value, above: &mut Vec<String>) -> ResolvedSchema {
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
    let resolved = build_resolved(document, schema, above);
    above.truncate(depth);
    resolved
}

fn build_resolved(document: &Value, schema: &Value, above: &mut Vec<String>) -> ResolvedSchema {
    let Some(keywords) = schema.as_object() else {
        return leaf(Kind::Any);
    };
    let list = |key: &str| keywords.get(key).and_then(Value::as_array);
    let mut merged = leaf(Kind::Any);
    for part in list("allOf").into_iter().flatten() {
        merge(&mut merged, build(document, part, above));
    }
    let mut own = leaf(own_kind(document, keywords, above));
    own.nullable = keywords.get("nullable") == Some(&Value::Bool(true));
    own.choices = list("enum").cloned().unwrap_or_default();
    own.choices.retain(|choice| !choice.is_null());
    own.example = keywords.get("example").or(keywords.get("default")).cloned();
    own.keywords = keywords.clone();
    if is_bare(&merged) {
        let first = ["oneOf", "anyOf"].iter().find_map(|key| list(key)?.first());
        if let (Kind::Any, Some(first)) = (&own.kind, first) {
            own.alternative = Some(Box::new(build(document, first, above)));
        }
        return own;
    }
    merge(&mut merged, own);
    merged
}

fn own_kind(document: &Value, keywords: &Map<String, Value>, above: &mut Vec<String>) -> Kind {
    match keywords.get("type").and_then(Value::as_str) {
        Some("boolean") => Kind::Boolean,
        Some("integer") => Kind::Integer,
        Some("number") => Kind::Number,
        Some("string") => Kind::String,
        Some("array") => array(document, keywords, above),
        Some("object") => object(document, keywords, above),
        // Specs leave out the type where other keywords imply it.
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
            schema: build(document, schema, above),
        })
        .collect();
    let others = match keywords.get("additionalProperties") {
        Some(schema @ Value::Object(_)) => Some(Box::new(build(document, schema, above))),
        Some(Value::Bool(true)) => Some(Box::new(leaf(Kind::Any))),
        // Without named properties it is a map of anything.
        None if properties.is_empty() => Some(Box::new(leaf(Kind::Any))),
        _ => None,
    };
    Kind::Object { properties, others }
}

/// Adds another part of an `allOf`.
fn merge(schema: &mut ResolvedSchema, part: ResolvedSchema) {
    match (&mut schema.kind, part.kind) {
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
    schema.nullable |= part.nullable;
    if schema.choices.is_empty() {
        schema.choices = part.choices;
    }
    schema.example = part.example.or(schema.example.take());
    schema.keywords.extend(part.keywords);
}

fn is_bare(schema: &ResolvedSchema) -> bool {
    matches!(schema.kind, Kind::Any) && schema.keywords.is_empty()
}

fn leaf(kind: Kind) -> ResolvedSchema {
    ResolvedSchema {
        kind,
        nullable: false,
        choices: Vec::new(),
        example: None,
        alternative: None,
        keywords: Map::new(),
    }
}
