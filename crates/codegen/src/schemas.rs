//! Walking the schemas of an API.

use std::collections::BTreeSet;

use openapi::model::child_schemas_mut;
use openapi::pointer;
use serde_json::{Map, Value, json};

use crate::json::Object as _;

/// The component schemas by name.
pub type Schemas = Map<String, Value>;

const COMPONENTS: &str = "/components/schemas";

/// Marks an object that carries an enum of types: its tag, and its variants; given by the pass Unions.
pub(crate) const UNION: &str = "x-union";

/// The name that an overlay gives to an enum, or to an operation.
pub(crate) const RUST_NAME: &str = "x-rust-name";

/// Marks a property that requests must have though its type does not; given by the pass Read-only and write-only.
pub(crate) const REQUIRED_IN_REQUESTS: &str = "x-required-in-requests";

/// Calls `change` with a schema and all schemas inside it, the outer before the inner.
pub(crate) fn walk_mut(schema: &mut Value, change: &mut impl FnMut(&mut Value)) {
    change(schema);
    for child in child_schemas_mut(schema) {
        walk_mut(child, change);
    }
}

/// A reference to a component schema.
pub(crate) fn reference_to(name: &str) -> Value {
    json!({ "$ref": format!("#{}", pointer::join(COMPONENTS, name)) })
}

/// The component schema that a schema refers to.
pub(crate) fn reference(schema: &Value) -> Option<String> {
    let target = pointer::target(schema.get("$ref")?.as_str()?)?;
    let name = target.strip_prefix(COMPONENTS)?.strip_prefix('/')?;
    (!name.contains('/')).then(|| pointer::unescape(name).into_owned())
}

/// The component schema that a schema refers to, or is the wrapper of a reference to: after the pass Shapes of
/// schemas, `allOf` holds one reference that is described, or may be null.
pub(crate) fn wrapped_reference(schema: &Value) -> Option<String> {
    reference(schema).or_else(|| reference(schema.pointer("/allOf/0")?))
}

/// What a schema is, behind its reference if it is one; `None` where that leads nowhere.
pub(crate) fn follow<'a>(schemas: &'a Schemas, schema: &'a Value) -> Option<&'a Value> {
    let mut schema = schema;
    // Longer chains than this are circles in all but name.
    for _ in 0..32 {
        match reference(schema) {
            None => return schema.get("$ref").is_none().then_some(schema),
            Some(name) => schema = schemas.get(&name)?,
        }
    }
    None
}

/// The names of the component schemas that schemas lead to, through any number of references.
pub(crate) fn reachable<'a>(
    components: &'a Schemas,
    schemas: impl IntoIterator<Item = &'a Value>,
) -> BTreeSet<String> {
    let mut queue = Vec::new();
    for schema in schemas {
        references(schema, &mut queue);
    }
    let mut reached = BTreeSet::new();
    while let Some(name) = queue.pop() {
        if !reached.contains(&name)
            && let Some(schema) = components.get(&name)
        {
            references(schema, &mut queue);
            reached.insert(name);
        }
    }
    reached
}

/// Adds the names of the component schemas that a schema refers to.
fn references(schema: &Value, names: &mut Vec<String>) {
    names.extend(reference(schema));
    match schema {
        Value::Object(object) => object.values().for_each(|value| references(value, names)),
        Value::Array(items) => items.iter().for_each(|item| references(item, names)),
        _ => {}
    }
}

/// Whether a schema makes a Rust type of its own: an object with properties, or an enum.
pub(crate) fn makes_type(schema: &Value) -> bool {
    schema.as_object().is_some_and(|schema| {
        schema
            .map("properties")
            .is_some_and(|properties| !properties.is_empty())
            || !schema.list("enum").is_empty()
    })
}
