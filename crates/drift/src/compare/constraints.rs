//! What a schema allows besides its type: values, bounds, formats, `null`.

use super::comparison::{Comparison, Direction, Impact};
use super::documentation::{change_of, set_difference, show};
use super::resolved::bound;
use super::text::{reads_the_same, text};
use openapi::Node;
use openapi::model::ResolvedSchema;
use std::cmp::Ordering;

/// Formats that decide about the Rust type.
const TYPED_FORMATS: [&str; 16] = [
    "binary",
    "byte",
    "date",
    "date-time",
    "double",
    "float",
    "int16",
    "int32",
    "int64",
    "int8",
    "ip",
    "ipv4",
    "ipv6",
    "password",
    "uint64",
    "uuid",
];

/// A keyword that narrows where it is present.
fn narrowing<'a>(
    comparison: &mut Comparison<'a>,
    keyword: &str,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
    direction: Direction,
    rust: bool,
) {
    let (before, after) = (old.get(keyword), new.get(keyword));
    let impact = match (&before, &after) {
        (Some(before), Some(after)) if before.value == after.value => return,
        (None, None) => return,
        (Some(_), Some(_)) => direction.replaced(),
        (None, Some(_)) => direction.narrowed(),
        (Some(_), None) => direction.widened(),
    };
    let what = change_of(keyword, before.as_ref(), after.as_ref());
    comparison.report(before.as_ref(), after.as_ref(), impact.and_rust(rust), what);
}

/// A flag that was set or taken away; where it does not stand, the schema does.
fn switched<'a>(
    comparison: &mut Comparison<'a>,
    keyword: &str,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
    impact: Impact,
    what: &str,
) {
    let before = old.get(keyword).unwrap_or_else(|| old.body().clone());
    let after = new.get(keyword).unwrap_or_else(|| new.body().clone());
    let what = format!("{what} `{keyword}`");
    comparison.report(Some(&before), Some(&after), impact, what);
}

pub(super) fn format<'a>(
    comparison: &mut Comparison<'a>,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
    direction: Direction,
) {
    let typed = [old, new].iter().any(|view| {
        view.get("format")
            .is_some_and(|format| TYPED_FORMATS.contains(&&*text(format.value)))
    });
    narrowing(comparison, "format", old, new, direction, typed);
}

pub(super) fn nullable<'a>(
    comparison: &mut Comparison<'a>,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
    direction: Direction,
) {
    let (before, after) = (old.get("nullable"), new.get("nullable"));
    let (impact, what) = match (old.flag("nullable"), new.flag("nullable")) {
        (false, true) => (direction.widened(), "may now be `null`"),
        (true, false) => (direction.narrowed(), "may no longer be `null`"),
        _ => return,
    };
    let before = before.unwrap_or_else(|| old.body().clone());
    let after = after.unwrap_or_else(|| new.body().clone());
    comparison.report(Some(&before), Some(&after), impact, what);
}

pub(super) fn values<'a>(
    comparison: &mut Comparison<'a>,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
    direction: Direction,
) {
    match (old.get("enum"), new.get("enum")) {
        (Some(before), Some(after)) => {
            let (lost, gained) = set_difference(&before, &after);
            for value in lost {
                // The Rust variant goes with it, whichever way the data flows.
                let what = format!("value {} removed", show(value.value));
                comparison.report(
                    Some(&value),
                    Some(&after),
                    direction.narrowed().and_rust(true),
                    what,
                );
            }
            for value in gained {
                // Our enums are open: a new value in a response is kept as text.
                let what = format!("value {} added", show(value.value));
                comparison.report(Some(&before), Some(&value), direction.added(), what);
            }
        }
        (None, Some(after)) => {
            let what = format!("limited to {}", list(&after));
            comparison.report(
                Some(old.body()),
                Some(&after),
                direction.narrowed().and_rust(true),
                what,
            );
        }
        (Some(before), None) => {
            let what = format!("no longer limited to {}", list(&before));
            comparison.report(
                Some(&before),
                Some(new.body()),
                direction.widened().and_rust(true),
                what,
            );
        }
        (None, None) => {}
    }
}

