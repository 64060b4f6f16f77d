//! What a schema allows within its type: values, bounds, formats, `null`.

use super::comparison::{Comparison, SchemaPair};
use super::impact::{Direction, Impact};
use super::lowered::UNWEIGHED;
use super::pairs::set_difference;
use super::text::{change_of, reads_the_same, show, text};
use openapi::Node;
use openapi::model::ResolvedSchema;
use std::cmp::Ordering;
use std::collections::BTreeSet;

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

/// Formats that say how a number is kept, and forbid none.
const PRECISIONS: [&str; 2] = ["double", "float"];

/// Compares a keyword that restricts the values where it is present.
fn restriction<'a>(comparison: &mut Comparison<'a>, keyword: &str, pair: &SchemaPair<'a>) {
    let direction = pair.direction;
    let (before, after) = (pair.old.get(keyword), pair.new.get(keyword));
    let impact = match (&before, &after) {
        (Some(before), Some(after)) if before.value == after.value => return,
        (None, None) => return,
        (Some(_), Some(_)) => direction.replaced(),
        (None, Some(_)) => direction.narrowed(),
        (Some(_), None) => direction.widened(),
    };
    let what = change_of(keyword, before.as_ref(), after.as_ref());
    comparison.report(before.as_ref(), after.as_ref(), impact, what);
}

/// Compares a flag. `on` and `off` are the impact and the message of setting and of removing it.
fn flag<'a>(
    comparison: &mut Comparison<'a>,
    keyword: &str,
    pair: &SchemaPair<'a>,
    on: (Impact, &str),
    off: (Impact, &str),
) {
    let (impact, what) = match (pair.old.flag(keyword), pair.new.flag(keyword)) {
        (false, true) => on,
        (true, false) => off,
        _ => return,
    };
    let place =
        |schema: &ResolvedSchema<'a>| schema.get(keyword).unwrap_or_else(|| schema.body().clone());
    let (before, after) = (place(&pair.old), place(&pair.new));
    comparison.changed(&before, &after, impact, format!("{what} `{keyword}`"));
}

pub(super) fn format<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    let (before, after) = (pair.old.get("format"), pair.new.get("format"));
    let both = || before.iter().chain(&after);
    let impact = match (&before, &after) {
        (Some(before), Some(after)) if before.value == after.value => return,
        (None, None) => return,
        _ if both().all(|format| PRECISIONS.contains(&&*text(format.value))) => {
            Impact::DOCUMENTATION
        }
        // Those who read learn more about what they get.
        (None, Some(_)) if pair.direction == Direction::Response => Impact::DOCUMENTATION,
        (None, Some(_)) => pair.direction.narrowed(),
        (Some(_), None) => pair.direction.widened(),
        (Some(_), Some(_)) => pair.direction.replaced(),
    };
    let rust = both().any(|format| TYPED_FORMATS.contains(&&*text(format.value)));
    let what = change_of("format", before.as_ref(), after.as_ref());
    comparison.report(before.as_ref(), after.as_ref(), impact.and_rust(rust), what);
}

pub(super) fn nullable<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    let place = |schema: &ResolvedSchema<'a>| {
        schema
            .get("nullable")
            .unwrap_or_else(|| schema.body().clone())
    };
    let (impact, what) = match (pair.old.flag("nullable"), pair.new.flag("nullable")) {
        (false, true) => (pair.direction.widened(), "may now be `null`"),
        (true, false) => (pair.direction.narrowed(), "may no longer be `null`"),
        _ => return,
    };
    comparison.changed(&place(&pair.old), &place(&pair.new), impact, what);
}

pub(super) fn values<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    let direction = pair.direction;
    match (pair.old.get("enum"), pair.new.get("enum")) {
        (Some(before), Some(after)) => {
            let (lost, gained) = set_difference(&before, &after);
            for value in lost {
                // The Rust variant goes as well, in both directions.
                let what = format!("value {} removed", show(value.value));
                let impact = direction.narrowed().and_rust(true);
                comparison.changed(&value, &after, impact, what);
            }
            for value in gained {
                // Generated enums are open: a new value in a response is kept as text.
                let what = format!("value {} added", show(value.value));
                comparison.changed(&before, &value, direction.added(), what);
            }
        }
        (None, Some(after)) => {
            let what = format!("limited to {}", list(&after));
            let impact = direction.narrowed().and_rust(true);
            comparison.changed(pair.old.body(), &after, impact, what);
        }
        (Some(before), None) => {
            let what = format!("no longer limited to {}", list(&before));
            let impact = direction.widened().and_rust(true);
            comparison.changed(&before, pair.new.body(), impact, what);
        }
        (None, None) => {}
    }
}

pub(super) fn default_value<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    let (before, after) = (pair.old.get("default"), pair.new.get("default"));
    let impact = match (&before, &after) {
        (None, None) => return,
        (Some(before), Some(after)) if reads_the_same(before.value, after.value) => return,
        // Calls that leave the value out now mean something else.
        (Some(_), Some(_)) if pair.direction == Direction::Request => Impact::WIRE,
        _ => Impact::DOCUMENTATION,
    };
    let what = change_of("default", before.as_ref(), after.as_ref());
    comparison.report(before.as_ref(), after.as_ref(), impact, what);
}

