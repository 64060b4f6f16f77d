//! Name and type of a resolved schema.

use openapi::Node;
use openapi::model::ResolvedSchema;

/// The name of the component that a schema is: it refers to it directly, or through an `allOf` or
/// the like that holds nothing else.
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

/// The type of a schema, and where it is written. It is implied by `properties` and `items`.
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
