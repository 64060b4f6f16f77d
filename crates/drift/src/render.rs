//! A report as text, Markdown and JSON.

use crate::report::{Change, Class, Report, RustEffect, Side};
use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};
use std::fmt::{self, Display, Write as _};

/// A heading, and which changes belong under it.
type Group = (&'static str, fn(&Change) -> bool);

/// The groups of a report, worst first.
const GROUPS: [Group; 4] = [
    ("Breaking", |change| change.class == Class::Breaking),
    ("Additive", |change| change.class == Class::Additive),
    ("Deprecation", |change| {
        change.class == Class::Documentation && change.deprecation
    }),
    ("Documentation", |change| {
        change.class == Class::Documentation && !change.deprecation
    }),
];

/// The most operations that are named with a change; of more only the number is shown.
const NAMED_OPERATIONS: usize = 3;

impl Report {
    /// For a terminal: grouped, worst first.
    pub fn text(&self, colour: bool) -> String {
        let mut text = String::new();
        self.write_text(&mut text, colour)
            .expect("writing to a String cannot fail");
        text
    }

    /// For a comment on a pull request.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        self.write_markdown(&mut text)
            .expect("writing to a String cannot fail");
        text
    }

    /// For programs. Version 1 of the format:
    /// `{"version", "verdict", "semver", "changes": [{"class", "wire", "rust", "operations",
    /// "pointer", "old": {"line", "value"}, "new": {…}, "message"}]}`; `old` is `null` for what is
    /// new, `new` for what was removed. `accepted` holds the accepted changes, each with its
    /// `reason`, if there are any.
    pub fn json(&self) -> Value {
        let verdict = self
            .verdict()
            .map_or("none".to_owned(), |class| class.to_string());
        let mut report = json!({
            "version": 1,
            "verdict": verdict,
            "semver": self.semver(),
            "changes": self.changes,
        });
        match &self.rust {
            RustEffect::NotAsked => {}
            RustEffect::Computed => report["rust"] = json!({"effect": "computed"}),
            RustEffect::Unknown(reason) => {
                report["rust"] = json!({"effect": "unknown", "reason": reason});
            }
        }
        if !self.accepted.is_empty() {
            let accepted = self.accepted.iter().map(|(change, reason)| {
                json!({"pointer": change.pointer, "message": change.message, "reason": reason})
            });
            report["accepted"] = accepted.collect();
        }
        report
    }

    /// The report in one line.
    pub fn headline(&self) -> String {
        match self.verdict() {
            None if self.accepted.is_empty() => {
                format!("no changes from {} to {}", self.old, self.new)
            }
            None => format!("only accepted changes from {} to {}", self.old, self.new),
            Some(class) => format!(
                "{class}: {} from {} to {}; semver: {}",
                count(self.changes.len(), "change"),
                self.old,
                self.new,
                self.semver()
            ),
        }
    }

    fn write_text(&self, out: &mut String, colour: bool) -> fmt::Result {
        let paint = Paint { colour };
        writeln!(out, "{}", paint.on(Style::new().bold(), self.headline()))?;
        if let RustEffect::Unknown(reason) = &self.rust {
            writeln!(
                out,
                "The effect on Rust callers is unknown, and at least what is shown: {reason}"
            )?;
        }
        for (title, group) in self.groups() {
            let style = match title {
                "Breaking" => AnsiColor::Red.on_default().bold(),
                "Additive" => AnsiColor::Green.on_default().bold(),
                "Deprecation" => AnsiColor::Yellow.on_default().bold(),
                _ => AnsiColor::Blue.on_default().bold(),
            };
            writeln!(
                out,
                "\n{}",
                paint.on(style, format!("{title} ({})", group.len()))
            )?;
            for change in group {
                let breaks = breaks(change);
                let breaks = if breaks.is_empty() {
                    breaks
                } else {
                    format!("  [{breaks}]")
                };
                writeln!(out, "  {}{}", change.message, paint.on(style, breaks))?;
                let place = self.places(change);
                writeln!(
                    out,
                    "    {}",
                    paint.on(
                        Style::new().dimmed(),
                        format!("{place}  {}", change.pointer)
                    )
                )?;
                if let Some(operations) = operations(change) {
                    writeln!(
                        out,
                        "    {}",
                        paint.on(Style::new().dimmed(), format!("in {operations}"))
                    )?;
                }
            }
        }
        if !self.accepted.is_empty() {
            writeln!(
                out,
                "\n{}",
                paint.on(
                    Style::new().bold(),
                    format!("Accepted ({})", self.accepted.len())
                )
            )?;
            for (change, reason) in &self.accepted {
                writeln!(out, "  {}\n    because: {reason}", change.message)?;
            }
        }
        Ok(())
    }

    fn write_markdown(&self, out: &mut String) -> fmt::Result {
        writeln!(out, "### {}", cell(&self.headline()))?;
        if let RustEffect::Unknown(reason) = &self.rust {
            writeln!(
                out,
                "\nThe effect on Rust callers is unknown, and at least what is shown: {}",
                cell(reason)
            )?;
        }
        for (title, group) in self.groups() {
            let folded = title == "Documentation";
            let heading = format!("{title} ({})", group.len());
            match folded {
                true => writeln!(out, "\n<details><summary>{heading}</summary>\n")?,
                false => writeln!(out, "\n#### {heading}\n")?,
            }
            let breaking = title == "Breaking";
            let (head, line) = if breaking {
                (" Breaks |", " --- |")
            } else {
                ("", "")
            };
            writeln!(
                out,
                "| Change |{head} Lines | Operations |\n| --- |{line} --- | --- |"
            )?;
            for change in group {
                let breaks = if breaking {
                    format!(" {} |", breaks(change))
                } else {
                    String::new()
                };
                let operations = operations(change).unwrap_or_default();
                let lines = format!("{} → {}", line_of(&change.old), line_of(&change.new));
                writeln!(
                    out,
                    "| {} |{breaks} {lines} | {} |",
                    cell(&change.message),
                    cell(&operations)
                )?;
            }
            if folded {
                writeln!(out, "\n</details>")?;
            }
        }
        if !self.accepted.is_empty() {
            writeln!(
                out,
                "\n#### Accepted ({})\n\n| Change | Reason |\n| --- | --- |",
                self.accepted.len()
            )?;
            for (change, reason) in &self.accepted {
                writeln!(out, "| {} | {} |", cell(&change.message), cell(reason))?;
            }
        }
        Ok(())
    }

    fn groups(&self) -> impl Iterator<Item = (&'static str, Vec<&Change>)> {
        GROUPS.into_iter().filter_map(|(title, belongs)| {
            let group: Vec<&Change> = self
                .changes
                .iter()
                .filter(|change| belongs(change))
                .collect();
            (!group.is_empty()).then_some((title, group))
        })
    }

    fn places(&self, change: &Change) -> String {
        let place = |name: &str, side: &Option<Side>| {
            side.as_ref().map(|side| format!("{name}:{}", side.line))
        };
        let places = [place(&self.old, &change.old), place(&self.new, &change.new)];
        match places {
            [Some(old), Some(new)] => format!("{old} -> {new}"),
            [old, new] => old.or(new).unwrap_or_default(),
        }
    }
}

