//! The sections of a report, and how much of each is shown.

use super::rows::{Group, Row, broken_items, counted, groups, rows};
use super::{Options, Shown};
use crate::report::{Change, Class, Report, RustItem};

/// A part of a report under one heading.
pub(super) struct Section<'r> {
    pub title: &'static str,
    /// How many changes it is about.
    pub changes: usize,
    pub groups: Vec<Group<'r>>,
    /// How many rows are not shown, and in which groups most of them.
    pub left_out: Option<String>,
}

/// Which changes belong under a heading.
type Belongs = fn(&Change) -> bool;

/// The sections in their order. What is deprecated comes first: it is the notice of what will break.
const SECTIONS: [(&str, Shown, Belongs); 4] = [
    ("Deprecation", Shown::Documentation, |change| {
        change.class == Class::Documentation && change.deprecation
    }),
    ("Breaking", Shown::Breaking, |change| {
        change.class == Class::Breaking
    }),
    ("Additive", Shown::Additive, |change| {
        change.class == Class::Additive
    }),
    ("Documentation", Shown::Documentation, |change| {
        change.class == Class::Documentation && !change.deprecation
    }),
];

/// The sections of a report, with at most `limit` rows in each.
pub(super) fn sections<'r>(
    report: &'r Report,
    options: &Options,
    limit: usize,
) -> Vec<Section<'r>> {
    let mut sections = Vec::new();
    for (title, shown, belongs) in SECTIONS {
        if options.only.is_some_and(|only| only != shown) {
            continue;
        }
        let changes: Vec<&Change> = report
            .changes
            .iter()
            .filter(|change| belongs(change))
            .collect();
        if changes.is_empty() {
            continue;
        }
        let rows = match title {
            "Documentation" if !options.verbose => counted(&changes),
            _ => rows(changes.iter().copied()),
        };
        let (groups, left_out) = match title {
            "Documentation" if !options.verbose => one_group(rows, limit),
            _ => limited(groups(report, rows), limit),
        };
        sections.push(Section {
            title,
            changes: changes.len(),
            groups,
            left_out,
        });
    }
    sections
}

fn one_group(mut rows: Vec<Row<'_>>, limit: usize) -> (Vec<Group<'_>>, Option<String>) {
    let left_out = rows.split_off(limit.min(rows.len()));
    let changes: usize = left_out.iter().map(|row| row.changes.len()).sum();
    let note =
        (changes > 0).then(|| format!("and {changes} more in {} other places", left_out.len()));
    (vec![Group { name: "", rows }], note)
}

/// The first rows of all groups, and a note on what is left out.
fn limited(mut groups: Vec<Group<'_>>, limit: usize) -> (Vec<Group<'_>>, Option<String>) {
    let mut left = limit;
    let (mut total, mut names) = (0, Vec::new());
    for group in &mut groups {
        let shown = left.min(group.rows.len());
        let hidden: usize = group
            .rows
            .split_off(shown)
            .iter()
            .map(|row| row.changes.len())
            .sum();
        if hidden > 0 {
            names.push(format!("{} {hidden}", group.name));
        }
        total += hidden;
        left -= shown;
    }
    groups.retain(|group| !group.rows.is_empty());
    const NAMED: usize = 6;
    let more = if names.len() > NAMED { ", …" } else { "" };
    names.truncate(NAMED);
    let note = (total > 0).then(|| format!("and {total} more ({}{more})", names.join(", ")));
    (groups, note)
}

/// The public items that break callers, at most `limit` of them, and how many there are.
pub(super) fn rust_items<'r>(
    report: &'r Report,
    options: &Options,
    limit: usize,
) -> (Vec<&'r RustItem>, usize) {
    if options.only.is_some_and(|only| only != Shown::Breaking) {
        return (Vec::new(), 0);
    }
    let mut items = broken_items(report);
    let all = items.len();
    items.truncate(limit);
    (items, all)
}
