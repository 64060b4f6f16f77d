//! Operations that are left out: those that `api.toml` names, and, if asked for, those that cannot be generated.

use std::collections::BTreeSet;

use openapi::model::{self, Operation};
use openapi::{Diagnostic, Node, Severity, lower, pointer};
use serde_json::Value;

use crate::deviations::Deviations;
use crate::facts::Facts;
use crate::markdown::sentence;
use crate::preflight;

/// An operation or a component that a document shall not have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Skipped {
    /// JSON pointer to it.
    pointer: String,
    /// What people call it.
    pub(crate) label: String,
    /// Why.
    pub(crate) reason: String,
}

/// The operations that `api.toml` names, by `operationId` or as `GET /path`.
///
/// # Errors
///
/// A name that no operation has, if the list was made for this document.
pub(crate) fn listed(
    document: &Value,
    facts: &Facts,
    strict: bool,
) -> Result<Vec<Skipped>, Vec<Diagnostic>> {
    if facts.skip.is_empty() {
        return Ok(Vec::new());
    }
    let mut effective = document.clone();
    lower::to_3_0(&mut effective);
    let unsupported = unsupported(&effective, &preflight::check(&effective));
    let operations = model::operations(document);
    let mut skipped = Vec::new();
    let mut unknown = Vec::new();
    for name in &facts.skip {
        let is =
            |operation: &&Operation<'_>| operation.id() == Some(name) || operation.label() == *name;
        match operations.iter().find(is) {
            Some(operation) => {
                let known = unsupported.iter().find(|known| known.pointer == at(operation));
                skipped.push(known.cloned().unwrap_or_else(|| Skipped {
                    pointer: at(operation),
                    label: called(operation),
                    reason: "`skip` of `api.toml` names it".to_owned(),
                }));
            }
            None => unknown.push(
                Diagnostic::error("/paths", format!("`skip` of api.toml names `{name}`, which is not an operation"))
                    .with_help("name an operation by its `operationId` or as `GET /users`, or delete the entry"),
            ),
        }
    }
    if strict && !unknown.is_empty() {
        return Err(unknown);
    }
    Ok(skipped)
}

/// What the errors among some findings make impossible: the operations that lead to a place of an error, and the
/// component or path that the place is in. Empty if an error is about the document as a whole.
pub(crate) fn unsupported(document: &Value, findings: &[Diagnostic]) -> Vec<Skipped> {
    let errors: Vec<&Diagnostic> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    let mut skipped = Vec::new();
    let mut found = vec![false; errors.len()];
    for operation in model::operations(document) {
        let places = places(document, &operation);
        let mut reason = None;
        for (error, found) in errors.iter().zip(&mut found) {
            let path = error.pointer == operation.item.pointer;
            if path || places.iter().any(|place| is_within(&error.pointer, place)) {
                *found = true;
                reason = reason.or(Some(&error.message));
            }
        }
        skipped.extend(reason.map(|reason| Skipped {
            pointer: at(&operation),
            label: called(&operation),
            reason: reason.clone(),
        }));
    }
    for (error, found) in errors.iter().zip(&mut found) {
        let names: Vec<_> = pointer::segments(&error.pointer).collect();
        let holder = match names.as_slice() {
            // Only these are checked where nothing leads to them.
            [first, section, name, ..] if first == "components" && section == "schemas" => {
                pointer::join("/components/schemas", name)
            }
            [first, path, ..] if first == "paths" && !*found => pointer::join("/paths", path),
            _ => continue,
        };
        *found = true;
        skipped.push(Skipped {
            label: holder.clone(),
            pointer: holder,
            reason: error.message.clone(),
        });
    }
    match found.iter().all(|found| *found) {
        true => skipped,
        false => Vec::new(),
    }
}

