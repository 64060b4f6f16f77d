//! What of a report is shown, and how much.

use super::safe;

/// How many rows of a section are shown, so that a report fits: the first that does.
pub(super) const FITTING: [usize; 13] =
    [usize::MAX, 400, 200, 100, 60, 40, 30, 20, 14, 10, 6, 3, 1];

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
    pub(super) fn more(&self) -> String {
        match &self.command {
            Some(command) => format!("run {}", safe::code(command)),
            None => "`--verbose` shows all".to_owned(),
        }
    }
}
