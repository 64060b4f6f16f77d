//! What differs between the public items of two clients, and what of that breaks callers.

use super::conversion::takes_the_same;
use super::surface::{Entry, Shape, Surface};
use std::collections::{BTreeSet, HashSet};

/// A public item that is not the same on both sides.
#[derive(Clone, Debug)]
pub(super) struct Difference {
    /// Its path, as callers write it behind the name of the crate.
    pub item: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// Whether code that names the item no longer compiles, or means something else.
    pub breaks: bool,
    /// The type that it belongs to, or is.
    pub owner: Option<String>,
    /// Names that the cause may have in the spec: of the member, or of the arguments that differ.
    pub members: BTreeSet<String>,
    /// Names of types that only one side mentions.
    pub types: BTreeSet<String>,
    /// Whether it is what a call answers.
    pub is_answer: bool,
    /// The operations that lead to it on either side.
    pub operations: BTreeSet<String>,
}

/// The differences, in the order of their paths.
pub(super) fn differences(old: &Surface, new: &Surface) -> Vec<Difference> {
    let paths: BTreeSet<&String> = old.items.keys().chain(new.items.keys()).collect();
    let owners: HashSet<&Option<String>> = old.items.values().map(|entry| &entry.owner).collect();
    let mut differences = Vec::new();
    for path in paths {
        let (before, after) = (old.items.get(path), new.items.get(path));
        let breaks = match (before, after) {
            (Some(before), Some(after)) if before.shape == after.shape => continue,
            (Some(before), Some(after)) => change_breaks(&before.shape, &after.shape),
            (Some(_), None) => true,
            // What callers match in full has one more now. A field more breaks only struct literals, which `new` and
            // the methods for fields are there to avoid: it does not count.
            (None, Some(after)) => match &after.shape {
                Shape::Variant { open, .. } => !open && owners.contains(&after.owner),
                _ => false,
            },
            (None, None) => continue,
        };
        let same = |before: &Entry, after: &Entry| !breaks && before.signature == after.signature;
        if before
            .zip(after)
            .is_some_and(|(before, after)| same(before, after))
        {
            continue;
        }
        differences.push(difference(path, before, after, breaks));
    }
    differences
}

fn change_breaks(old: &Shape, new: &Shape) -> bool {
    match (old, new) {
        (
            Shape::Function {
                arguments: before,
                rest: from,
            },
            Shape::Function {
                arguments: after,
                rest: to,
            },
        ) => {
            let takes = |((_, old), (_, new)): (&(String, String), &(String, String))| {
                takes_the_same(old, new)
            };
            from != to
                || before.len() != after.len()
                || !before.iter().zip(after).all(takes)
                || are_reordered(before, after)
        }
        // Whether more can be added is told by the type itself.
        (Shape::Variant { text: old, .. }, Shape::Variant { text: new, .. }) => old != new,
        (Shape::Other(old), Shape::Other(new)) => old.replace("#[non_exhaustive] ", "") != *new,
        _ => true,
    }
}

/// Whether arguments that both have are in another order: that may compile, and send the wrong values.
fn are_reordered(old: &[(String, String)], new: &[(String, String)]) -> bool {
    let place = |(name, _): &(String, String)| new.iter().position(|(other, _)| other == name);
    let places: Vec<usize> = old.iter().filter_map(place).collect();
    !places.is_sorted()
}

fn difference(
    path: &str,
    before: Option<&Entry>,
    after: Option<&Entry>,
    breaks: bool,
) -> Difference {
    let sides = || before.into_iter().chain(after);
    let mentions =
        |side: Option<&Entry>| side.map(|side| side.mentions.clone()).unwrap_or_default();
    let (names_before, names_after) = (mentions(before), mentions(after));
    let is_type = |name: &&String| name.starts_with(|c: char| c.is_uppercase());
    let types = names_before
        .symmetric_difference(&names_after)
        .filter(is_type);
    let mut members: BTreeSet<String> = sides().filter_map(|side| side.member.clone()).collect();
    if let (
        Some(Shape::Function { arguments: old, .. }),
        Some(Shape::Function { arguments: new, .. }),
    ) = (
        before.map(|side| &side.shape),
        after.map(|side| &side.shape),
    ) {
        let only = |these: &[(String, String)], others: &[(String, String)]| -> Vec<String> {
            let alone = these.iter().filter(|argument| !others.contains(argument));
            alone.map(|(name, _)| name.clone()).collect()
        };
        members.extend(only(old, new));
        members.extend(only(new, old));
    }
    Difference {
        item: path.to_owned(),
        before: before.map(|side| side.signature.clone()),
        after: after.map(|side| side.signature.clone()),
        breaks,
        owner: sides().find_map(|side| side.owner.clone()),
        members,
        types: types.cloned().collect(),
        is_answer: path.starts_with("builder::")
            && sides().any(|side| side.signature.contains(" async fn ")),
        operations: sides().flat_map(|side| side.operations.clone()).collect(),
    }
}
