//! The state of a comparison: the changes found, and the operations that lead to each.

use super::impact::{Direction, Impact};
use super::moves::{Lone, is_property, moves};
use super::source::Source;
use super::subject::subject;
use crate::report::{Change, Class, class};
use openapi::Node;
use openapi::model::ResolvedSchema;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap, HashSet};

struct Finding {
    old: Option<String>,
    new: Option<String>,
    what: String,
    impact: Impact,
    units: BTreeSet<usize>,
}

/// Two parts that were compared, and the parts that they lead to.
#[derive(Default)]
struct Unit {
    children: BTreeSet<usize>,
    operation: Option<String>,
}

/// Two schemas, and which way their data flows.
pub(super) struct SchemaPair<'a> {
    pub old: ResolvedSchema<'a>,
    pub new: ResolvedSchema<'a>,
    pub direction: Direction,
}

type UnitKey = (String, String, Direction);

/// A comparison under way.
pub(super) struct Comparison<'a> {
    pub old: &'a Value,
    pub new: &'a Value,
    findings: Vec<Finding>,
    /// Indices of findings, by wording and old pointer, and by wording and new pointer.
    known: HashMap<(String, bool, String), usize>,
    units: Vec<Unit>,
    entered: HashMap<UnitKey, usize>,
    current: usize,
    /// Schemas that are still to be compared, with their units.
    waiting: Vec<(usize, SchemaPair<'a>)>,
    /// Names of schemas that were compared, on the old and on the new side.
    pub compared_schemas: (HashSet<String>, HashSet<String>),
    /// Media type objects whose schema was inferred, on the old and on the new side.
    inferred: (HashSet<&'a str>, HashSet<&'a str>),
}

impl<'a> Comparison<'a> {
    pub fn new(old: &'a Source<'_>, new: &'a Source<'_>) -> Self {
        Comparison {
            old: &old.value,
            new: &new.value,
            inferred: (old.inferred(), new.inferred()),
            findings: Vec::new(),
            known: HashMap::new(),
            units: vec![Unit::default()],
            entered: HashMap::new(),
            current: 0,
            waiting: Vec::new(),
            compared_schemas: Default::default(),
        }
    }

    /// Compares what belongs to one operation.
    pub fn operation(&mut self, label: String, compare: impl FnOnce(&mut Self)) {
        self.units.push(Unit {
            operation: Some(label),
            ..Unit::default()
        });
        let before = std::mem::replace(&mut self.current, self.units.len() - 1);
        compare(self);
        self.current = before;
    }

    /// Compares two parts that several places may lead to, once.
    pub fn shared(
        &mut self,
        old: &Node<'a>,
        new: &Node<'a>,
        direction: Direction,
        compare: impl FnOnce(&mut Self),
    ) {
        if let Some(unit) = self.enter(old, new, direction) {
            let before = std::mem::replace(&mut self.current, unit);
            compare(self);
            self.current = before;
        }
    }

    /// Records that the current unit leads to two parts. Returns their unit if they have not been
    /// compared yet.
    fn enter(&mut self, old: &Node<'a>, new: &Node<'a>, direction: Direction) -> Option<usize> {
        let next = self.units.len();
        let key = (old.pointer.clone(), new.pointer.clone(), direction);
        let unit = *self.entered.entry(key).or_insert(next);
        self.units[self.current].children.insert(unit);
        (unit == next).then(|| {
            self.units.push(Unit::default());
            next
        })
    }

    /// Puts two schemas off: schemas refer to schemas, as deep as a document likes.
    pub fn later(&mut self, pair: SchemaPair<'a>) {
        let (old, new) = (pair.old.body().clone(), pair.new.body().clone());
        if let Some(unit) = self.enter(&old, &new, pair.direction) {
            self.waiting.push((unit, pair));
        }
    }

