//! Schemas: the parts that make one up, and the schemas inside it.

use crate::{Node, pointer};
use serde_json::Value;
use std::collections::BTreeMap;

/// A schema with everything that it is made of: references followed, `allOf` and lone
/// alternatives of `oneOf` and `anyOf` folded in.
#[derive(Clone, Debug)]
pub struct ResolvedSchema<'a> {
    /// The schema itself, then what its reference and its `allOf` bring in. Never empty.
    pub parts: Vec<SchemaPart<'a>>,
}

/// One object of keywords of a [`ResolvedSchema`].
#[derive(Clone, Debug)]
pub struct SchemaPart<'a> {
    /// The object.
    pub node: Node<'a>,
    /// The name under `components/schemas`, if a reference led here.
    pub name: Option<String>,
}

impl<'a> ResolvedSchema<'a> {
    /// Resolves a schema of a document. Keywords beside a `$ref` count, as in OpenAPI 3.1.
    pub fn new(document: &'a Value, schema: &Node<'a>) -> Self {
        let mut resolved = ResolvedSchema { parts: Vec::new() };
        resolved.collect(document, schema, None);
        resolved
    }

    fn collect(&mut self, document: &'a Value, node: &Node<'a>, name: Option<String>) {
        let mut known = self.parts.iter();
        if known.any(|part| part.node.pointer == node.pointer) {
            return;
        }
        self.parts.push(SchemaPart {
            node: node.clone(),
            name,
        });
        if let Some(reference) = node.str("$ref")
            && let Some((pointer, value)) = pointer::resolve(document, reference)
        {
            let target = Node { pointer, value };
            let name = component_name(&target.pointer);
            self.collect(document, &target, name);
        }
        for member in node.get("allOf").iter().flat_map(Node::items) {
            self.collect(document, &member, None);
        }
        for keyword in ["oneOf", "anyOf"] {
            let mut alternatives = node.get(keyword).into_iter().flat_map(|all| all.items());
            if let (Some(only), None) = (alternatives.next(), alternatives.next()) {
                self.collect(document, &only, None);
            }
        }
    }

    /// The value of a keyword, in the first part that has it.
    pub fn get(&self, keyword: &str) -> Option<Node<'a>> {
        self.parts.iter().find_map(|part| part.node.get(keyword))
    }

    /// Whether a keyword is `true` in any part.
    pub fn flag(&self, keyword: &str) -> bool {
        self.parts.iter().any(|part| part.node.flag(keyword))
    }

    /// The properties of all parts by name; the first of a name counts.
    pub fn properties(&self) -> BTreeMap<&'a str, Node<'a>> {
        let mut properties = BTreeMap::new();
        for part in &self.parts {
            for (name, node) in part.node.get("properties").iter().flat_map(Node::members) {
                properties.entry(name).or_insert(node);
            }
        }
        properties
    }

    /// The item of a `required` list that names a property, if there is one.
    pub fn required(&self, property: &str) -> Option<Node<'a>> {
        let lists = self
            .parts
            .iter()
            .filter_map(|part| part.node.get("required"));
        lists
            .flat_map(|list| list.items())
            .find(|item| item.value.as_str() == Some(property))
    }

    /// The first part that is not a reference: where a keyword that is missing would stand.
    pub fn body(&self) -> &Node<'a> {
        let body = self
            .parts
            .iter()
            .find(|part| part.node.str("$ref").is_none());
        &body.unwrap_or(&self.parts[0]).node
    }
}

/// The name of the component schema at a pointer.
fn component_name(pointer: &str) -> Option<String> {
    let name = pointer.strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then(|| pointer::unescape(name).into_owned())
}

/// What the value of a keyword holds.
enum Holds {
    Schema,
    List,
    Map,
}

/// The keywords whose values hold schemas, in OpenAPI 3.0 and in the JSON Schema of 3.1.
fn holds(keyword: &str) -> Option<Holds> {
    match keyword {
        "items"
        | "additionalProperties"
        | "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema" => Some(Holds::Schema),
        "allOf" | "oneOf" | "anyOf" | "prefixItems" => Some(Holds::List),
        "properties" | "patternProperties" | "dependentSchemas" | "$defs" => Some(Holds::Map),
        _ => None,
    }
}

/// The schemas directly inside a schema, in the order in which they are written. The booleans of
/// `additionalProperties: false` and the like are not among them.
pub fn child_schemas<'a>(schema: &Node<'a>) -> Vec<Node<'a>> {
    let mut children = Vec::new();
    for (keyword, node) in schema.members() {
        match holds(keyword) {
            Some(Holds::Schema) if node.value.is_object() => children.push(node),
            Some(Holds::List) => children.extend(node.items()),
            Some(Holds::Map) => children.extend(node.members().map(|(_, child)| child)),
            _ => {}
        }
    }
    children
}

/// As [`child_schemas`], to be changed.
pub fn child_schemas_mut(schema: &mut Value) -> Vec<&mut Value> {
    let children = child_schemas_mut_at(schema).into_iter();
    children.map(|(_, child)| child).collect()
}

/// As [`child_schemas_mut`], each with the names that lead to it from the schema.
pub(crate) fn child_schemas_mut_at(schema: &mut Value) -> Vec<(Vec<String>, &mut Value)> {
    let mut children = Vec::new();
    for (keyword, value) in schema.as_object_mut().into_iter().flatten() {
        match (holds(keyword), value) {
            (Some(Holds::Schema), value @ Value::Object(_)) => {
                children.push((vec![keyword.clone()], value));
            }
            (Some(Holds::List), Value::Array(items)) => {
                let items = items.iter_mut().enumerate();
                children.extend(
                    items.map(|(index, item)| (vec![keyword.clone(), index.to_string()], item)),
                );
            }
            (Some(Holds::Map), Value::Object(members)) => {
                let members = members.iter_mut();
                children.extend(
                    members.map(|(name, member)| (vec![keyword.clone(), name.clone()], member)),
                );
            }
            _ => {}
        }
    }
    children
}