/// Removes parts of a document; a path without operations goes as well.
pub(crate) fn remove(document: &mut Value, skipped: &[Skipped]) {
    for skipped in skipped {
        inline_path_item(document, &skipped.pointer);
        let Some((holder, name)) = pointer::split_last(&skipped.pointer) else {
            continue;
        };
        let Some(members) = document.pointer_mut(holder).and_then(Value::as_object_mut) else {
            continue;
        };
        members.shift_remove_entry(name.as_ref());
        let is_empty = !model::METHODS
            .iter()
            .any(|method| members.contains_key(*method));
        if let Some(("/paths", path)) = pointer::split_last(holder)
            && is_empty
            && let Some(Value::Object(paths)) = document.get_mut("paths")
        {
            paths.shift_remove_entry(path.as_ref());
        }
    }
}

/// Lists what was left out.
pub(crate) fn note<'a>(
    deviations: &mut Deviations,
    skipped: impl IntoIterator<Item = &'a Skipped>,
) {
    let mut notes = deviations.section(
        "Skipped operations",
        "Operations that cannot be generated, or that `api.toml` names, are not in the client.",
    );
    for Skipped { label, reason, .. } in skipped {
        notes.add(label, format!("is left out: {}", sentence(reason)));
    }
}

/// The operations among what was left out, by `operationId`.
pub(crate) fn operations(skipped: &[Skipped]) -> Vec<String> {
    let mut operations: Vec<String> = skipped
        .iter()
        .filter(|skipped| skipped.pointer.starts_with("/paths/"))
        .map(|skipped| skipped.label.clone())
        .collect();
    operations.dedup();
    operations
}

/// A path item that is a reference becomes its target, so that it can lose an operation of its own.
fn inline_path_item(document: &mut Value, operation: &str) {
    let Some((item, _)) = pointer::split_last(operation) else {
        return;
    };
    let target = document
        .pointer(item)
        .and_then(|item| item.get("$ref")?.as_str())
        .and_then(|reference| pointer::resolve(document, reference))
        .map(|(_, target)| target.clone());
    if let (true, Some(target), Some(item)) = (
        item.starts_with("/paths/"),
        target,
        document.pointer_mut(item),
    ) {
        *item = target;
    }
}

/// The pointer to an operation below its path, whose item may be a reference.
fn at(operation: &Operation<'_>) -> String {
    pointer::join(&pointer::join("/paths", operation.path), operation.method)
}

fn called(operation: &Operation<'_>) -> String {
    let label = operation.label();
    operation.id().map_or(label, str::to_owned)
}

fn is_within(place: &str, holder: &str) -> bool {
    let rest = place.strip_prefix(holder);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The places that an operation is made of: its own, and all that it leads to.
fn places(document: &Value, operation: &Operation<'_>) -> BTreeSet<String> {
    let own = operation.node.clone();
    let shared = operation.item.get("parameters");
    let mut queue: Vec<Node<'_>> = [Some(own), shared].into_iter().flatten().collect();
    let mut places = BTreeSet::new();
    match operation.node.get("security") {
        Some(_) => {}
        None => queue.extend(Node::root(document).get("security")),
    }
    for requirement in model::requirements(document, operation) {
        for (name, _) in requirement.schemes {
            places.insert(pointer::join("/components/securitySchemes", name));
        }
    }
    while let Some(node) = queue.pop() {
        if !places.insert(node.pointer.clone()) {
            continue;
        }
        let mut targets = BTreeSet::new();
        references(node.value, &mut targets);
        for target in targets {
            if let Some(value) = document.pointer(&target) {
                queue.push(Node {
                    pointer: target,
                    value,
                });
            } else {
                places.insert(target);
            }
        }
    }
    places.insert(at(operation));
    places
}

fn references(value: &Value, targets: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            let reference = object.get("$ref").and_then(Value::as_str);
            targets.extend(reference.and_then(pointer::target));
            object.values().for_each(|value| references(value, targets));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, targets)),
        _ => {}
    }
}