    /// The next two schemas that were put off, if any; their unit becomes the current one.
    pub fn next_waiting(&mut self) -> Option<SchemaPair<'a>> {
        let (unit, pair) = self.waiting.pop().unzip();
        self.current = unit.unwrap_or(0);
        pair
    }

    /// The number of changes found so far.
    pub fn found(&self) -> usize {
        self.findings.len()
    }

    /// Whether the schema of a media type object was inferred from its examples, on either side.
    pub fn is_inferred(&self, old: &Node<'_>, new: &Node<'_>) -> bool {
        self.inferred.0.contains(&*old.pointer) || self.inferred.1.contains(&*new.pointer)
    }

    /// Records a change of something that both documents have.
    pub fn changed(
        &mut self,
        old: &Node<'_>,
        new: &Node<'_>,
        impact: Impact,
        what: impl Into<String>,
    ) {
        self.report(Some(old), Some(new), impact, what);
    }

    /// Records something that only the new document has.
    pub fn added(&mut self, new: &Node<'_>, impact: Impact, what: impl Into<String>) {
        self.report(None, Some(new), impact, what);
    }

    /// Records something that only the old document has.
    pub fn removed(&mut self, old: &Node<'_>, impact: Impact, what: impl Into<String>) {
        self.report(Some(old), None, impact, what);
    }

    /// Records a change. One with the same wording and one of the same places is the same change.
    pub fn report(
        &mut self,
        old: Option<&Node<'_>>,
        new: Option<&Node<'_>>,
        impact: Impact,
        what: impl Into<String>,
    ) {
        let what = what.into();
        let old = old.map(|node| node.pointer.clone());
        let new = new.map(|node| node.pointer.clone());
        let keys = [(false, &old), (true, &new)].map(|(side, pointer)| {
            pointer
                .as_ref()
                .map(|pointer| (what.clone(), side, pointer.clone()))
        });
        let known = keys
            .iter()
            .flatten()
            .find_map(|key| self.known.get(key).copied());
        let index = known.unwrap_or(self.findings.len());
        for key in keys.into_iter().flatten() {
            self.known.entry(key).or_insert(index);
        }
        match self.findings.get_mut(index) {
            Some(finding) => {
                finding.impact = finding.impact.merge(impact);
                finding.units.insert(self.current);
            }
            None => {
                let units = BTreeSet::from([self.current]);
                self.findings.push(Finding {
                    old,
                    new,
                    what,
                    impact,
                    units,
                });
            }
        }
    }

    /// Makes one finding of a property that is gone in one place and new in another.
    fn link_moves(&mut self, operations: &[Vec<&String>]) {
        let (mut removed, mut added) = (Vec::new(), Vec::new());
        for (index, finding) in self.findings.iter().enumerate() {
            let (root, pointer, list) = match (&finding.old, &finding.new) {
                (Some(old), None) => (self.old, old, &mut removed),
                (None, Some(new)) => (self.new, new, &mut added),
                _ => continue,
            };
            let value = root.pointer(pointer).filter(|_| is_property(pointer));
            list.extend(value.map(|value| Lone {
                finding: index,
                pointer: pointer.clone(),
                value,
            }));
        }
        let reached = |finding: usize| -> HashSet<&String> {
            let units = self.findings[finding].units.iter();
            units.flat_map(|unit| &operations[*unit]).copied().collect()
        };
        let share = |old: usize, new: usize| !reached(old).is_disjoint(&reached(new));
        let moves = moves(&removed, &added, share);
        let mut gone: Vec<usize> = Vec::new();
        for (from, to) in moves {
            let new = std::mem::take(&mut self.findings[to].new);
            let (impact, units) = (self.findings[to].impact, self.findings[to].units.clone());
            let finding = &mut self.findings[from];
            let place = finding.old.as_ref().and_then(|old| subject(self.old, old));
            finding.what = format!("moved from {}", place.unwrap_or_default());
            finding.new = new;
            finding.impact = finding.impact.merge(impact);
            finding.units.extend(units);
            gone.push(to);
        }
        gone.sort_unstable();
        for index in gone.into_iter().rev() {
            self.findings.remove(index);
        }
    }

    /// The changes, with the operations that each reaches.
    pub fn finish(mut self, old: &Source<'_>, new: &Source<'_>) -> Vec<Change> {
        let units = std::mem::take(&mut self.units);
        let operations = operations_by_unit(&units);
        self.link_moves(&operations);
        self.findings
            .iter()
            .map(|finding| {
                let reached: BTreeSet<&String> = finding
                    .units
                    .iter()
                    .flat_map(|unit| &operations[*unit])
                    .copied()
                    .collect();
                let named = match (&finding.new, &finding.old) {
                    (Some(pointer), _) => subject(self.new, pointer),
                    (None, Some(pointer)) => subject(self.old, pointer),
                    (None, None) => None,
                };
                let message = match named {
                    Some(subject) => format!("{subject}: {}", finding.what),
                    None => finding.what.clone(),
                };
                let before = finding.old.as_ref().map(|pointer| old.side(pointer));
                let after = finding.new.as_ref().map(|pointer| new.side(pointer));
                let place = after
                    .as_ref()
                    .or(before.as_ref())
                    .map(|side| side.pointer.clone());
                let Impact { on_wire, rust, .. } = finding.impact;
                Change {
                    class: class(on_wire, rust),
                    wire: on_wire == Class::Breaking,
                    rust,
                    rust_items: Vec::new(),
                    on_wire,
                    is_latent: finding.impact.latent,
                    operations: reached.into_iter().cloned().collect(),
                    pointer: place.unwrap_or_default(),
                    old: before,
                    new: after,
                    message,
                    deprecation: finding.impact.deprecation,
                }
            })
            .collect()
    }
}

/// For each unit, the operations that lead to it.
fn operations_by_unit(all: &[Unit]) -> Vec<Vec<&String>> {
    let mut operations: Vec<Vec<&String>> = vec![Vec::new(); all.len()];
    for (start, unit) in all.iter().enumerate() {
        let Some(label) = &unit.operation else {
            continue;
        };
        let mut seen = HashSet::from([start]);
        let mut waiting = vec![start];
        while let Some(unit) = waiting.pop() {
            operations[unit].push(label);
            let children = all[unit].children.iter().copied();
            waiting.extend(children.filter(|child| seen.insert(*child)));
        }
    }
    operations
}
