//! Two lists: what is in both, and what is in one only.

use super::text::text;
use openapi::Node;
use std::collections::BTreeSet;

/// The items that are only in the old list, and those that are only in the new one. Items are
/// compared as texts; their order does not count.
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

/// Pairs up the items of two lists that are the `same`. Returns the pairs, the rest of the old list
/// and the rest of the new list.
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
