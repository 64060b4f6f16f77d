//! Names that an overlay gives to enums: enums of one name are one type.

use std::collections::{BTreeMap, BTreeSet};

use openapi::{Node, pointer};
use serde_json::Value;

use super::findings::Findings;
use crate::json::Object as _;
use crate::names::type_name;
use crate::schemas::RUST_NAME;

/// The enums of one name: where the first one is, and its values.
struct Group {
    first: String,
    values: BTreeSet<String>,
    /// The component schemas among them.
    components: BTreeSet<String>,
}

/// Checks the names of all enums.
pub(super) fn check(findings: &mut Findings<'_>) {
    let mut named = Vec::new();
    for part in ["paths", "components"] {
        if let Some(value) = findings.document.get(part) {
            find(
                Node {
                    pointer: format!("/{part}"),
                    value,
                },
                &mut named,
            );
        }
    }
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for schema in named {
        let at = pointer::join(&schema.pointer, RUST_NAME);
        let name = schema.str(RUST_NAME).unwrap_or_default();
        if !name.contains(char::is_alphanumeric) {
            findings.error(
                &at,
                "`x-rust-name` is not a name",
                "give the name of the type, such as `AccountType`, or leave it out",
            );
            continue;
        }
        let Some(values) = values(&schema) else {
            findings.error(
                &at,
                "`x-rust-name` is given to a schema that is not an enum of texts",
                "leave it out: other types are named after their component schema",
            );
            continue;
        };
        let component = schema.pointer.strip_prefix("/components/schemas/");
        let component = component.filter(|name| !name.contains('/'));
        let group = groups.entry(type_name(name)).or_insert_with(|| Group {
            first: schema.pointer.clone(),
            values: values.clone(),
            components: BTreeSet::new(),
        });
        group
            .components
            .extend(component.map(|name| pointer::unescape(name).into_owned()));
        if group.values != values {
            let differing = group.values.symmetric_difference(&values);
            let differing: Vec<String> = differing.map(|value| format!("`{value}`")).collect();
            let message = format!(
                "the enum `{name}` has other values than at `{}`: {}",
                group.first,
                differing.join(", ")
            );
            findings.error(
                &at,
                message,
                "enums of one name are one type and need the same values: give one of them another name",
            );
        }
    }
    let components = findings.document.pointer("/components/schemas");
    for name in components
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|all| all.keys())
    {
        if let Some(group) = groups.get(&type_name(name))
            && !group.components.contains(name)
        {
            findings.error(
                &pointer::join(&group.first, RUST_NAME),
                format!("`{name}` is the name of a component schema"),
                "give the enum another name, or give that one to the component schema as well",
            );
        }
    }
}

/// The schemas that have a name, in the order of the document.
fn find<'a>(node: Node<'a>, named: &mut Vec<Node<'a>>) {
    // An operation can have a name, too.
    let is_operation = node.get("responses").is_some();
    if node.get(RUST_NAME).is_some() && !is_operation {
        named.push(node.clone());
    }
    for (key, member) in node.members() {
        if !matches!(key, "example" | "examples" | "default" | "enum") {
            find(member, named);
        }
    }
    for item in node.items() {
        find(item, named);
    }
}

/// The values of an enum of texts, but null.
fn values(schema: &Node<'_>) -> Option<BTreeSet<String>> {
    let object = schema.value.as_object()?;
    let is_text = object.get("type").is_none_or(|of| of == "string");
    let values = object.list("enum").iter().filter(|value| !value.is_null());
    let values: Option<BTreeSet<String>> = values
        .map(|value| value.as_str().map(str::to_owned))
        .collect();
    values.filter(|values| is_text && !values.is_empty())
}
