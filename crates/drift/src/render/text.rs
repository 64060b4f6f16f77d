//! A report for a terminal or a log.

use super::options::{FITTING, Options};
use super::rows::Row;
use super::rows::{breaks, operations, rust_line, subjects_operation};
use super::safe::{line, lines};
use super::sections::{rust_items, sections};
use crate::report::{Change, Report, Side};
use anstyle::{AnsiColor, Style};
use serde_json::Value;
use similar::{ChangeTag, TextDiff};
use std::fmt::{self, Display, Write as _};

/// The most lines of a report that is not verbose.
const MOST_LINES: usize = 120;

pub(super) fn text(report: &Report, options: &Options) -> String {
    if options.verbose {
        return written(report, options, options.limit.unwrap_or(usize::MAX), true);
    }
    if let Some(limit) = options.limit {
        return written(report, options, limit, false);
    }
    let with_places = written(report, options, usize::MAX, true);
    if with_places.lines().count() <= MOST_LINES {
        return with_places;
    }
    let mut shortest = String::new();
    for limit in FITTING {
        shortest = written(report, options, limit, false);
        if shortest.lines().count() <= MOST_LINES {
            break;
        }
    }
    shortest
}

fn written(report: &Report, options: &Options, limit: usize, places: bool) -> String {
    let mut text = String::new();
    write(&mut text, report, options, limit, places).expect("writing to a String cannot fail");
    text
}

fn write(
    out: &mut String,
    report: &Report,
    options: &Options,
    limit: usize,
    places: bool,
) -> fmt::Result {
    let paint = Paint {
        colour: options.colour,
    };
    let faint = Style::new().dimmed();
    let bold = Style::new().bold();
    writeln!(out, "{}", paint.on(bold, line(&report.headline())))?;
    if let Some(rust) = rust_line(report) {
        writeln!(out, "{}", line(&rust))?;
    }
    for note in report.notes.iter().take(limit.max(1)) {
        writeln!(out, "Note: {}", line(note))?;
    }
    for section in sections(report, options, limit) {
        let style = match section.title {
            "Breaking" => AnsiColor::Red.on_default().bold(),
            "Additive" => AnsiColor::Green.on_default().bold(),
            "Deprecation" => AnsiColor::Yellow.on_default().bold(),
            _ => AnsiColor::Blue.on_default().bold(),
        };
        let heading = format!("{} ({})", section.title, section.changes);
        writeln!(out, "\n{}", paint.on(style, heading))?;
        let named = section.groups.len() > 1;
        for group in section.groups {
            let indent = if named { "    " } else { "  " };
            if named {
                writeln!(
                    out,
                    "  {}",
                    paint.on(bold, line(&format!("{}:", group.name)))
                )?;
            }
            for row in &group.rows {
                let breaks = match breaks(row) {
                    "" => String::new(),
                    breaks => format!("  [{breaks}]"),
                };
                let reached = match subjects_operation(row) {
                    true => String::new(),
                    false => operations(row, str::to_owned)
                        .map(|all| format!("  in {}", line(&all)))
                        .unwrap_or_default(),
                };
                writeln!(
                    out,
                    "{indent}{}{}{}",
                    line(&row.message),
                    paint.on(style, breaks),
                    paint.on(faint, reached)
                )?;
                if places && (options.verbose || section.title != "Documentation") {
                    write_places(out, report, options, row, indent, &paint)?;
                }
            }
        }
        if let Some(left_out) = section.left_out {
            writeln!(
                out,
                "  {}",
                paint.on(faint, format!("{}: {}", line(&left_out), options.more()))
            )?;
        }
    }
    let (items, all) = rust_items(
        report,
        options,
        limit.min(if options.verbose {
            usize::MAX
        } else {
            limit / 2 + 1
        }),
    );
    if all > 0 {
        let style = AnsiColor::Red.on_default().bold();
        writeln!(out, "\n{}", paint.on(style, format!("Rust ({all})")))?;
        for item in &items {
            writeln!(out, "  {}", line(&item.item))?;
            for (mark, side) in [("-", &item.before), ("+", &item.after)] {
                if let Some(signature) = side {
                    writeln!(out, "    {mark} {}", line(signature))?;
                }
            }
        }
        if items.len() < all {
            writeln!(
                out,
                "  {}",
                paint.on(
                    faint,
                    format!("and {} more: {}", all - items.len(), options.more())
                )
            )?;
        }
    }
    if !report.accepted.is_empty() {
        writeln!(
            out,
            "\n{}",
            paint.on(bold, format!("Accepted ({})", report.accepted.len()))
        )?;
        for (change, reason) in &report.accepted {
            writeln!(
                out,
                "  {}\n    because: {}",
                line(&change.message),
                line(reason)
            )?;
        }
    }
    Ok(())
}

/// Where the changes of a row are; those of one sentence in many places only where they start.
fn write_places(
    out: &mut String,
    report: &Report,
    options: &Options,
    row: &Row<'_>,
    indent: &str,
    paint: &Paint,
) -> fmt::Result {
    const MOST: usize = 3;
    let most = if options.verbose { usize::MAX } else { MOST };
    let faint = Style::new().dimmed();
    for change in row.changes.iter().take(most) {
        if change.old.is_none() && change.new.is_none() {
            continue;
        }
        let place = format!("{}  {}", place(report, change), change.pointer);
        writeln!(out, "{indent}  {}", paint.on(faint, line(&place)))?;
        if options.verbose {
            write_difference(out, change, indent)?;
        }
    }
    if row.changes.len() > most {
        let more = format!("and {} more places", row.changes.len() - most);
        writeln!(out, "{indent}  {}", paint.on(faint, more))?;
    }
    Ok(())
}

/// Both texts of a description, as a difference by lines.
fn write_difference(out: &mut String, change: &Change, indent: &str) -> fmt::Result {
    let text = |side: &Option<Side>| match side {
        Some(Side {
            value: Value::String(text),
            ..
        }) => Some(text.clone()),
        _ => None,
    };
    let (Some(old), Some(new)) = (text(&change.old), text(&change.new)) else {
        return Ok(());
    };
    for part in TextDiff::from_lines(&old, &new).iter_all_changes() {
        let mark = match part.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => ' ',
        };
        writeln!(
            out,
            "{indent}    {mark} {}",
            lines(part.value().trim_end_matches('\n'))
        )?;
    }
    Ok(())
}

fn place(report: &Report, change: &Change) -> String {
    let place =
        |name: &str, side: &Option<Side>| side.as_ref().map(|side| format!("{name}:{}", side.line));
    match [
        place(&report.old, &change.old),
        place(&report.new, &change.new),
    ] {
        [Some(old), Some(new)] => format!("{old} -> {new}"),
        [old, new] => old.or(new).unwrap_or_default(),
    }
}

struct Paint {
    colour: bool,
}

impl Paint {
    fn on(&self, style: Style, text: impl Display) -> String {
        let text = text.to_string();
        if self.colour && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text
        }
    }
}
