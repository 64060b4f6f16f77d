//! The property that says which alternative a value is of.

use super::comparison::{Comparison, SchemaPair};
use super::text::text;
use openapi::{Node, pointer};
use serde_json::Value;
use std::collections::BTreeMap;

/// Compares the discriminators of two schemas. A mapping that follows a schema to its new name is the same.
pub(super) fn discriminator<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    let direction = pair.direction;
    let (old, new) = match (pair.old.get("discriminator"), pair.new.get("discriminator")) {
        (Some(old), Some(new)) => (old, new),
        (None, None) => return,
        (Some(old), None) => {
            let what = format!("discriminator {} removed", property(&old));
            return comparison.changed(&old, pair.new.body(), direction.widened(), what);
        }
        (None, Some(new)) => {
            let what = format!("discriminator {} added", property(&new));
            return comparison.changed(pair.old.body(), &new, direction.narrowed(), what);
        }
    };
    if property(&old) != property(&new) {
        let what = format!(
            "discriminator changed from {} to {}",
            property(&old),
            property(&new)
        );
        comparison.changed(&old, &new, direction.replaced(), what);
    }
    let (before, mut after) = (mapping(comparison.old, &old), mapping(comparison.new, &new));
    for (value, (node, target)) in before {
        match after.remove(value) {
            None => {
                let what = format!("discriminator value `{value}` removed");
                comparison.changed(&node, &new, direction.narrowed(), what);
            }
            Some((_, now)) if is_same(comparison, &target, &now) => {}
            Some((now_node, now)) => {
                let what = format!(
                    "discriminator value `{value}` is now a `{now}` instead of a `{target}`"
                );
                comparison.changed(&node, &now_node, direction.replaced(), what);
            }
        }
    }
    for (value, (node, _)) in after {
        let what = format!("discriminator value `{value}` added");
        comparison.changed(&old, &node, direction.widened(), what);
    }
}

fn property(discriminator: &Node<'_>) -> String {
    format!(
        "`{}`",
        discriminator.str("propertyName").unwrap_or_default()
    )
}

/// The values of a discriminator, each with the name of the schema that it stands for.
fn mapping<'a>(root: &'a Value, discriminator: &Node<'a>) -> BTreeMap<&'a str, (Node<'a>, String)> {
    let mapping = discriminator.get("mapping");
    let entries = mapping.iter().flat_map(|mapping| mapping.members());
    entries
        .map(|(value, node)| {
            let target = text(node.value).into_owned();
            let name = pointer::target(&target).and_then(|target| {
                let name = target.strip_prefix("/components/schemas/")?.to_owned();
                root["components"]["schemas"].get(&*pointer::unescape(&name))?;
                Some(pointer::unescape(&name).into_owned())
            });
            (value, (node, name.unwrap_or(target)))
        })
        .collect()
}

/// Whether two names are of the same schema: it may have been renamed.
fn is_same(comparison: &Comparison<'_>, before: &str, after: &str) -> bool {
    let has = |root: &Value, name: &str| root["components"]["schemas"].get(name).is_some();
    before == after || !has(comparison.new, before) && !has(comparison.old, after)
}
