//! A schema with its references followed and its parts merged: what values of it look like.
//!
//! Validation is the job of [`Schema`](crate::contract::schema::Schema); this is for making values and changing them.

use openapi::validate::Direction;
use openapi::{Version, pointer};
use serde_json::{Map, Value, json};

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
    /// The alternatives of a `oneOf` or `anyOf`, or of a list of types, if there are several; beside them the schema
    /// may say more of its values.
    pub alternatives: Vec<ResolvedSchema>,
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
    /// Resolves a schema of a document, for values that travel one way.
    pub fn new(document: &Value, schema: &Value, direction: Direction) -> Self {
        let mut builder = Builder {
            document,
            direction,
            siblings_count: Version::of(document) == Ok(Version::V3_1),
            above: Vec::new(),
            nodes: 0,
        };
        builder.build(schema)
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

/// How deep optional parts are resolved, counted in references.
const DEEPEST: usize = 6;

/// How many parts of a schema are resolved; what is optional beyond them is left out, as if it contained itself.
const MOST_NODES: usize = 4000;

struct Builder<'a> {
    document: &'a Value,
    direction: Direction,
    /// Whether what stands beside a `$ref` counts.
    siblings_count: bool,
    /// The pointers that references around this part lead to.
    above: Vec<String>,
    nodes: usize,
}

impl Builder<'_> {
    fn build(&mut self, schema: &Value) -> ResolvedSchema {
        self.nodes += 1;
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
            return self.build_resolved(schema);
        };
        let depth = self.above.len();
        let mut resolved = match pointer::resolve(self.document, reference) {
            Some((at, _)) if self.above.contains(&at) => return leaf(Kind::Recursive),
            Some((at, target)) => {
                self.above.push(at);
                self.build_resolved(target)
            }
            None => return leaf(Kind::Any),
        };
        self.above.truncate(depth);
        if self.siblings_count
            && let Some(keywords) = schema.as_object().filter(|keywords| keywords.len() > 1)
        {
            let mut own = keywords.clone();
            own.remove("$ref");
            merge(&mut resolved, self.build_resolved(&Value::Object(own)));
        }
        resolved
    }

    /// As `build`, for a part that a value need not have.
    fn build_optional(&mut self, schema: &Value) -> ResolvedSchema {
        match self.above.len() > DEEPEST || self.nodes > MOST_NODES {
            true => leaf(Kind::Recursive),
            false => self.build(schema),
        }
    }

    fn build_resolved(&mut self, schema: &Value) -> ResolvedSchema {
        let Some(keywords) = schema.as_object() else {
            return leaf(Kind::Any);
        };
        let list = |key: &str| keywords.get(key).and_then(Value::as_array);
        let mut merged = leaf(Kind::Any);
        for part in list("allOf").into_iter().flatten() {
            let part = self.build(part);
            merge(&mut merged, part);
        }
        let mut own = leaf(self.own_kind(keywords));
        let types = types(keywords);
        own.nullable =
            keywords.get("nullable") == Some(&Value::Bool(true)) || types.contains(&"null");
        own.choices = match (keywords.get("const"), list("enum")) {
            (Some(only), _) => vec![only.clone()],
            (None, Some(choices)) => choices.clone(),
            (None, None) => Vec::new(),
        };
        own.nullable |= types.is_empty() && own.choices.contains(&Value::Null);
        let is_always_null = own.choices == [Value::Null];
        own.choices.retain(|choice| !choice.is_null());
        let first_example = || list("examples").and_then(|examples| examples.first());
        let example = keywords.get("example").or_else(first_example);
        own.example = example.or(keywords.get("default")).cloned();
        if is_always_null {
            own.nullable = true;
            own.example = Some(Value::Null);
        }
        own.keywords = keywords.clone();
        self.choice(keywords, &mut own);
        if is_bare(&merged) {
            require(&mut own);
            return own;
        }
        merge(&mut merged, own);
        merged
    }

    /// Adds what `oneOf`, `anyOf` and lists of types say: null, one schema, or several alternatives.
    fn choice(&mut self, keywords: &Map<String, Value>, own: &mut ResolvedSchema) {
        for key in ["oneOf", "anyOf"] {
            let Some(Value::Array(parts)) = keywords.get(key) else {
                continue;
            };
            let mut alternatives = Vec::new();
            for part in parts {
                match is_null(self.document, part) {
                    true => own.nullable = true,
                    false => {
                        let mut alternative = self.build_optional(part);
                        tag(keywords.get("discriminator"), part, &mut alternative);
                        alternatives.push(alternative);
                    }
                }
            }
            // Which properties go together makes no other value.
            let only_constrains = |alternative: &ResolvedSchema| {
                matches!(alternative.kind, Kind::Any)
                    && alternative.choices.is_empty()
                    && alternative.alternatives.is_empty()
            };
            if matches!(own.kind, Kind::Object { .. }) && alternatives.iter().all(only_constrains) {
                continue;
            }
            match alternatives.len() {
                0 => {}
                1 => alternatives.into_iter().for_each(|only| merge(own, only)),
                _ if own.alternatives.is_empty() => own.alternatives = alternatives,
                _ => {}
            }
        }
        let types: Vec<&str> = types(keywords)
            .into_iter()
            .filter(|name| *name != "null")
            .collect();
        if types.len() > 1 && own.alternatives.is_empty() {
            let alternatives = types.iter().map(|name| {
                let mut keywords = keywords.clone();
                keywords.insert("type".to_owned(), Value::from(*name));
                self.build_resolved(&Value::Object(keywords))
            });
            own.alternatives = alternatives.collect();
        }
    }

    fn own_kind(&mut self, keywords: &Map<String, Value>) -> Kind {
        let mut types = types(keywords);
        types.retain(|name| *name != "null");
        match types.as_slice() {
            ["boolean"] => Kind::Boolean,
            ["integer"] => Kind::Integer,
            ["number"] => Kind::Number,
            ["string"] => Kind::String,
            ["array"] => self.array(keywords),
            ["object"] => self.object(keywords),
            // Specs leave out the type where other keywords imply it.
            [] if keywords.contains_key("properties") => self.object(keywords),
            [] if keywords.contains_key("items") => self.array(keywords),
            _ => Kind::Any,
        }
    }

    fn array(&mut self, keywords: &Map<String, Value>) -> Kind {
        let items = keywords.get("items").unwrap_or(&Value::Null);
        Kind::Array(Box::new(self.build_optional(items)))
    }

    fn object(&mut self, keywords: &Map<String, Value>) -> Kind {
        let required = required(keywords);
        let named = keywords.get("properties").and_then(Value::as_object);
        let mut properties = Vec::new();
        for (name, schema) in named.into_iter().flatten() {
            let required = required.contains(&name.as_str());
            let schema = match required {
                true => self.build(schema),
                false => self.build_optional(schema),
            };
            let other_way = match self.direction {
                Direction::Request => "readOnly",
                Direction::Response => "writeOnly",
            };
            if schema.keywords.get(other_way) != Some(&Value::Bool(true)) {
                properties.push(Property {
                    name: name.clone(),
                    required,
                    schema,
                });
            }
        }
        let others = match keywords.get("additionalProperties") {
            Some(schema @ Value::Object(_)) => Some(Box::new(self.build_optional(schema))),
            Some(Value::Bool(true)) => Some(Box::new(leaf(Kind::Any))),
            // A map whose names follow rules: none is known.
            None if [
                "patternProperties",
                "propertyNames",
                "unevaluatedProperties",
            ]
            .iter()
            .any(|key| keywords.contains_key(*key)) =>
            {
                Some(Box::new(leaf(Kind::Recursive)))
            }
            // Without named properties it is a map of anything.
            None if named.is_none_or(Map::is_empty) => Some(Box::new(leaf(Kind::Any))),
            _ => None,
        };
        Kind::Object { properties, others }
    }
}

