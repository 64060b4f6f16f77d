//! Who may call: security requirements and the schemes that they name.

use super::comparison::Comparison;
use super::documentation::documentation;
use super::flows::flows;
use super::impact::{Direction, Impact};
use super::pairs::pair_up;
use super::text::{change_of, text};
use openapi::Node;
use openapi::model::{self, Operation, Requirement};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// One way to authenticate: all of these schemes, each with its scopes.
type Alternative<'a> = BTreeMap<&'a str, Vec<&'a str>>;

/// Compares the requirements in effect for an operation: its own, else those of the document.
pub(super) fn security<'a>(
    comparison: &mut Comparison<'a>,
    old: &Operation<'a>,
    new: &Operation<'a>,
) {
    let before = model::security(comparison.old, old);
    let after = model::security(comparison.new, new);
    let from = before.unwrap_or_else(|| old.node.clone());
    let to = after.unwrap_or_else(|| new.node.clone());
    let old = alternatives(&model::requirements(comparison.old, old));
    let new = alternatives(&model::requirements(comparison.new, new));
    comparison.shared(&from, &to, Direction::Request, |comparison| {
        requirements(comparison, &from, old, &to, new)
    });
}

fn requirements<'a>(
    comparison: &mut Comparison<'a>,
    from: &Node<'a>,
    before: Vec<Alternative<'a>>,
    to: &Node<'a>,
    mut after: Vec<Alternative<'a>>,
) {
    let names = |alternatives: &[Alternative<'a>]| -> BTreeSet<&'a str> {
        alternatives
            .iter()
            .flat_map(|alternative| alternative.keys().copied())
            .collect()
    };
    let required_in_both: BTreeSet<&'a str> = &names(&before) & &names(&after);
    // A scheme of another name is the same scheme if its definition is the same.
    for (old_name, new_name) in renamed_schemes(comparison, &before, &after) {
        comparison.report(
            scheme_node(comparison.old, old_name).as_ref(),
            scheme_node(comparison.new, new_name).as_ref(),
            Impact::DOCUMENTATION,
            format!("renamed from `{old_name}` to `{new_name}`"),
        );
        for alternative in &mut after {
            if let Some(scopes) = alternative.remove(new_name) {
                alternative.insert(old_name, scopes);
            }
        }
    }
    let satisfies = |alternative: &Alternative<'_>, credentials: &Alternative<'_>| {
        alternative.iter().all(|(name, scopes)| {
            credentials
                .get(name)
                .is_some_and(|has| scopes.iter().all(|scope| has.contains(scope)))
        })
    };
    if before != after {
        let all_accepted = before
            .iter()
            .all(|old| after.iter().any(|new| satisfies(new, old)));
        let (impact, word) = if all_accepted {
            (Impact::ADDITIVE, "relaxed")
        } else {
            (Impact::WIRE, "changed")
        };
        let same_set =
            before.iter().all(|a| after.contains(a)) && after.iter().all(|a| before.contains(a));
        if !same_set {
            let what = format!(
                "security {word} from {} to {}",
                words(&before),
                words(&after)
            );
            comparison.changed(from, to, impact, what);
        }
    }
    for name in &required_in_both {
        match (
            scheme_node(comparison.old, name),
            scheme_node(comparison.new, name),
        ) {
            (Some(old), Some(new)) => security_scheme(comparison, name, &old, &new),
            (Some(old), None) => comparison.removed(&old, Impact::WIRE, "removed"),
            (None, Some(new)) => comparison.added(&new, Impact::WIRE, "added"),
            (None, None) => {}
        }
    }
}

fn renamed_schemes<'a, 'n>(
    comparison: &Comparison<'a>,
    old: &[Alternative<'n>],
    new: &[Alternative<'n>],
) -> Vec<(&'n str, &'n str)> {
    let only = |these: &[Alternative<'n>], others: &[Alternative<'n>]| -> Vec<&'n str> {
        let mut names: Vec<&'n str> = these
            .iter()
            .flat_map(|alternative| alternative.keys().copied())
            .collect();
        names.retain(|name| {
            !others
                .iter()
                .any(|alternative| alternative.contains_key(name))
        });
        names.sort_unstable();
        names.dedup();
        names
    };
    let (pairs, _, _) = pair_up(only(old, new), only(new, old), |old, new| {
        match (
            scheme_node(comparison.old, old),
            scheme_node(comparison.new, new),
        ) {
            (Some(old), Some(new)) => meaning(&old) == meaning(&new),
            _ => false,
        }
    });
    pairs
}

fn security_scheme<'a>(
    comparison: &mut Comparison<'a>,
    name: &str,
    old: &Node<'a>,
    new: &Node<'a>,
) {
    comparison.shared(old, new, Direction::Request, |comparison| {
        flows(comparison, (name, old), (name, new));
        for keyword in ["type", "scheme", "in", "name", "openIdConnectUrl"] {
            let (before, after) = (old.get(keyword), new.get(keyword));
            let case_counts =
                !(keyword == "scheme" || (keyword == "name" && old.str("in") == Some("header")));
            let same = match (&before, &after) {
                (Some(a), Some(b)) if case_counts => a.value == b.value,
                (Some(a), Some(b)) => text(a.value).eq_ignore_ascii_case(&text(b.value)),
                (None, None) => true,
                _ => false,
            };
            if !same {
                let what = change_of(keyword, before.as_ref(), after.as_ref());
                comparison.report(before.as_ref(), after.as_ref(), Impact::WIRE, what);
            }
        }
        documentation(
            comparison,
            old,
            new,
            &["type", "scheme", "in", "name", "flows", "openIdConnectUrl"],
        );
    });
}

fn scheme_node<'a>(document: &'a Value, name: &str) -> Option<Node<'a>> {
    model::scheme(document, name).map(|scheme| scheme.node)
}

/// The members of a scheme that change what is sent.
fn meaning(scheme: &Node<'_>) -> Map<String, Value> {
    let mut members = scheme.value.as_object().cloned().unwrap_or_default();
    members.retain(|key, _| {
        !matches!(key.as_str(), "description" | "bearerFormat") && !key.starts_with("x-")
    });
    members
}

/// The ways to authenticate, any one of which is enough. No requirement is one way, too: without
/// credentials.
fn alternatives<'a>(requirements: &[Requirement<'a>]) -> Vec<Alternative<'a>> {
    let mut alternatives: Vec<Alternative<'a>> = Vec::new();
    for requirement in requirements {
        let schemes = requirement.schemes.iter().map(|(name, scopes)| {
            let mut scopes = scopes.clone();
            scopes.sort_unstable();
            (*name, scopes)
        });
        alternatives.push(schemes.collect());
    }
    if alternatives.is_empty() {
        alternatives.push(Alternative::new());
    }
    alternatives
}

fn words(alternatives: &[Alternative<'_>]) -> String {
    let one = |alternative: &Alternative<'_>| {
        if alternative.is_empty() {
            return "no credentials".to_owned();
        }
        let schemes = alternative
            .iter()
            .map(|(name, scopes)| match scopes.is_empty() {
                true => format!("`{name}`"),
                false => format!("`{name}` ({})", scopes.join(", ")),
            });
        schemes.collect::<Vec<_>>().join(" and ")
    };
    let mut words: Vec<String> = alternatives.iter().map(one).collect();
    words.sort_unstable();
    words.join(" or ")
}
