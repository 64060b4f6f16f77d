//! What was changed on the way to Rust, and the `DEVIATIONS.md` that says so.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::markdown::{code, markdown};

/// What was changed, in the order in which it happened.
#[derive(Debug, Default)]
pub struct Deviations {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    heading: &'static str,
    why: &'static str,
    place: String,
    what: String,
}

/// Notes what one section of `DEVIATIONS.md` holds.
#[derive(Debug)]
pub struct Notes<'a> {
    deviations: &'a mut Deviations,
    heading: &'static str,
    why: &'static str,
}

impl Notes<'_> {
    /// Notes a place (an operation, a schema) and what was done there.
    pub fn add(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.deviations.entries.push(Entry {
            heading: self.heading,
            why: self.why,
            place: place.into(),
            what: what.into(),
        });
    }
}

impl Deviations {
    /// The notes under a heading; `why` is a sentence on the defect that is answered.
    pub fn section(&mut self, heading: &'static str, why: &'static str) -> Notes<'_> {
        Notes {
            deviations: self,
            heading,
            why,
        }
    }

    /// The document for people: a section for each heading that has a note, a line for each change.
    pub fn to_markdown(&self, title: &str) -> String {
        let mut text = format!(
            "# Where the {} client deviates from its spec\n\n\
             Written by `cargo xtask regen`. Each section is a pass that changed something: why, where, and what.\n",
            markdown(title)
        );
        let mut headings: Vec<&str> = Vec::new();
        for entry in &self.entries {
            if headings.contains(&entry.heading) {
                continue;
            }
            headings.push(entry.heading);
            let _ = write!(text, "\n## {}\n\n{}\n\n", entry.heading, entry.why);
            // The same change in many places is one line.
            let mut whats: Vec<&str> = Vec::new();
            let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for Entry { place, what, .. } in self
                .entries
                .iter()
                .filter(|other| other.heading == entry.heading)
            {
                if !places.contains_key(what.as_str()) {
                    whats.push(what);
                }
                let list = places.entry(what).or_default();
                if !list.contains(&place.as_str()) {
                    list.push(place);
                }
            }
            for what in whats {
                let places: Vec<String> = places[what].iter().map(|place| code(place)).collect();
                let _ = writeln!(text, "- {}: {what}", places.join(", "));
            }
        }
        text
    }
}
