//! What the passes changed, and the `DEVIATIONS.md` that tells it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What each pass did to the spec, in the order in which the passes ran.
#[derive(Debug, Default)]
pub struct Deviations {
    entries: Vec<(&'static Pass, String, String)>,
}

/// A pass as `DEVIATIONS.md` presents it.
#[derive(Debug, PartialEq, Eq)]
pub struct Pass {
    /// Its name in the text.
    pub name: &'static str,
    /// The defect it answers, as a sentence.
    pub why: &'static str,
}

impl Deviations {
    /// Notes that `pass` fired at `place` (an operation, a schema) and what it did there.
    pub fn note(&mut self, pass: &'static Pass, place: impl Into<String>, what: impl Into<String>) {
        self.entries.push((pass, place.into(), what.into()));
    }

    /// The document for people: a section for each pass that fired, a line for each place.
    pub fn to_markdown(&self, title: &str) -> String {
        let mut text = format!(
            "# Where the {title} client deviates from its spec\n\n\
             Written by `cargo xtask regen`. Each section is a pass that fired: why, where, and what it did.\n"
        );
        let mut order: Vec<&Pass> = Vec::new();
        for (pass, ..) in &self.entries {
            if !order.contains(pass) {
                order.push(pass);
            }
        }
        for pass in order {
            let _ = write!(text, "\n## {}\n\n{}\n\n", pass.name, pass.why);
            // The same change in many places is one line.
            let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            let mut whats: Vec<&str> = Vec::new();
            for (_, place, what) in self.entries.iter().filter(|(entry, ..)| *entry == pass) {
                if !places.contains_key(what.as_str()) {
                    whats.push(what);
                }
                let list = places.entry(what).or_default();
                if !list.contains(&place.as_str()) {
                    list.push(place);
                }
            }
            for what in whats {
                let places: Vec<String> = places[what]
                    .iter()
                    .map(|place| format!("`{place}`"))
                    .collect();
                let _ = writeln!(text, "- {}: {what}", places.join(", "));
            }
        }
        text
    }
}
