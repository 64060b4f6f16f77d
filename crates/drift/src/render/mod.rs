//! A report as text, Markdown and JSON.

mod markdown;
mod rows;
pub mod safe;
mod sections;
mod text;

pub use markdown::problem;

use crate::report::{Change, Class, Report, RustEffect};
use rows::{Row, broken_items, counts};
use serde_json::{Value, json};

/// How many rows of a section are shown, so that a report fits: the first that does.
const FITTING: [usize; 13] = [usize::MAX, 400, 200, 100, 60, 40, 30, 20, 14, 10, 6, 3, 1];

/// The most operations that are all named with a change; of more the first and their number.
const NAMED_OPERATIONS: usize = 3;

/// What of a report is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// What breaks callers.
    Breaking,
    /// New possibilities.
    Additive,
    /// Texts, examples and deprecations.
    Documentation,
}

/// How a report is shown.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether text is coloured.
    pub colour: bool,
    /// Whether all changes are shown, each with its place; else a report has at most 120 lines of text.
    pub verbose: bool,
    /// The most rows in each section.
    pub limit: Option<usize>,
    /// The only class that is shown. The verdict stays that of all changes.
    pub only: Option<Shown>,
    /// The command that shows everything, named where rows are left out.
    pub command: Option<String>,
    /// How many reports share a comment.
    pub reports: usize,
}

impl Options {
    fn more(&self) -> String {
        match &self.command {
            Some(command) => format!("run {}", safe::code(command)),
            None => "`--verbose` shows all".to_owned(),
        }
    }
}

impl Report {
    /// For a terminal: grouped, worst first, within 120 lines.
    pub fn text(&self, colour: bool) -> String {
        self.text_with(&Options {
            colour,
            ..Options::default()
        })
    }

    /// For a terminal, with options.
    pub fn text_with(&self, options: &Options) -> String {
        text::text(self, options)
    }

    /// For a comment on a pull request, within 60,000 characters.
    pub fn markdown(&self) -> String {
        self.markdown_with(&Options::default())
    }

    /// For a comment on a pull request, with options.
    pub fn markdown_with(&self, options: &Options) -> String {
        markdown::markdown(self, options)
    }

    /// For programs. Version 1 of the format:
    /// `{"version", "verdict", "semver", "changes": [{"class", "wire", "rust", "rust_items",
    /// "operations", "pointer", "old": {"line", "value"}, "new": {…}, "message"}], "rust"}`;
    /// `old` is `null` for what is new, `new` for what was removed. `rust_items` are the public
    /// items of the generated client that differ, `{"item", "before", "after", "breaks"}`. `rust`
    /// is `{"effect": "computed"}` or `{"effect": "unknown", "reason"}`, if clients were generated.
    /// `accepted` holds the accepted changes, each with its `reason`, if there are any.
    pub fn json(&self) -> Value {
        self.json_with(&Options::default())
    }

    /// For programs, with options.
    pub fn json_with(&self, options: &Options) -> Value {
        let verdict = self
            .verdict()
            .map_or("none".to_owned(), |class| class.to_string());
        let is_shown = |change: &&Change| {
            let class = match options.only {
                None => return true,
                Some(Shown::Breaking) => Class::Breaking,
                Some(Shown::Additive) => Class::Additive,
                Some(Shown::Documentation) => Class::Documentation,
            };
            change.class == class
        };
        let most = options.limit.unwrap_or(usize::MAX);
        let changes: Vec<&Change> = self.changes.iter().filter(is_shown).take(most).collect();
        let mut report = json!({
            "version": 1,
            "verdict": verdict,
            "semver": self.semver(),
            "changes": changes,
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
        let (old, new) = (&self.old, &self.new);
        match self.verdict() {
            None if self.accepted.is_empty() => format!("no changes from {old} to {new}"),
            None => format!("only accepted changes from {old} to {new}"),
            Some(class) => {
                let counts = match self.changes.len() {
                    1 => "1 change".to_owned(),
                    _ => counts(self),
                };
                format!(
                    "{class}: {counts} from {old} to {new}; semver: {}",
                    self.semver()
                )
            }
        }
    }
}

/// What is known of the effect on Rust callers, in a line.
fn rust_line(report: &Report) -> Option<String> {
    match (&report.rust, broken_items(report).len()) {
        (RustEffect::NotAsked, _) => None,
        (RustEffect::Unknown(reason), _) => Some(format!(
            "Rust: the effect on callers is unknown, and at least what is shown: {reason}"
        )),
        (RustEffect::Computed, _) if report.changes.is_empty() => None,
        (RustEffect::Computed, 0) => Some("Rust: no public item breaks callers".to_owned()),
        (RustEffect::Computed, 1) => Some("Rust: 1 public item breaks callers".to_owned()),
        (RustEffect::Computed, items) => Some(format!(
            "Rust: {} public items break callers",
            rows::grouped(items)
        )),
    }
}

fn breaks(row: &Row<'_>) -> &'static str {
    match (row.wire, row.rust) {
        (true, true) => "wire, Rust",
        (true, false) => "wire",
        (false, true) => "Rust",
        (false, false) => "",
    }
}

/// Whether the sentence itself begins with the one operation that it is about.
fn subjects_operation(row: &Row<'_>) -> bool {
    let mut operations = row.operations.iter();
    match (operations.next(), operations.next()) {
        (Some(only), None) => row
            .message
            .strip_prefix(only)
            .is_some_and(|rest| rest.starts_with(':')),
        _ => false,
    }
}

/// The operations of a row, each shown by `show`.
fn operations(row: &Row<'_>, show: impl Fn(&str) -> String) -> Option<String> {
    let named: Vec<String> = row
        .operations
        .iter()
        .take(NAMED_OPERATIONS)
        .map(|label| show(label))
        .collect();
    let first = named.first()?;
    Some(match row.operations.len() {
        1 => first.clone(),
        number if number <= NAMED_OPERATIONS => {
            format!("{number} operations: {}", named.join(", "))
        }
        number => format!("{number} operations: {first} and {} more", number - 1),
    })
}
