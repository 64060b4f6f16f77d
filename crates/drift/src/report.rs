//! The result of a comparison: changes, and those that somebody has accepted.

use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// What a change does to callers. Ordered from harmless to harmful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Texts and examples only.
    Documentation,
    /// New possibilities; callers of the old spec are not affected.
    Additive,
    /// Callers of the old spec fail, on the wire or when compiled against the new client.
    Breaking,
}

/// The step of the semantic version that changes require.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Semver {
    /// Nothing changed.
    None,
    /// Documentation only.
    Patch,
    /// Additions.
    Minor,
    /// Breaking changes.
    Major,
}

/// One side of a change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Side {
    /// Line in that document, from 1.
    pub line: usize,
    /// The value there; `null` if it is longer than a line.
    pub value: Value,
    /// JSON pointer in that document.
    #[serde(skip)]
    pub pointer: String,
}

/// One change. A change of a shared part is one change, with all operations that it reaches.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The worst effect on callers.
    pub class: Class,
    /// Whether it breaks callers on the wire.
    pub wire: bool,
    /// Whether it breaks callers in Rust, against the generated client.
    pub rust: bool,
    /// The public items that break callers in Rust, or are new, if the clients were compared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rust_items: Vec<RustItem>,
    /// What it does on the wire.
    #[serde(skip)]
    pub on_wire: Class,
    /// Whether it is the same by meaning, and may only change what is generated.
    #[serde(skip)]
    pub(crate) is_latent: bool,
    /// The operations it reaches, as `METHOD /path`; sorted.
    pub operations: Vec<String>,
    /// JSON pointer to it, in the new document if it is there, else in the old one.
    pub pointer: String,
    /// In the old document; absent if it is new.
    pub old: Option<Side>,
    /// In the new document; absent if it was removed.
    pub new: Option<Side>,
    /// The change, in words.
    pub message: String,
    /// Whether something is now deprecated, or no longer.
    #[serde(skip)]
    pub deprecation: bool,
}

/// A public item of the generated client that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RustItem {
    /// Its path, as callers write it behind the name of the crate.
    pub item: String,
    /// As it was; absent if it is new.
    pub before: Option<String>,
    /// As it is; absent if it is gone.
    pub after: Option<String>,
    /// Whether code that names it no longer compiles, or means something else.
    pub breaks: bool,
}

/// What is known of the effect on Rust callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RustEffect {
    /// Nothing was generated; what the changes say about Rust is guessed.
    NotAsked,
    /// Both clients were generated and compared.
    Computed,
    /// A client could not be generated, for this reason; what the changes say about Rust is a lower bound.
    Unknown(String),
}

/// All changes between two documents, worst first.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The name of the old document.
    pub old: String,
    /// The name of the new document.
    pub new: String,
    /// The changes, worst first, and then in the order of the document.
    pub changes: Vec<Change>,
    /// Other ways to write the same, which count if the generated code shows them.
    pub(crate) latent: Vec<Change>,
    /// Changes that somebody accepted, with the reason.
    pub accepted: Vec<(Change, String)>,
    /// What is known of the effect on Rust callers.
    pub rust: RustEffect,
    /// The resource of each operation of either document, by what the operation is called: its first tag, or the first
    /// word of its path.
    pub(crate) resources: BTreeMap<String, String>,
    /// The `operationId` of each operation that has one, by what the operation is called.
    pub(crate) ids: BTreeMap<String, String>,
}

/// The class of a change, by what it does on the wire and whether it breaks callers in Rust.
pub(crate) fn class(on_wire: Class, rust: bool) -> Class {
    if rust { Class::Breaking } else { on_wire }
}

impl Report {
    /// Brings the changes into their order: worst first, then as in the document.
    pub(crate) fn sort(&mut self) {
        let line = |side: &Option<Side>| side.as_ref().map(|side| side.line);
        self.changes.sort_by(|a, b| {
            let harm = |change: &Change| (change.class, change.wire, change.rust);
            let place = |change: &Change| {
                (
                    line(&change.new).or(line(&change.old)),
                    change.pointer.clone(),
                )
            };
            harm(b)
                .cmp(&harm(a))
                .then_with(|| place(a).cmp(&place(b)))
                .then_with(|| a.message.cmp(&b.message))
        });
    }

    /// Leaves out what reaches none of the operations that `is_one` takes: it is given what an operation is called, such
    /// as `GET /users`, and its `operationId`.
    pub fn only_operations(&mut self, is_one: impl Fn(&str, Option<&str>) -> bool) {
        let ids = &self.ids;
        let is_kept = |label: &String| is_one(label, ids.get(label).map(String::as_str));
        self.changes.retain_mut(|change| {
            change.operations.retain(is_kept);
            !change.operations.is_empty()
        });
    }

    /// The class of the worst change; `None` if nothing changed.
    pub fn verdict(&self) -> Option<Class> {
        self.changes.iter().map(|change| change.class).max()
    }

    /// The step of the semantic version that the changes require.
    pub fn semver(&self) -> Semver {
        match self.verdict() {
            None => Semver::None,
            Some(Class::Documentation) => Semver::Patch,
            Some(Class::Additive) => Semver::Minor,
            Some(Class::Breaking) => Semver::Major,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Class::Documentation => "documentation",
            Class::Additive => "additive",
            Class::Breaking => "breaking",
        })
    }
}

impl fmt::Display for Semver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Semver::None => "none",
            Semver::Patch => "patch",
            Semver::Minor => "minor",
            Semver::Major => "major",
        })
    }
}

/// A change that is accepted, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The change's JSON pointer.
    pub pointer: String,
    /// The message of the change, word for word; another change with this pointer is not accepted.
    pub message: String,
    /// Why it is accepted.
    pub reason: String,
}

impl Report {
    /// Moves accepted changes out of the verdict. Returns the acceptances that fit no change: what
    /// they were about no longer occurs, so they must be deleted.
    pub fn accept(&mut self, acceptances: Vec<Acceptance>) -> Vec<Acceptance> {
        let mut stale = Vec::new();
        for acceptance in acceptances {
            let fits = |change: &Change| {
                change.pointer == acceptance.pointer && change.message == acceptance.message
            };
            match self.changes.iter().position(fits) {
                Some(index) => {
                    let change = self.changes.remove(index);
                    self.accepted.push((change, acceptance.reason));
                }
                None => stale.push(acceptance),
            }
        }
        stale
    }
}
