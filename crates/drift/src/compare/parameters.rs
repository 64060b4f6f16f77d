//! Parameters of an operation, and headers, which are much the same.

use super::comparison::{Comparison, Direction, Impact};
use super::content::{content, example_set};
use super::documentation::{change_of, documentation, pair_up};
use super::schema::schemas;
use super::text::reads_the_same;
use openapi::Node;
use openapi::model::{self, HeaderSender, Operation, Parameter, ResolvedSchema};
use serde_json::Value;

const HANDLED: [&str; 10] = [
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
    /// Whether the parameter object does not count: what is sent follows from elsewhere.
    fn is_ignored(&self) -> bool {
        matches!(
            self.sender,
            HeaderSender::MediaTypes | HeaderSender::Credentials
        )
    }

    /// Whether the client sends a fixed value, so that no caller gives one.
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

/// Compares the parameters of an operation. `renamed` pairs the names in the path templates.
pub(super) fn parameters<'a>(
    comparison: &mut Comparison<'a>,
    old: Vec<Sent<'a>>,
    new: Vec<Sent<'a>>,
    renamed: &[(&str, &str)],
) {
    let (pairs, old, new) = pair_up(old, new, |a: &Sent<'_>, b| a.is(b));
    let (in_path, old, new) = pair_up(old, new, |a, b| {
        a.location == "path" && b.location == "path" && renamed.contains(&(a.name, b.name))
    });
    for (before, after) in pairs.into_iter().chain(in_path) {
        parameter(comparison, &before, &after);
    }
    // The same component, or the same name elsewhere, or the same text: it is that parameter.
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
            |this| {
                if before.location != after.location {
                    let what = format!("moved from {} to {}", before.location, after.location);
                    this.report(
                        before.node.get("in").as_ref(),
                        after.node.get("in").as_ref(),
                        Impact::WIRE,
                        what,
                    );
                }
                if before.name != after.name {
                    let what = format!("renamed from `{}` to `{}`", before.name, after.name);
                    this.report(
                        before.node.get("name").as_ref(),
                        after.node.get("name").as_ref(),
                        Impact::BOTH,
                        what,
                    );
                }
                parameter_body(this, &before, &after);
            },
        );
    }
    for gone in old {
        let impact = match &gone {
            gone if gone.is_ignored() => Impact::DOCUMENTATION,
            gone => Impact::WIRE.and_rust(!gone.is_fixed()),
        };
        comparison.report(Some(&gone.node), None, impact, "removed");
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
        comparison.report(None, Some(&added.node), impact, what);
    }
}

fn parameter<'a>(comparison: &mut Comparison<'a>, old: &Sent<'a>, new: &Sent<'a>) {
    comparison.shared(&old.node, &new.node, Direction::Request, |this| {
        parameter_body(this, old, new)
    });
}

fn parameter_body<'a>(comparison: &mut Comparison<'a>, old: &Sent<'a>, new: &Sent<'a>) {
    if old.is_ignored() && new.is_ignored() {
        if !reads_the_same(old.node.value, new.node.value) {
            comparison.report(
                Some(&old.node),
                Some(&new.node),
                Impact::DOCUMENTATION,
                "changed",
            );
        }
        return;
    }
    if old.name != new.name && old.is(new) {
        let what = format!("now written `{}`, was `{}`", new.name, old.name);
        comparison.report(
            Some(&old.node),
            Some(&new.node),
            Impact::DOCUMENTATION,
            what,
        );
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
            comparison.report(
                Some(&required(old)),
                Some(&required(new)),
                impact,
                "is now required",
            );
        }
        (true, false) => {
            // An argument of the method becomes a method of the builder.
            let impact = Impact::ADDITIVE.and_rust(!old.is_fixed());
            comparison.report(
                Some(&required(old)),
                Some(&required(new)),
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
    example_set(comparison, &old.node, &new.node);
}

/// A header with a default is sent by the client, which decides about the signature too.
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
        comparison.report(Some(&old.node), Some(&new.node), Impact::RUST, what);
    }
}

/// How lists and objects are written: `style`, `explode`, `allowReserved`.
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
            super::resolved::kind(&ResolvedSchema::new(root, &schema))
                .is_none_or(|(kind, _)| matches!(kind, "array" | "object"))
        });
    // A single value is written alike in every style.
    let impact = if composite {
        Impact::WIRE
    } else {
        Impact::DOCUMENTATION
    };
    if style_before != style_after {
        let what = format!("style changed from `{style_before}` to `{style_after}`");
        comparison.report(
            Some(&place(old, "style")),
            Some(&place(new, "style")),
            impact,
            what,
        );
    } else if explode_before != explode_after {
        let what = format!("explode changed from `{explode_before}` to `{explode_after}`");
        comparison.report(
            Some(&place(old, "explode")),
            Some(&place(new, "explode")),
            impact,
            what,
        );
    }
    for keyword in ["allowReserved", "allowEmptyValue"] {
        let (impact, what) = match (old.node.flag(keyword), new.node.flag(keyword)) {
            (true, false) => (Impact::WIRE, "is no longer"),
            (false, true) => (Impact::ADDITIVE, "is now"),
            _ => continue,
        };
        comparison.report(
            Some(&place(old, keyword)),
            Some(&place(new, keyword)),
            impact,
            format!("{what} `{keyword}`"),
        );
    }
}

/// The value of a parameter or header: a schema, or content with one.
fn value_schemas<'a>(
    comparison: &mut Comparison<'a>,
    old: &Node<'a>,
    new: &Node<'a>,
    direction: Direction,
) {
    match (old.get("content"), new.get("content")) {
        (None, None) => schemas(
            comparison,
            (old, old.get("schema")),
            (new, new.get("schema")),
            direction,
        ),
        (Some(before), Some(after)) => content(comparison, &before, &after, direction),
        (before, after) => {
            let (from, to) = (
                before.unwrap_or_else(|| old.clone()),
                after.unwrap_or_else(|| new.clone()),
            );
            let what = "content and schema swapped";
            comparison.report(Some(&from), Some(&to), Impact::BOTH, what);
        }
    }
}

/// Compares the headers of a response.
pub(super) fn headers<'a>(comparison: &mut Comparison<'a>, old: &Node<'a>, new: &Node<'a>) {
    let headers = |root: &'a Value, node: &Node<'a>| -> Vec<(&'a str, Node<'a>)> {
        let all = node.get("headers");
        all.iter()
            .flat_map(|all| all.members())
            .map(|(name, node)| (name, node.resolved(root)))
            .collect()
    };
    let (pairs, removed, added) = pair_up(
        headers(comparison.old, old),
        headers(comparison.new, new),
        |a, b| a.0.eq_ignore_ascii_case(b.0),
    );
    for ((_, before), (_, after)) in pairs {
        comparison.shared(&before, &after, Direction::Response, |this| {
            let (impact, what) = match (before.flag("required"), after.flag("required")) {
                (true, false) => (Impact::WIRE, "is no longer required"),
                (false, true) => (Impact::ADDITIVE, "is now required"),
                _ => (Impact::DOCUMENTATION, ""),
            };
            if !what.is_empty() {
                this.report(Some(&before), Some(&after), impact, what);
            }
            value_schemas(this, &before, &after, Direction::Response);
            documentation(this, &before, &after, &HANDLED);
            example_set(this, &before, &after);
        });
    }
    for (_, gone) in removed {
        comparison.report(Some(&gone), None, Impact::WIRE, "removed");
    }
    for (_, new) in added {
        comparison.report(None, Some(&new), Impact::ADDITIVE, "added");
    }
}

/// The same but for the name, with a description that says so.
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
