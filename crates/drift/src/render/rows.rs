//! The rows of a report: identical sentences are one, documentation is counted, resources are groups.

use crate::report::{Change, Class, Report, RustItem};
use openapi::pointer;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One sentence, and all changes that it is about.
pub(super) struct Row<'r> {
    pub message: String,
    pub wire: bool,
    pub rust: bool,
    pub operations: BTreeSet<&'r str>,
    pub changes: Vec<&'r Change>,
}

/// The rows of a resource.
pub(super) struct Group<'r> {
    pub name: &'r str,
    pub rows: Vec<Row<'r>>,
}

/// What changes of several resources, and of none, are listed under.
const SEVERAL: &str = "several resources";
const DOCUMENT: &str = "the document";

/// Folds identical sentences; the first of each gives the place.
pub(super) fn rows<'r>(changes: impl IntoIterator<Item = &'r Change>) -> Vec<Row<'r>> {
    let mut rows: Vec<Row<'r>> = Vec::new();
    let mut known: BTreeMap<(&str, bool, bool), usize> = BTreeMap::new();
    for change in changes {
        let key = (change.message.as_str(), change.wire, change.rust);
        let index = *known.entry(key).or_insert(rows.len());
        if index == rows.len() {
            rows.push(Row {
                message: change.message.clone(),
                wire: change.wire,
                rust: change.rust,
                operations: BTreeSet::new(),
                changes: Vec::new(),
            });
        }
        rows[index]
            .operations
            .extend(change.operations.iter().map(String::as_str));
        rows[index].changes.push(change);
    }
    rows
}

/// The rows by the resource that they are about; the group with most harm first.
pub(super) fn groups<'r>(report: &'r Report, rows: Vec<Row<'r>>) -> Vec<Group<'r>> {
    let mut groups: Vec<Group<'r>> = Vec::new();
    for row in rows {
        let of = |operation: &&str| report.resources.get(*operation).map(String::as_str);
        let names: BTreeSet<&str> = row.operations.iter().filter_map(of).collect();
        let mut names = names.into_iter();
        let name = match (names.next(), names.next()) {
            (None, _) => DOCUMENT,
            (Some(only), None) => only,
            _ => SEVERAL,
        };
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group {
                name,
                rows: vec![row],
            }),
        }
    }
    for group in &mut groups {
        group.rows.sort_by_key(|row| std::cmp::Reverse(harm(row)));
    }
    let worst = |group: &Group<'_>| {
        let harm: usize = group.rows.iter().map(harm).sum();
        std::cmp::Reverse((group.name == SEVERAL, harm))
    };
    groups.sort_by_key(worst);
    groups
}

/// How bad a row is, in how many operations.
fn harm(row: &Row<'_>) -> usize {
    (1 + 2 * usize::from(row.wire) + usize::from(row.rust)) * row.operations.len().max(1)
}

/// Documentation, counted by schema, operation, or whatever else it is about; most changes first.
pub(super) fn counted<'r>(changes: &[&'r Change]) -> Vec<Row<'r>> {
    let mut by_place: Vec<(String, Vec<&'r Change>)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for change in changes {
        let place = place(change);
        let index = *known.entry(place.clone()).or_insert(by_place.len());
        if index == by_place.len() {
            by_place.push((place, Vec::new()));
        }
        by_place[index].1.push(change);
    }
    by_place.sort_by_key(|(_, all)| std::cmp::Reverse(all.len()));
    let row = |(place, all): (String, Vec<&'r Change>)| {
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for change in &all {
            *kinds.entry(kind(&change.message)).or_default() += 1;
        }
        let mut kinds: Vec<(&str, usize)> = kinds.into_iter().collect();
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let shown = kinds.iter().take(3).map(|(kind, count)| match count {
            1 => (*kind).to_owned(),
            count => format!("{kind} ×{count}"),
        });
        let more = if kinds.len() > 3 { " and more" } else { "" };
        Row {
            message: format!("{place}: {}{more}", shown.collect::<Vec<_>>().join(", ")),
            wire: false,
            rust: false,
            // What is counted stands for itself.
            operations: BTreeSet::new(),
            changes: all,
        }
    };
    by_place.into_iter().map(row).collect()
}

/// What a change of documentation is about.
fn place(change: &Change) -> String {
    let segments: Vec<_> = pointer::segments(&change.pointer).collect();
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    match (&segments[..], &change.operations[..]) {
        (["components", "schemas", name, ..], _) => format!("schema `{name}`"),
        (["components", kind, name, ..], _) => format!("{kind} `{name}`"),
        (["paths", ..], [operation]) => operation.clone(),
        (["paths", path, ..], _) => (*path).to_owned(),
        ([first, ..], _) => (*first).to_owned(),
        ([], _) => "the document".to_owned(),
    }
}

/// What happened, without what it happened to.
fn kind(message: &str) -> &str {
    message.rsplit_once(": ").map_or(message, |(_, what)| what)
}

/// The public items that break callers, each once: methods of the client first. What belongs to a type that is gone goes
/// without saying.
pub(super) fn broken_items(report: &Report) -> Vec<&RustItem> {
    let items = report.changes.iter().flat_map(|change| &change.rust_items);
    let by_path: BTreeMap<(bool, &str), &RustItem> = items
        .filter(|item| item.breaks)
        .map(|item| {
            (
                (!item.item.starts_with("Client::"), item.item.as_str()),
                item,
            )
        })
        .collect();
    let is_gone = |path: &str| {
        let found = by_path.get(&(true, path));
        found.is_some_and(|item| item.after.is_none())
    };
    let belongs_to_gone = |item: &RustItem| {
        let path = item.item.as_str();
        let of_impl = path
            .strip_prefix("impl ")
            .and_then(|rest| rest.split_once(" for "));
        let member = path.rsplit_once('.').or_else(|| path.rsplit_once("::"));
        match (of_impl, member) {
            (Some((_, ty)), _) => is_gone(ty),
            (None, Some((ty, _))) => is_gone(ty),
            (None, None) => false,
        }
    };
    by_path
        .values()
        .copied()
        .filter(|item| !belongs_to_gone(item))
        .collect()
}

/// How many changes each class has, worst first, and of the breaking ones how many are the same.
pub(super) fn counts(report: &Report) -> String {
    let mut counts = Vec::new();
    for class in [Class::Breaking, Class::Additive, Class::Documentation] {
        let of_class: Vec<&Change> = report
            .changes
            .iter()
            .filter(|change| change.class == class)
            .collect();
        if of_class.is_empty() {
            continue;
        }
        let largest = rows(of_class.iter().copied())
            .iter()
            .map(|row| row.changes.len())
            .max();
        let kind = match largest {
            Some(same) if class == Class::Breaking && same > 1 => {
                format!(" ({} of one kind)", grouped(same))
            }
            _ => String::new(),
        };
        counts.push(format!("{} {class}{kind}", grouped(of_class.len())));
    }
    counts.join(", ")
}

/// A number with commas between the thousands.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}
