//! A report as text, Markdown and JSON.

mod markdown;
mod options;
mod rows;
pub mod safe;
mod sections;
mod text;

pub use markdown::problem;
pub use options::{Options, Shown};

use crate::report::{Change, Class, Report, RustEffect};
use rows::counts;
use serde_json::{Value, json};

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
    /// `notes` are what a reader must know of the documents, if anything.
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
        if !self.notes.is_empty() {
            report["notes"] = json!(self.notes);
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