/// Compares the smallest and largest numbers, lengths and counts.
pub(super) fn bounds<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    let direction = pair.direction;
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
        let before = bound(&pair.old, keyword, lower);
        let after = bound(&pair.new, keyword, lower);
        let number = |node: &Option<Node<'_>>| node.as_ref().and_then(|node| node.value.as_f64());
        // Lengths and counts are never below zero.
        let effective = |bound: Option<f64>| {
            bound.filter(|bound| !(lower && keyword != "minimum" && *bound == 0.0))
        };
        let impact = match (effective(number(&before)), effective(number(&after))) {
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
        let (on, off) = (direction.narrowed(), direction.widened());
        flag(
            comparison,
            keyword,
            pair,
            (on, "is now"),
            (off, "is no longer"),
        );
    }
    pattern(comparison, pair);
    restriction(comparison, "multipleOf", pair);
}

/// Compares patterns; one that fits every text is none.
fn pattern<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    let restricts = |schema: &ResolvedSchema<'a>| {
        let pattern = schema.get("pattern");
        pattern.is_some_and(|pattern| !fits_every_text(&text(pattern.value)))
    };
    let (before, after) = (pair.old.get("pattern"), pair.new.get("pattern"));
    if restricts(&pair.old) || restricts(&pair.new) {
        let impact = match (restricts(&pair.old), restricts(&pair.new)) {
            (true, false) => pair.direction.widened(),
            (false, true) => pair.direction.narrowed(),
            _ if before.as_ref().map(|node| node.value)
                == after.as_ref().map(|node| node.value) =>
            {
                return;
            }
            _ => pair.direction.replaced(),
        };
        let what = change_of("pattern", before.as_ref(), after.as_ref());
        comparison.report(before.as_ref(), after.as_ref(), impact, what);
    } else if before.as_ref().map(|node| node.value) != after.as_ref().map(|node| node.value) {
        let what = change_of("pattern", before.as_ref(), after.as_ref());
        let what = format!("{what}; every text fits it");
        comparison.report(before.as_ref(), after.as_ref(), Impact::DOCUMENTATION, what);
    }
}

/// Whether every text fits a pattern: it has no more than anchors and `.*` in it.
fn fits_every_text(pattern: &str) -> bool {
    let inside = pattern.trim_start_matches('^').trim_end_matches('$');
    let inside = inside
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .unwrap_or(inside);
    let inside = inside.strip_prefix("?:").unwrap_or(inside);
    let anchored = pattern.starts_with('^') && pattern.ends_with('$');
    matches!(inside, ".*" | "[\\s\\S]*" | "[\\S\\s]*") || inside.is_empty() && !anchored
}

/// The strictest bound that the parts of a schema give for a keyword.
fn bound<'a>(schema: &ResolvedSchema<'a>, keyword: &str, lower: bool) -> Option<Node<'a>> {
    let bounds = schema
        .parts
        .iter()
        .filter_map(|part| part.node.get(keyword));
    bounds.filter(|node| node.value.is_number()).reduce(|a, b| {
        let (x, y) = (a.value.as_f64(), b.value.as_f64());
        if (lower && y > x) || (!lower && y < x) {
            b
        } else {
            a
        }
    })
}

/// `readOnly` takes a property out of requests, `writeOnly` out of responses.
pub(super) fn access<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    for (keyword, concerned) in [
        ("readOnly", Direction::Request),
        ("writeOnly", Direction::Response),
    ] {
        let (on, off) = match pair.direction == concerned {
            true => (Impact::WIRE, Impact::ADDITIVE),
            false => (Impact::DOCUMENTATION, Impact::DOCUMENTATION),
        };
        flag(
            comparison,
            keyword,
            pair,
            (on, "is now"),
            (off, "is no longer"),
        );
    }
}

/// Keywords whose values are not compared in detail: any change may break.
pub(super) fn unweighed<'a>(comparison: &mut Comparison<'a>, pair: &SchemaPair<'a>) {
    restriction(comparison, "not", pair);
    let present = |schema: &ResolvedSchema<'a>| -> BTreeSet<&'a str> {
        let parts = schema.parts.iter().flat_map(|part| part.node.members());
        parts
            .map(|(keyword, _)| keyword)
            // One that has moved while the document was lowered has its way before it.
            .filter(|keyword| is_unweighed(keyword.rsplit('/').next().unwrap_or(keyword)))
            .collect()
    };
    for keyword in &present(&pair.old) | &present(&pair.new) {
        let (before, after) = (pair.old.get(keyword), pair.new.get(keyword));
        let what = match (&before, &after) {
            (Some(before), Some(after)) if reads_the_same(before.value, after.value) => continue,
            (Some(_), Some(_)) => "changed",
            (None, _) => "added",
            (_, None) => "removed",
        };
        let what = format!("`{keyword}` {what}: not weighed, so it counts as breaking");
        let impact = match pair.direction {
            Direction::Unused => Impact::DOCUMENTATION,
            Direction::Request | Direction::Response => Impact::WIRE,
        };
        comparison.report(before.as_ref(), after.as_ref(), impact, what);
    }
}

/// Whether a keyword of a schema restricts values in a way that is not compared in detail.
pub(super) fn is_unweighed(keyword: &str) -> bool {
    UNWEIGHED.contains(&keyword)
}

fn list(values: &Node<'_>) -> String {
    let shown: Vec<String> = values.items().map(|value| show(value.value)).collect();
    shown.join(", ")
}