/// Gives the property that tells alternatives apart its value for one of them.
fn tag(discriminator: Option<&Value>, part: &Value, alternative: &mut ResolvedSchema) {
    let name = discriminator.and_then(|discriminator| discriminator["propertyName"].as_str());
    let reference = part.get("$ref").and_then(Value::as_str);
    let (Some(name), Some(reference)) = (name, reference) else {
        return;
    };
    let component = reference.rsplit('/').next().unwrap_or(reference);
    let mapping = discriminator.and_then(|discriminator| discriminator["mapping"].as_object());
    let mut mapping = mapping.into_iter().flatten();
    let mapped = mapping.find(|(_, target)| *target == reference || *target == component);
    let value = mapped.map_or(component, |(value, _)| value);
    if let Kind::Object { properties, .. } = &mut alternative.kind {
        let mut properties = properties.iter_mut();
        let property = properties.find(|property| property.name == name);
        // An enum says it by itself.
        if let Some(property) = property.filter(|property| property.schema.choices.is_empty()) {
            property.required = true;
            property.schema.choices = vec![Value::from(value)];
        }
    }
}

/// The types that a schema states.
fn types(keywords: &Map<String, Value>) -> Vec<&str> {
    match keywords.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Whether a schema allows null only.
fn is_null(document: &Value, schema: &Value) -> bool {
    let reference = schema.get("$ref").and_then(Value::as_str);
    let target = reference.and_then(|reference| pointer::resolve(document, reference));
    let schema = target.map_or(schema, |(_, target)| target);
    schema["type"] == "null"
        || schema["enum"] == json!([null])
        || schema.get("const") == Some(&Value::Null)
}

fn required(keywords: &Map<String, Value>) -> Vec<&str> {
    let names = keywords.get("required").and_then(Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// Marks the properties that `required` names, wherever they are described.
fn require(schema: &mut ResolvedSchema) {
    if let Kind::Object { properties, .. } = &mut schema.kind {
        let required = required(&schema.keywords);
        for property in properties {
            property.required |= required.contains(&property.name.as_str());
        }
    }
}

/// Adds another part of an `allOf`.
fn merge(schema: &mut ResolvedSchema, part: ResolvedSchema) {
    let says_of_others =
        |keywords: &Map<String, Value>| keywords.contains_key("additionalProperties");
    let (told, told_by_part) = (
        says_of_others(&schema.keywords),
        says_of_others(&part.keywords),
    );
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
            *others = match (told, told_by_part) {
                (true, _) => others.take(),
                (_, true) => more_others,
                _ if properties.is_empty() => others.take().or(more_others),
                _ => None,
            };
        }
        (_, Kind::Any) => {}
        (kind, other) => *kind = other,
    }
    schema.nullable |= part.nullable;
    if schema.choices.is_empty() {
        schema.choices = part.choices;
    }
    if schema.alternatives.is_empty() {
        schema.alternatives = part.alternatives;
    }
    schema.example = part.example.or(schema.example.take());
    let mut names: Vec<Value> = Vec::new();
    for keywords in [&schema.keywords, &part.keywords] {
        names.extend(required(keywords).into_iter().map(Value::from));
    }
    schema.keywords.extend(part.keywords);
    if !names.is_empty() {
        schema.keywords.insert("required".to_owned(), names.into());
    }
    require(schema);
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
        alternatives: Vec::new(),
        keywords: Map::new(),
    }
}
