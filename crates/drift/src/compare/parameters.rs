//! Parameters of an operation.

use super::comparison::Comparison;
use super::content::value_schemas;
use super::documentation::{documentation, named_examples};
use super::impact::{Direction, Impact};
use super::pairs::pair_up;
use super::resolved::kind;
use super::text::{change_of, reads_the_same};
use openapi::model::{self, HeaderSender, Operation, Parameter, ResolvedSchema};
use serde_json::Value;

/// Keywords of a parameter or header that change what is sent or generated.
pub(super) const HANDLED: [&str; 10] = [
    "name",
    "in",
    "required",
    "schema",
    "content",
    "style",
    "explode",
    "allowReserved",
    "allowEmptyValue",
    "examples",
];

/// A parameter in effect for an operation, and who sends it.
#[derive(Clone)]
pub(super) struct Sent<'a> {
    parameter: Parameter<'a>,
    sender: HeaderSender,
}

impl<'a> std::ops::Deref for Sent<'a> {
    type Target = Parameter<'a>;

    fn deref(&self) -> &Parameter<'a> {
        &self.parameter
    }
}

impl Sent<'_> {
    /// Whether the parameter object does not count, since media types or credentials decide.
    fn is_ignored(&self) -> bool {
        matches!(
            self.sender,
            HeaderSender::MediaTypes | HeaderSender::Credentials
        )
    }

    /// Whether the client sends a fixed value, so that callers give none.
    fn is_fixed(&self) -> bool {
        matches!(self.sender, HeaderSender::Fixed(_))
    }
}

/// The parameters in effect for an operation.
pub(super) fn in_effect<'a>(document: &'a Value, operation: &Operation<'a>) -> Vec<Sent<'a>> {
    model::parameters(document, operation)
        .into_iter()
        .map(|parameter| Sent {
            sender: model::header_sender(document, operation, &parameter),
            parameter,
        })
        .collect()
}

/// Compares the parameters of an operation. `renamed` has the names that differ in the paths.
pub(super) fn parameters<'a>(
    comparison: &mut Comparison<'a>,
    old: Vec<Sent<'a>>,
    new: Vec<Sent<'a>>,
    renamed: &[(&str, &str)],
) {
    required_order(comparison, &old, &new);
    let (pairs, old, new) = pair_up(old, new, |a: &Sent<'_>, b| a.is(b));
    let (in_path, old, new) = pair_up(old, new, |a, b| {
        a.location == "path" && b.location == "path" && renamed.contains(&(a.name, b.name))
    });
    for (before, after) in pairs.into_iter().chain(in_path) {
        parameter(comparison, &before, &after);
    }
    // The same component, the same name in another location, or the same description.
    let (component, old, new) = pair_up(old, new, |a, b| {
        a.node.pointer == b.node.pointer && a.node.pointer.starts_with("/components/")
    });
    let (moved, old, new) = pair_up(old, new, |a, b| {
        a.name == b.name && a.location != b.location
    });
    let (alike, old, new) = pair_up(old, new, |a, b| {
        a.location == b.location && described_alike(a, b)
    });
    for (before, after) in component.into_iter().chain(moved).chain(alike) {
        comparison.shared(
            &before.node.clone(),
            &after.node.clone(),
            Direction::Request,
            |comparison| {
                if before.location != after.location {
                    let what = format!("moved from {} to {}", before.location, after.location);
                    comparison.report(
                        before.node.get("in").as_ref(),
                        after.node.get("in").as_ref(),
                        Impact::WIRE,
                        what,
                    );
                }
                if before.name != after.name {
                    let what = format!("renamed from `{}` to `{}`", before.name, after.name);
                    comparison.report(
                        before.node.get("name").as_ref(),
                        after.node.get("name").as_ref(),
                        Impact::BOTH,
                        what,
                    );
                }
                parameter_body(comparison, &before, &after);
            },
        );
    }
    for gone in old {
        let impact = match &gone {
            gone if gone.is_ignored() => Impact::DOCUMENTATION,
            gone => Impact::WIRE.and_rust(!gone.is_fixed()),
        };
        comparison.removed(&gone.node, impact, "removed");
    }
    for added in new {
        let (impact, what) = match &added {
            added if added.is_ignored() => (Impact::DOCUMENTATION, "added"),
            added if added.is_required() => (
                Impact::WIRE.and_rust(!added.is_fixed()),
                "added and required",
            ),
            _ => (Impact::ADDITIVE, "added"),
        };
        comparison.added(&added.node, impact, what);
    }
}

/// Required parameters are arguments in the order of the document; those of the path, in that of the path.
fn required_order<'a>(comparison: &mut Comparison<'a>, old: &[Sent<'a>], new: &[Sent<'a>]) {
    let is_argument = |parameter: &&Sent<'a>| {
        parameter.is_required()
            && parameter.location != "path"
            && !parameter.is_ignored()
            && !parameter.is_fixed()
    };
    let after: Vec<&Sent<'a>> = new.iter().filter(is_argument).collect();
    let place = |old: &Sent<'a>| after.iter().position(|new| old.is(new));
    let both: Vec<(&Sent<'a>, usize)> = old
        .iter()
        .filter(is_argument)
        .filter_map(|old| Some((old, place(old)?)))
        .collect();
    let moved = both.windows(2).find(|pair| pair[0].1 > pair[1].1);
    if let Some([_, (was, at)]) = moved {
        let what = "required parameters are in another order";
        comparison.changed(&was.node, &after[*at].node, Impact::SPELLING, what);
    }
}

