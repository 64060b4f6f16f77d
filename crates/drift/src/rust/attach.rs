//! Which change of the spec a difference between the clients comes from.

use super::difference::Difference;
use crate::report::{Change, Class, Report, RustItem, class};
use openapi::pointer;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Attaches each difference to the changes that caused it. What is left without a cause is a change of its own.
pub(super) fn attach(report: &mut Report, differences: Vec<Difference>) {
    let causes: Vec<Cause> = report.changes.iter().map(Cause::new).collect();
    let index = Index::new(&causes);
    for change in &mut report.changes {
        change.rust = false;
    }
    let mut without_cause: BTreeMap<String, Vec<Difference>> = BTreeMap::new();
    for difference in differences {
        if !difference.breaks && difference.before.is_some() {
            continue; // Such as another name of an argument.
        }
        let found = index.causes_of(&difference);
        for index in &found {
            report.changes[*index].rust_items.push(item(&difference));
            report.changes[*index].rust |= difference.breaks;
        }
        if found.is_empty() {
            let owner = match &difference.owner {
                Some(owner) if owner != "Client" => owner.clone(),
                _ => difference.item.clone(),
            };
            without_cause.entry(owner).or_default().push(difference);
        }
    }
    for (owner, differences) in without_cause {
        report.changes.push(of_its_own(&owner, &differences));
    }
    report
        .changes
        .retain(|change| !change.is_latent || change.rust);
    for change in &mut report.changes {
        let adds = change.rust_items.iter().any(|item| item.before.is_none());
        let least = if adds {
            Class::Additive
        } else {
            Class::Documentation
        };
        change.class = class(change.on_wire.max(least), change.rust);
    }
}

fn item(difference: &Difference) -> RustItem {
    RustItem {
        item: difference.item.clone(),
        before: difference.before.clone(),
        after: difference.after.clone(),
        breaks: difference.breaks,
    }
}

fn of_its_own(owner: &str, differences: &[Difference]) -> Change {
    let breaks = differences.iter().any(|difference| difference.breaks);
    let operations: BTreeSet<String> = differences
        .iter()
        .flat_map(|one| one.operations.clone())
        .collect();
    let word = if breaks {
        "the generator gives another signature"
    } else {
        "the generator gives more"
    };
    Change {
        class: class(Class::Additive, breaks),
        wire: false,
        rust: breaks,
        rust_items: differences.iter().map(item).collect(),
        on_wire: Class::Documentation,
        is_latent: false,
        operations: operations.into_iter().collect(),
        pointer: String::new(),
        old: None,
        new: None,
        message: format!("Rust item `{owner}`: {word}"),
        deprecation: false,
    }
}

/// What of a change is looked at.
struct Cause {
    /// Its operations, without the names of path parameters, which may change.
    operations: BTreeSet<String>,
    /// The names in its pointers and its message, as Rust would spell them.
    names: BTreeSet<String>,
    /// Names of component schemas that it is in.
    schemas: BTreeSet<String>,
    /// Whether the rules about the spec expect it to break callers in Rust.
    is_expected: bool,
    is_text: bool,
    is_in_response: bool,
    class: Class,
}

impl Cause {
    fn new(change: &Change) -> Self {
        let (mut names, mut schemas) = (BTreeSet::new(), BTreeSet::new());
        let mut keyword = String::new();
        for side in [&change.old, &change.new].into_iter().flatten() {
            let segments: Vec<_> = pointer::segments(&side.pointer).collect();
            if let [first, second, name, ..] = &segments[..]
                && (&**first, &**second) == ("components", "schemas")
            {
                schemas.insert(plain(name));
            }
            names.extend(segments.iter().map(|segment| plain(segment)));
            keyword = segments
                .last()
                .map(|last| last.to_string())
                .unwrap_or_default();
        }
        // The names in a message are in backticks.
        let named = change.message.split('`').skip(1).step_by(2);
        names.extend(
            named
                .flat_map(|name| name.split(['.', '[', ']', '{', '}']))
                .map(plain),
        );
        names.remove("");
        Cause {
            operations: change
                .operations
                .iter()
                .map(|label| nameless(label))
                .collect(),
            names,
            schemas,
            is_expected: change.rust,
            is_text: change.class == Class::Documentation && is_text(&keyword),
            is_in_response: change.pointer.contains("/responses/"),
            class: change.class,
        }
    }
}

/// Whether a keyword only explains.
fn is_text(keyword: &str) -> bool {
    [
        "description",
        "summary",
        "example",
        "examples",
        "externalDocs",
        "tags",
    ]
    .contains(&keyword)
        || keyword.starts_with("x-") && keyword != "x-rust-name"
}

/// The causes by what a difference may have in common with them.
struct Index<'c> {
    causes: &'c [Cause],
    by_operation: HashMap<&'c str, Vec<usize>>,
    by_name: HashMap<&'c str, Vec<usize>>,
}

impl<'c> Index<'c> {
    fn new(causes: &'c [Cause]) -> Self {
        let (mut by_operation, mut by_name) = (HashMap::new(), HashMap::new());
        for (index, cause) in causes
            .iter()
            .enumerate()
            .filter(|(_, cause)| !cause.is_text)
        {
            for operation in &cause.operations {
                by_operation
                    .entry(operation.as_str())
                    .or_insert_with(Vec::new)
                    .push(index);
            }
            for name in cause.names.union(&cause.schemas) {
                by_name
                    .entry(name.as_str())
                    .or_insert_with(Vec::new)
                    .push(index);
            }
        }
        Index {
            causes,
            by_operation,
            by_name,
        }
    }

    /// The changes that a difference comes from, by the best that they have in common.
    fn causes_of(&self, difference: &Difference) -> Vec<usize> {
        let of = |map: &HashMap<&str, Vec<usize>>,
                  names: &mut dyn Iterator<Item = String>|
         -> HashSet<usize> {
            names
                .filter_map(|name| map.get(&*name).cloned())
                .flatten()
                .collect()
        };
        let types = difference.owner.iter().chain(&difference.types);
        let reached = of(
            &self.by_operation,
            &mut difference.operations.iter().map(|label| nameless(label)),
        );
        // A type that the spec does not name is named after what it is in.
        let named = of(&self.by_name, &mut types.map(|name| plain(name)));
        let member = of(
            &self.by_name,
            &mut difference.members.iter().map(|name| plain(name)),
        );
        let score = |index: &usize| {
            let cause = &self.causes[*index];
            8 * u32::from(member.contains(index))
                + 6 * u32::from(named.contains(index))
                + 4 * u32::from(cause.is_expected)
                + 2 * u32::from(reached.contains(index))
                + 2 * u32::from(difference.is_answer && cause.is_in_response)
                + u32::from(cause.class > Class::Documentation)
        };
        let scored: Vec<(u32, usize)> = reached
            .union(&named)
            .map(|index| (score(index), *index))
            .collect();
        let best = scored.iter().map(|(score, _)| *score).max();
        let best = scored.into_iter().filter(|(score, _)| Some(*score) == best);
        let mut best: Vec<usize> = best.map(|(_, index)| index).collect();
        best.sort_unstable();
        best
    }
}

/// A name without what differs between a spec and Rust: case, separators, the mark of a keyword.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// `GET /users/{}` for `GET /users/{user_guid}`.
fn nameless(label: &str) -> String {
    let mut inside = false;
    let kept = label.chars().filter(|character| {
        let keep = !inside || *character == '}';
        inside = (inside || *character == '{') && *character != '}';
        keep
    });
    kept.collect()
}