pub(super) fn default_value<'a>(
    comparison: &mut Comparison<'a>,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
    direction: Direction,
) {
    let (before, after) = (old.get("default"), new.get("default"));
    let impact = match (&before, &after) {
        (None, None) => return,
        (Some(before), Some(after)) if reads_the_same(before.value, after.value) => return,
        // Calls that leave it out now mean something else.
        (Some(_), Some(_)) if direction == Direction::Request => Impact::WIRE,
        _ => Impact::DOCUMENTATION,
    };
    let what = change_of("default", before.as_ref(), after.as_ref());
    comparison.report(before.as_ref(), after.as_ref(), impact, what);
}

/// Smallest and largest numbers, lengths and counts.
pub(super) fn bounds<'a>(
    comparison: &mut Comparison<'a>,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
    direction: Direction,
) {
    for (keyword, lower) in [
        ("minLength", true),
        ("maxLength", false),
        ("minimum", true),
        ("maximum", false),
        ("minItems", true),
        ("maxItems", false),
        ("minProperties", true),
        ("maxProperties", false),
    ] {
        let (before, after) = (bound(old, keyword, lower), bound(new, keyword, lower));
        let number = |node: &Option<Node<'_>>| node.as_ref().and_then(|node| node.value.as_f64());
        // Zero is what the lower bounds of lengths and counts are anyway.
        let nothing = |bound: Option<f64>| {
            bound.filter(|bound| !(lower && keyword != "minimum" && *bound == 0.0))
        };
        let impact = match (nothing(number(&before)), nothing(number(&after))) {
            (None, None) => continue,
            (None, Some(_)) => direction.narrowed(),
            (Some(_), None) => direction.widened(),
            (Some(before), Some(after)) => match after.partial_cmp(&before) {
                Some(Ordering::Greater) if lower => direction.narrowed(),
                Some(Ordering::Less) if !lower => direction.narrowed(),
                Some(Ordering::Equal) | None => continue,
                _ => direction.widened(),
            },
        };
        let what = change_of(keyword, before.as_ref(), after.as_ref());
        comparison.report(before.as_ref(), after.as_ref(), impact, what);
    }
    for keyword in ["exclusiveMinimum", "exclusiveMaximum", "uniqueItems"] {
        let (impact, what) = match (old.flag(keyword), new.flag(keyword)) {
            (false, true) => (direction.narrowed(), "is now"),
            (true, false) => (direction.widened(), "is no longer"),
            _ => continue,
        };
        switched(comparison, keyword, old, new, impact, what);
    }
    narrowing(comparison, "pattern", old, new, direction, false);
    narrowing(comparison, "multipleOf", old, new, direction, false);
}

/// `readOnly` takes a property out of requests, `writeOnly` out of responses.
pub(super) fn access<'a>(
    comparison: &mut Comparison<'a>,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
    direction: Direction,
) {
    for (keyword, concerned) in [
        ("readOnly", Direction::Request),
        ("writeOnly", Direction::Response),
    ] {
        let (impact, what) = match (old.flag(keyword), new.flag(keyword)) {
            (false, true) if direction == concerned => (Impact::WIRE, "is now"),
            (true, false) if direction == concerned => (Impact::ADDITIVE, "is no longer"),
            (false, true) => (Impact::DOCUMENTATION, "is now"),
            (true, false) => (Impact::DOCUMENTATION, "is no longer"),
            _ => continue,
        };
        switched(comparison, keyword, old, new, impact, what);
    }
}

/// What narrows in ways that are not weighed.
pub(super) fn odds<'a>(
    comparison: &mut Comparison<'a>,
    old: &ResolvedSchema<'a>,
    new: &ResolvedSchema<'a>,
    direction: Direction,
) {
    narrowing(comparison, "not", old, new, direction, false);
    narrowing(comparison, "discriminator", old, new, direction, false);
}

fn list(values: &Node<'_>) -> String {
    let shown: Vec<String> = values.items().map(|value| show(value.value)).collect();
    shown.join(", ")
}
