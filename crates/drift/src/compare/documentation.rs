//! Members that are compared alike wherever they stand: texts, examples, flags.

use super::comparison::{Comparison, Impact};
use super::text::{reads_the_same, text};
use openapi::Node;
use serde_json::Value;
use std::collections::BTreeSet;

/// A value in a message: as it is if it is short.
pub(super) fn show(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = match value {
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    };
    if text.chars().count() > LONGEST {
        "a long value".to_owned()
    } else {
        text
    }
}

/// "changed from … to …", "added: …" or "removed: …".
pub(super) fn change_of(name: &str, old: Option<&Node<'_>>, new: Option<&Node<'_>>) -> String {
    match (old, new) {
        (Some(old), Some(new)) => {
            format!(
                "{name} changed from {} to {}",
                show(old.value),
                show(new.value)
            )
        }
        (None, Some(new)) => format!("{name} {} added", show(new.value)),
        (Some(old), None) => format!("{name} {} removed", show(old.value)),
        (None, None) => String::new(),
    }
}

/// Everything in two objects that is no `handled` member: texts, examples, extensions. None of
/// it changes what is sent or what is generated.
pub(super) fn documentation<'a>(
    comparison: &mut Comparison<'a>,
    old: &Node<'a>,
    new: &Node<'a>,
    handled: &[&str],
) {
    let names: BTreeSet<&str> = old
        .members()
        .chain(new.members())
        .map(|(name, _)| name)
        .collect();
    for name in names {
        if handled.contains(&name) || name == "$ref" {
            continue;
        }
        if name == "deprecated" {
            deprecation(comparison, old, new);
            continue;
        }
        let (before, after) = (old.get(name), new.get(name));
        let what = match (&before, &after) {
            (Some(before), Some(after)) if reads_the_same(before.value, after.value) => {
                continue;
            }
            (Some(_), Some(_)) => "changed",
            (None, _) => "added",
            (_, None) => "removed",
        };
        let what = format!("{name} {what}");
        comparison.report(before.as_ref(), after.as_ref(), Impact::DOCUMENTATION, what);
    }
}

fn deprecation<'a>(comparison: &mut Comparison<'a>, old: &Node<'a>, new: &Node<'a>) {
    let what = match (old.flag("deprecated"), new.flag("deprecated")) {
        (false, true) => "is now deprecated",
        (true, false) => "is no longer deprecated",
        _ => return,
    };
    let impact = Impact {
        deprecation: true,
        ..Impact::DOCUMENTATION
    };
    comparison.report(
        old.get("deprecated").as_ref(),
        new.get("deprecated").as_ref(),
        impact,
        what,
    );
}

/// Two lists without order, as texts: what is only in the old one, and what is only in the new.
pub(super) fn set_difference<'a>(old: &Node<'a>, new: &Node<'a>) -> (Vec<Node<'a>>, Vec<Node<'a>>) {
    let texts = |node: &Node<'a>| -> BTreeSet<String> {
        node.items()
            .map(|item| text(item.value).into_owned())
            .collect()
    };
    let (before, after) = (texts(old), texts(new));
    let only = |node: &Node<'a>, other: &BTreeSet<String>| -> Vec<Node<'a>> {
        node.items()
            .filter(|item| !other.contains(&*text(item.value)))
            .collect()
    };
    (only(old, &after), only(new, &before))
}

/// Pairs up two lists by `same`; gives the pairs, and what is alone in the old and in the new one.
pub(super) fn pair_up<T>(
    old: Vec<T>,
    new: Vec<T>,
    same: impl Fn(&T, &T) -> bool,
) -> (Vec<(T, T)>, Vec<T>, Vec<T>) {
    let mut pairs = Vec::new();
    let mut left_old = Vec::new();
    let mut left_new = new;
    for item in old {
        match left_new.iter().position(|other| same(&item, other)) {
            Some(at) => pairs.push((item, left_new.remove(at))),
            None => left_old.push(item),
        }
    }
    (pairs, left_old, left_new)
}