fn parameter<'a>(comparison: &mut Comparison<'a>, old: &Sent<'a>, new: &Sent<'a>) {
    comparison.shared(&old.node, &new.node, Direction::Request, |comparison| {
        parameter_body(comparison, old, new)
    });
}

fn parameter_body<'a>(comparison: &mut Comparison<'a>, old: &Sent<'a>, new: &Sent<'a>) {
    if old.is_ignored() && new.is_ignored() {
        if !reads_the_same(old.node.value, new.node.value) {
            comparison.changed(&old.node, &new.node, Impact::DOCUMENTATION, "changed");
        }
        return;
    }
    if old.name != new.name && old.is(new) {
        let what = format!("now spelled `{}`, was `{}`", new.name, old.name);
        comparison.changed(&old.node, &new.node, Impact::DOCUMENTATION, what);
    }
    let required = |parameter: &Sent<'a>| {
        parameter
            .node
            .get("required")
            .unwrap_or_else(|| parameter.node.clone())
    };
    match (old.is_required(), new.is_required()) {
        (false, true) => {
            let impact = Impact::WIRE.and_rust(!new.is_fixed());
            comparison.changed(&required(old), &required(new), impact, "is now required");
        }
        (true, false) => {
            // An argument of the method becomes a method of the builder.
            let impact = Impact::ADDITIVE.and_rust(!old.is_fixed());
            comparison.changed(
                &required(old),
                &required(new),
                impact,
                "is no longer required",
            );
        }
        _ => {}
    }
    if old.location == "header" && new.location == "header" {
        header_default(comparison, old, new);
    }
    if old.location == new.location {
        serialization(comparison, old, new);
    }
    value_schemas(comparison, &old.node, &new.node, Direction::Request);
    documentation(comparison, &old.node, &new.node, &HANDLED);
    named_examples(comparison, &old.node, &new.node);
}

/// Compares who sends a header. What the client fixes is not an argument of the method.
fn header_default<'a>(comparison: &mut Comparison<'a>, old: &Sent<'a>, new: &Sent<'a>) {
    if old.is_fixed() == new.is_fixed() {
        return;
    }
    let default = |document: &'a Value, parameter: &Sent<'a>| {
        let schema = parameter.node.get("schema")?;
        ResolvedSchema::new(document, &schema).get("default")
    };
    let (before, after) = (default(comparison.old, old), default(comparison.new, new));
    if before.is_some() != after.is_some() {
        let what = change_of("default", before.as_ref(), after.as_ref());
        comparison.report(before.as_ref(), after.as_ref(), Impact::BOTH, what);
    } else {
        let what = match &new.sender {
            HeaderSender::Fixed(value) => {
                format!("is now always `{value}`, sent by the client")
            }
            _ => "is no longer sent by the client".to_owned(),
        };
        comparison.changed(&old.node, &new.node, Impact::RUST, what);
    }
}

/// Compares how lists and objects are written: `style`, `explode`, `allowReserved`.
fn serialization<'a>(comparison: &mut Comparison<'a>, old: &Sent<'a>, new: &Sent<'a>) {
    let place = |parameter: &Sent<'a>, keyword: &str| {
        parameter
            .node
            .get(keyword)
            .unwrap_or_else(|| parameter.node.clone())
    };
    let (style_before, style_after) = (old.style(), new.style());
    let (explode_before, explode_after) = (old.explodes(), new.explodes());
    let composite = [(comparison.old, old), (comparison.new, new)]
        .into_iter()
        .any(|(root, parameter)| {
            let Some(schema) = parameter.node.get("schema") else {
                return true;
            };
            kind(&ResolvedSchema::new(root, &schema))
                .is_none_or(|(kind, _)| matches!(kind, "array" | "object"))
        });
    // A single value is written the same way in every style.
    let impact = if composite {
        Impact::WIRE
    } else {
        Impact::DOCUMENTATION
    };
    if style_before != style_after {
        let what = format!("style changed from `{style_before}` to `{style_after}`");
        comparison.changed(&place(old, "style"), &place(new, "style"), impact, what);
    } else if explode_before != explode_after {
        let what = format!("explode changed from `{explode_before}` to `{explode_after}`");
        comparison.changed(&place(old, "explode"), &place(new, "explode"), impact, what);
    }
    for keyword in ["allowReserved", "allowEmptyValue"] {
        let (impact, what) = match (old.node.flag(keyword), new.node.flag(keyword)) {
            (true, false) => (Impact::WIRE, "is no longer"),
            (false, true) => (Impact::ADDITIVE, "is now"),
            _ => continue,
        };
        comparison.changed(
            &place(old, keyword),
            &place(new, keyword),
            impact,
            format!("{what} `{keyword}`"),
        );
    }
}

/// Whether both have the same description, and differ in the name only.
fn described_alike(old: &Sent<'_>, new: &Sent<'_>) -> bool {
    let but_name = |parameter: &Sent<'_>| {
        let mut members = parameter
            .node
            .value
            .as_object()
            .cloned()
            .unwrap_or_default();
        members.shift_remove("name");
        Value::Object(members)
    };
    old.node
        .str("description")
        .is_some_and(|text| !text.is_empty())
        && reads_the_same(&but_name(old), &but_name(new))
}
