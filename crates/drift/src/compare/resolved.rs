//! What two resolved schemas are compared by.

use openapi::Node;
use openapi::model::ResolvedSchema;
use std::collections::BTreeMap;

/// The tightest of a keyword's numbers.
pub(super) fn bound<'a>(
    schema: &ResolvedSchema<'a>,
    keyword: &str,
    lower: bool,
) -> Option<Node<'a>> {
    let bounds = schema
        .parts
        .iter()
        .filter_map(|part| part.node.get(keyword));
    bounds.filter(|node| node.value.is_number()).reduce(|a, b| {
        let (x, y) = (a.value.as_f64(), b.value.as_f64());
        if (lower && y > x) || (!lower && y < x) {
            b
        } else {
            a
        }
    })
}

/// The name that a schema goes by: that of the one schema that it refers to, whether directly or
/// through an `allOf` or the like that holds nothing else.
pub(super) fn name<'s>(schema: &'s ResolvedSchema<'_>) -> Option<&'s str> {
    let mut named = schema.parts.iter().filter_map(|part| part.name.as_deref());
    let name = named.next()?;
    let mut wrappers = schema.parts.iter().take_while(|part| part.name.is_none());
    let bare = wrappers.all(|part| {
        let alone = part.node.get("allOf");
        alone.is_none_or(|all| all.items().count() == 1)
            && part.node.get("properties").is_none()
            && part.node.get("type").is_none()
    });
    bare.then_some(name)
}

/// The type, and where it is written. A schema with properties is an object even without.
pub(super) fn kind<'a>(schema: &ResolvedSchema<'a>) -> Option<(&'a str, Option<Node<'a>>)> {
    if let Some(node) = schema.get("type")
        && let Some(kind) = node.value.as_str()
    {
        return Some((kind, Some(node)));
    }
    if schema.get("properties").is_some() {
        return Some(("object", None));
    }
    schema.get("items").map(|_| ("array", None))
}

/// Every type that is written, of which there is more than one only if they contradict.
pub(super) fn types<'a>(schema: &ResolvedSchema<'a>) -> BTreeMap<&'a str, Node<'a>> {
    let types = schema.parts.iter().filter_map(|part| part.node.get("type"));
    types
        .filter_map(|node| Some((node.value.as_str()?, node)))
        .collect()
}
