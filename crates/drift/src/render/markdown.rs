//! A report for a comment on a pull request.

use super::safe::{block, code, sentence};
use super::sections::{Section, rust_items, sections};
use super::{FITTING, Options, breaks, operations, rust_line, subjects_operation};
use crate::report::{Report, RustItem};
use std::fmt::{self, Write as _};

/// The most characters of a report. A comment on GitHub takes 65,536.
const MOST_CHARACTERS: usize = 60_000;
/// The most rows that are shown without a click.
const OPEN_ROWS: usize = 40;

/// The report within `share` of a comment.
pub(super) fn markdown(report: &Report, options: &Options) -> String {
    let most = MOST_CHARACTERS / options.reports.max(1);
    let mut shortest = String::new();
    let limits = options.limit.into_iter().chain(FITTING);
    for limit in limits {
        shortest.clear();
        write(&mut shortest, report, options, limit).expect("writing to a String cannot fail");
        if shortest.chars().count() <= most {
            return shortest;
        }
    }
    // Single names of a spec may be as long as they like.
    let cut: String = shortest
        .lines()
        .scan(0, |length, line| {
            *length += line.chars().count() + 1;
            (*length <= most.saturating_sub(200)).then(|| format!("{line}\n"))
        })
        .collect();
    let open = cut
        .matches("<details>")
        .count()
        .saturating_sub(cut.matches("</details>").count());
    format!(
        "{cut}{}\nThe rest is too long: {}\n",
        "\n</details>\n".repeat(open),
        options.more()
    )
}

fn write(out: &mut String, report: &Report, options: &Options, limit: usize) -> fmt::Result {
    writeln!(out, "### {}", sentence(&report.headline()))?;
    if let Some(rust) = rust_line(report) {
        writeln!(out, "\n{}", sentence(&rust))?;
    }
    for section in sections(report, options, limit) {
        write_section(out, options, &section)?;
    }
    let (items, all) = rust_items(report, options, limit);
    if all > 0 {
        write_rust(out, options, &items, all)?;
    }
    if !report.accepted.is_empty() {
        writeln!(out, "\n#### Accepted ({})\n", report.accepted.len())?;
        for (change, reason) in &report.accepted {
            writeln!(
                out,
                "- {}, because: {}",
                sentence(&change.message),
                sentence(reason)
            )?;
        }
    }
    Ok(())
}

fn write_section(out: &mut String, options: &Options, section: &Section<'_>) -> fmt::Result {
    let heading = format!("{} ({})", section.title, section.changes);
    let rows: usize = section.groups.iter().map(|group| group.rows.len()).sum();
    let folded = match section.title {
        "Documentation" => true,
        "Breaking" | "Deprecation" => false,
        _ => rows > OPEN_ROWS / 4,
    };
    match folded {
        true => writeln!(out, "\n<details><summary>{heading}</summary>")?,
        false => writeln!(out, "\n#### {heading}")?,
    }
    let mut shown = 0;
    let mut open = false;
    for group in &section.groups {
        // Of a long list the worst is open.
        if !folded && !open && shown >= OPEN_ROWS {
            writeln!(
                out,
                "\n<details><summary>{} more rows</summary>",
                rows - shown
            )?;
            open = true;
        }
        match (section.groups.len(), group.name) {
            (_, "") | (1, _) => writeln!(out)?,
            (_, name) => writeln!(out, "\n**{}**\n", sentence(name))?,
        }
        for row in &group.rows {
            let breaks = match breaks(row) {
                "" => String::new(),
                breaks => format!("**{breaks}** "),
            };
            let reached = match (subjects_operation(row), operations(row, code)) {
                (false, Some(operations)) => format!(" — {operations}"),
                _ => String::new(),
            };
            writeln!(out, "- {breaks}{}{reached}", sentence(&row.message))?;
        }
        shown += group.rows.len();
    }
    if let Some(left_out) = &section.left_out {
        writeln!(out, "\n{}: {}", sentence(left_out), options.more())?;
    }
    if folded || open {
        writeln!(out, "\n</details>")?;
    }
    Ok(())
}

fn write_rust(out: &mut String, options: &Options, items: &[&RustItem], all: usize) -> fmt::Result {
    writeln!(
        out,
        "\n<details><summary>Rust signatures that break callers ({all})</summary>\n"
    )?;
    let mut lines = String::new();
    for item in items {
        writeln!(lines, "# {}", item.item)?;
        for (mark, side) in [("-", &item.before), ("+", &item.after)] {
            if let Some(signature) = side {
                writeln!(lines, "{mark} {signature}")?;
            }
        }
    }
    out.push_str(&block("diff", &lines));
    if items.len() < all {
        writeln!(out, "\nand {} more: {}", all - items.len(), options.more())?;
    }
    writeln!(out, "\n</details>")
}

/// A problem in the place of a report.
pub fn problem(name: &str, problem: &str) -> String {
    format!(
        "### {} could not be checked\n\n{}",
        code(name),
        block("text", problem)
    )
}
