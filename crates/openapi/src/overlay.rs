//! Corrections to a spec in a file of their own: OpenAPI Overlay 1.0.
//!
//! An overlay is a list of actions, applied in order. Each selects nodes by JSONPath (RFC 9535)
//! and merges an `update` into them or removes them. Beyond Overlay 1.0:
//!
//! - `remove` also removes single values, since there is no other way to drop a `minLength`;
//! - `x-when` says for which documents an action is: a JSONPath, evaluated on the document as it is
//!   when the action is reached. Where it matches nothing, the action does not apply, so one overlay
//!   can serve a part of an API and the whole of it.

use crate::{Diagnostic, Document, pointer};
use serde_json::{Map, Value};
use serde_json_path::JsonPath;

/// What one action of an overlay did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Position of the action in the overlay, from 0.
    pub action: usize,
    /// Its JSONPath.
    pub target: String,
    /// Its reason; empty if the overlay gives none.
    pub description: String,
    /// Whether it is for this document: it has no `x-when`, or one that matched.
    pub applies: bool,
    /// How many nodes the target selected.
    pub matched: usize,
    /// JSON pointers to the nodes it changed or removed, as they were before the action.
    pub pointers: Vec<String>,
}

impl Applied {
    /// Whether it is for this document and changed nothing: the document does not need this
    /// correction, or no longer.
    pub fn is_stale(&self) -> bool {
        self.applies && self.pointers.is_empty()
    }
}

/// Applies an overlay.
///
/// # Errors
/// Findings about the overlay document: it is not an Overlay 1.0, a JSONPath is wrong, or an update
/// does not fit what it selects. The document is then left unchanged.
pub fn apply(document: &mut Document, overlay: &Document) -> Result<Vec<Applied>, Vec<Diagnostic>> {
    let actions = actions(overlay.value())?;
    let mut changed = document.value().clone();
    let mut applied = Vec::new();
    let mut problems = Vec::new();
    for (index, action) in actions.iter().enumerate() {
        let applies = action.applies(&changed);
        let effect = match applies {
            true => action.apply(&mut changed),
            false => Ok((0, Vec::new())),
        };
        match effect {
            Ok((matched, pointers)) => applied.push(Applied {
                action: index,
                target: action.target.to_owned(),
                description: action.description.to_owned(),
                applies,
                matched,
                pointers,
            }),
            Err(problem) => problems.push(problem.at(index)),
        }
    }
    if problems.is_empty() {
        *document.value_mut() = changed;
        Ok(applied)
    } else {
        Err(problems)
    }
}

/// An error for each action that is for this document and changed nothing. Corrections that upstream
/// has made are deleted from an overlay; a caller whose document came from elsewhere can ignore them.
pub fn stale(applied: &[Applied]) -> Vec<Diagnostic> {
    let stale = applied.iter().filter(|action| action.is_stale());
    stale
        .map(|action| {
            let what = match action.matched {
                0 => "selects nothing",
                _ => "changes nothing",
            };
            Diagnostic::error(
                format!("/actions/{}/target", action.action),
                format!("this action {what}: the spec may have been corrected upstream"),
            )
            .with_help("compare with the spec, then delete the action or correct its target")
        })
        .collect()
}

struct Action<'o> {
    target: &'o str,
    path: JsonPath,
    when: Option<JsonPath>,
    description: &'o str,
    change: Change<'o>,
}

enum Change<'o> {
    Update(&'o Value),
    Remove,
}

/// What is wrong with an action, and with which of its members.
struct Problem {
    member: &'static str,
    message: String,
    help: &'static str,
}

impl Problem {
    fn at(self, action: usize) -> Diagnostic {
        let pointer = match self.member {
            "" => format!("/actions/{action}"),
            member => format!("/actions/{action}/{member}"),
        };
        Diagnostic::error(pointer, self.message).with_help(self.help)
    }
}

/// The actions of an overlay, or all of its defects.
fn actions(overlay: &Value) -> Result<Vec<Action<'_>>, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    match overlay.get("overlay") {
        Some(Value::String(version)) if version == "1.0" || version.starts_with("1.0.") => {}
        Some(_) => problems.push(
            Diagnostic::error("/overlay", "not an Overlay 1.0 document")
                .with_help("write `overlay: 1.0.0`"),
        ),
        None => problems.push(
            Diagnostic::error("", "not an Overlay document: `overlay` is missing")
                .with_help("start with `overlay: 1.0.0`"),
        ),
    }
    for member in ["title", "version"] {
        if !overlay
            .pointer(&format!("/info/{member}"))
            .is_some_and(Value::is_string)
        {
            problems.push(
                Diagnostic::error(
                    "/info",
                    format!("`info.{member}` is missing or not a string"),
                )
                .with_help("an overlay has a title and a version"),
            );
        }
    }
    let mut actions = Vec::new();
    match overlay.get("actions") {
        Some(Value::Array(items)) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                match Action::new(item) {
                    Ok(action) => actions.push(action),
                    Err(problem) => problems.push(problem.at(index)),
                }
            }
        }
        _ => problems.push(
            Diagnostic::error(
                "/actions",
                "`actions` must be a list with at least one action",
            )
            .with_help("delete the overlay if there is nothing to correct"),
        ),
    }
    if problems.is_empty() {
        Ok(actions)
    } else {
        Err(problems)
    }
}