fn line_of(side: &Option<Side>) -> String {
    side.as_ref()
        .map_or("–".to_owned(), |side| side.line.to_string())
}

fn breaks(change: &Change) -> String {
    match (change.wire, change.rust) {
        (true, true) => "wire, Rust",
        (true, false) => "wire",
        (false, true) => "Rust",
        (false, false) => "",
    }
    .to_owned()
}

fn operations(change: &Change) -> Option<String> {
    let operations = &change.operations;
    let named = operations
        .iter()
        .take(NAMED_OPERATIONS)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match operations.len() {
        0 => None,
        1 => Some(named),
        number if number <= NAMED_OPERATIONS => Some(format!("{number} operations: {named}")),
        number => Some(format!(
            "{number} operations: {named} and {} more",
            number - NAMED_OPERATIONS
        )),
    }
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// A text as a cell of a Markdown table. It comes from a spec: it must not end the cell, open a
/// tag, or mention a user.
fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '|' => cell.push_str("\\|"),
            '<' => cell.push_str("&lt;"),
            '@' => cell.push_str("&#64;"),
            '\n' | '\r' => cell.push(' '),
            other => cell.push(other),
        }
    }
    cell
}

struct Paint {
    colour: bool,
}

impl Paint {
    fn on(&self, style: Style, text: impl Display) -> String {
        if self.colour {
            format!("{style}{text}{style:#}")
        } else {
            text.to_string()
        }
    }
}
