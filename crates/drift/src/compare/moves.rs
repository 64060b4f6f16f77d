//! Properties that were removed in one schema and added in another: the same, in another place.

use super::text::reads_the_same;
use openapi::pointer;
use serde_json::Value;

/// A property that only one document has: the index of its finding, and where it is.
pub(super) struct Lone<'a> {
    pub finding: usize,
    pub pointer: String,
    pub value: &'a Value,
}

/// The pairs of findings that are one move: the same name and schema, and no other property that could be meant.
pub(super) fn moves(
    removed: &[Lone<'_>],
    added: &[Lone<'_>],
    share_an_operation: impl Fn(usize, usize) -> bool,
) -> Vec<(usize, usize)> {
    let is_same = |old: &Lone<'_>, new: &Lone<'_>| {
        pointer::split_last(&old.pointer).map(|(_, name)| name)
            == pointer::split_last(&new.pointer).map(|(_, name)| name)
            && reads_the_same(old.value, new.value)
            && share_an_operation(old.finding, new.finding)
    };
    let mut moves = Vec::new();
    for old in removed {
        let mut targets = added.iter().filter(|new| is_same(old, new));
        let (Some(new), None) = (targets.next(), targets.next()) else {
            continue;
        };
        if removed.iter().filter(|other| is_same(other, new)).count() == 1 {
            moves.push((old.finding, new.finding));
        }
    }
    moves
}

/// Whether a pointer is that of a property of a schema.
pub(super) fn is_property(at: &str) -> bool {
    let parent = pointer::split_last(at).map_or("", |(parent, _)| parent);
    parent.ends_with("/properties")
}