impl<'o> Action<'o> {
    fn new(action: &'o Value) -> Result<Self, Problem> {
        let problem = |member, message: &str, help| Problem {
            member,
            message: message.to_owned(),
            help,
        };
        let Some(object) = action.as_object() else {
            return Err(problem(
                "",
                "an action is an object",
                "give it a `target` and an `update`",
            ));
        };
        let known = |key: &String| {
            matches!(key.as_str(), "target" | "description" | "update" | "remove")
                || key.starts_with("x-")
        };
        if let Some(key) = object.keys().find(|key| !known(key)) {
            let help = "an action has `target`, `x-when`, `description`, `update` and `remove`";
            return Err(problem("", &format!("unknown member `{key}`"), help));
        }
        let Some(target) = object.get("target").and_then(Value::as_str) else {
            return Err(problem(
                "",
                "the action has no `target`",
                "add a JSONPath such as `$.info`",
            ));
        };
        let path = json_path("target", target)?;
        let when = match object.get("x-when") {
            None => None,
            Some(Value::String(when)) => Some(json_path("x-when", when)?),
            Some(_) => {
                return Err(problem(
                    "x-when",
                    "`x-when` is not a text",
                    "give it a JSONPath such as `$.paths['/users']`, or leave it out",
                ));
            }
        };
        let description = match object.get("description") {
            None => "",
            Some(Value::String(description)) => description,
            Some(_) => {
                return Err(problem(
                    "description",
                    "the description is not a string",
                    "quote it",
                ));
            }
        };
        let remove = match object.get("remove") {
            None => false,
            Some(Value::Bool(remove)) => *remove,
            Some(_) => {
                return Err(problem(
                    "remove",
                    "`remove` is not a boolean",
                    "write `true` or leave it out",
                ));
            }
        };
        let change = match object.get("update") {
            // By the standard, an update beside `remove: true` has no effect.
            _ if remove => Change::Remove,
            Some(update) => Change::Update(update),
            None => {
                let help = "add `update`, or `remove: true`";
                return Err(problem("", "the action neither updates nor removes", help));
            }
        };
        Ok(Action {
            target,
            path,
            when,
            description,
            change,
        })
    }

    /// Whether the action is for this document.
    fn applies(&self, document: &Value) -> bool {
        self.when
            .as_ref()
            .is_none_or(|when| !when.query(document).is_empty())
    }

    /// Changes the document; returns how many nodes were selected, and which of them changed.
    fn apply(&self, document: &mut Value) -> Result<(usize, Vec<String>), Problem> {
        let selected = self.path.query_located(document).dedup();
        let selected: Vec<String> = selected
            .locations()
            .map(|location| location.to_json_pointer())
            .collect();
        let matched = selected.len();
        let changed = match self.change {
            Change::Remove => remove(document, selected)?,
            Change::Update(update) => {
                let mut changed = Vec::new();
                for pointer in selected {
                    if let Some(node) = document.pointer_mut(&pointer)
                        && update_node(node, update).map_err(|problem| problem.about(&pointer))?
                    {
                        changed.push(pointer);
                    }
                }
                changed
            }
        };
        Ok((matched, changed))
    }
}

/// Reads the JSONPath of a member of an action.
fn json_path(member: &'static str, path: &str) -> Result<JsonPath, Problem> {
    JsonPath::parse(path).map_err(|error| Problem {
        member,
        message: format!(
            "not a JSONPath: {}, at character {}",
            error.message(),
            error.position() + 1
        ),
        help: "see RFC 9535; a filter is written `[?@.name=='value']`",
    })
}

impl Problem {
    fn about(self, pointer: &str) -> Self {
        Problem {
            message: format!("{} at `{pointer}`", self.message),
            ..self
        }
    }
}

fn remove(document: &mut Value, mut selected: Vec<String>) -> Result<Vec<String>, Problem> {
    // Backwards, so that the pointers to earlier items of the same array stay valid.
    let order = |pointer: &String| -> Vec<Result<usize, String>> {
        pointer::segments(pointer)
            .map(|s| s.parse::<usize>().map_err(|_| s.into_owned()))
            .collect()
    };
    selected.sort_by_cached_key(order);
    for pointer in selected.iter().rev() {
        let Some((parent, name)) = pointer::split_last(pointer) else {
            let message = "the whole document cannot be removed".to_owned();
            return Err(Problem {
                member: "target",
                message,
                help: "select a part of it",
            });
        };
        match document.pointer_mut(parent) {
            Some(Value::Object(object)) => {
                object.shift_remove(&*name);
            }
            Some(Value::Array(items)) => {
                if let Some(index) = name.parse().ok().filter(|index| *index < items.len()) {
                    items.remove(index);
                }
            }
            _ => {}
        }
    }
    Ok(selected)
}

/// Merges an update into a selected node; returns whether that changed it.
fn update_node(node: &mut Value, update: &Value) -> Result<bool, Problem> {
    match (node, update) {
        (Value::Object(object), Value::Object(update)) => Ok(merge(object, update)),
        (Value::Array(items), entry) => {
            items.push(entry.clone());
            Ok(true)
        }
        (Value::Object(_), _) => Err(Problem {
            member: "update",
            message: "only an object can be merged into an object,".to_owned(),
            help: "write the update as a mapping of the members to change",
        }),
        _ => Err(Problem {
            member: "target",
            message: "only an object or an array can be updated, not the value".to_owned(),
            help: "select the object that holds the value, and give the member in `update`",
        }),
    }
}

/// The merge of Overlay 1.0: objects member by member, arrays appended, the rest replaced.
fn merge(object: &mut Map<String, Value>, update: &Map<String, Value>) -> bool {
    let mut changed = false;
    for (key, new) in update {
        changed |= match (object.get_mut(key), new) {
            (Some(Value::Object(old)), Value::Object(new)) => merge(old, new),
            (Some(Value::Array(old)), Value::Array(new)) => {
                old.extend(new.iter().cloned());
                !new.is_empty()
            }
            (Some(old), new) if old == new => false,
            _ => {
                object.insert(key.clone(), new.clone());
                true
            }
        };
    }
    changed
}
