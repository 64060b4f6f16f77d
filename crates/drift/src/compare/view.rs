//! A schema as it counts: references followed, `allOf` and lone alternatives folded in.

use super::node::Node;
use openapi::pointer;
use serde_json::Value;
use std::collections::BTreeMap;

/// A schema with everything that it is made of.
pub(super) struct View<'a> {
    /// The schema itself, then what its reference and its `allOf` bring in.
    pub parts: Vec<Part<'a>>,
}

/// One object of keywords.
pub(super) struct Part<'a> {
    pub node: Node<'a>,
    /// The name of the schema in `components` that a reference gave.
    pub name: Option<String>,
}

impl<'a> View<'a> {
    pub fn new(root: &'a Value, node: &Node<'a>) -> Self {
        let mut view = View { parts: Vec::new() };
        view.collect(root, node, None);
        view
    }

    fn collect(&mut self, root: &'a Value, node: &Node<'a>, name: Option<String>) {
        if self
            .parts
            .iter()
            .any(|part| part.node.pointer == node.pointer)
        {
            return;
        }
        self.parts.push(Part {
            node: node.clone(),
            name,
        });
        if let Some(reference) = node.str("$ref")
            && let Some((pointer, value)) = pointer::resolve(root, reference)
        {
            let target = Node { pointer, value };
            let name = component_name(&target.pointer);
            self.collect(root, &target, name);
        }
        for member in node.get("allOf").iter().flat_map(|all| all.items()) {
            self.collect(root, &member, None);
        }
        for keyword in ["oneOf", "anyOf"] {
            let mut alternatives = node.get(keyword).into_iter().flat_map(|all| all.items());
            if let (Some(only), None) = (alternatives.next(), alternatives.next()) {
                self.collect(root, &only, None);
            }
        }
    }

    /// The first part that has a keyword, with the keyword's node.
    pub fn get(&self, keyword: &str) -> Option<Node<'a>> {
        self.parts.iter().find_map(|part| part.node.get(keyword))
    }

    pub fn flag(&self, keyword: &str) -> bool {
        self.parts.iter().any(|part| part.node.flag(keyword))
    }

    /// The tightest of a keyword's numbers.
    pub fn bound(&self, keyword: &str, lower: bool) -> Option<Node<'a>> {
        let bounds = self.parts.iter().filter_map(|part| part.node.get(keyword));
        bounds.filter(|node| node.value.is_number()).reduce(|a, b| {
            let (x, y) = (a.value.as_f64(), b.value.as_f64());
            if (lower && y > x) || (!lower && y < x) {
                b
            } else {
                a
            }
        })
    }

    /// The name that the schema goes by: that of the one schema that it refers to, whether
    /// directly or through an `allOf` or the like that holds nothing else.
    pub fn name(&self) -> Option<&str> {
        let mut named = self.parts.iter().filter_map(|part| part.name.as_deref());
        let name = named.next()?;
        let wrappers_are_bare = self
            .parts
            .iter()
            .take_while(|part| part.name.is_none())
            .all(|part| {
                part.node
                    .members()
                    .all(|(key, _)| !matches!(key, "properties" | "type"))
            });
        let alone = self
            .parts
            .iter()
            .take_while(|part| part.name.is_none())
            .all(|part| {
                part.node
                    .get("allOf")
                    .is_none_or(|all| all.items().count() == 1)
            });
        (wrappers_are_bare && alone).then_some(name)
    }

    /// The type, and where it is written. A schema with properties is an object even without.
    pub fn kind(&self) -> Option<(&'a str, Option<Node<'a>>)> {
        if let Some(node) = self.get("type")
            && let Some(kind) = node.value.as_str()
        {
            return Some((kind, Some(node)));
        }
        if self.get("properties").is_some() {
            return Some(("object", None));
        }
        self.get("items").map(|_| ("array", None))
    }

    /// Every type that is written, of which there is more than one only if they contradict.
    pub fn types(&self) -> BTreeMap<&'a str, Node<'a>> {
        let types = self.parts.iter().filter_map(|part| part.node.get("type"));
        types
            .filter_map(|node| Some((node.value.as_str()?, node)))
            .collect()
    }

    /// The properties by name.
    pub fn properties(&self) -> BTreeMap<&'a str, Node<'a>> {
        let mut properties = BTreeMap::new();
        for part in &self.parts {
            for (name, node) in part
                .node
                .get("properties")
                .iter()
                .flat_map(|all| all.members())
            {
                properties.entry(name).or_insert(node);
            }
        }
        properties
    }

    /// Where a property is required, if it is.
    pub fn required(&self, property: &str) -> Option<Node<'a>> {
        let lists = self
            .parts
            .iter()
            .filter_map(|part| part.node.get("required"));
        lists
            .flat_map(|list| list.items())
            .find(|item| item.value.as_str() == Some(property))
    }

    /// The schema's own object, after references: where what is missing would stand.
    pub fn body(&self) -> &Node<'a> {
        let body = self
            .parts
            .iter()
            .find(|part| part.node.str("$ref").is_none());
        &body.unwrap_or(&self.parts[0]).node
    }
}

fn component_name(target: &str) -> Option<String> {
    let mut segments = pointer::segments(target);
    let in_schemas = segments.next()? == "components" && segments.next()? == "schemas";
    let name = segments.next()?;
    (in_schemas && segments.next().is_none()).then(|| name.into_owned())
}
