//! The findings about a document, and how they say what is wrong.

use openapi::model::Operation;
use openapi::{Diagnostic, Severity, pointer};
use serde_json::{Map, Value};

/// The findings so far, and the document they are about.
pub(super) struct Findings<'a> {
    pub(super) document: &'a Value,
    pub(super) all: Vec<Diagnostic>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(document: &'a Value) -> Self {
        Self {
            document,
            all: Vec::new(),
        }
    }

    pub(super) fn error(&mut self, at: &str, message: impl Into<String>, help: impl Into<String>) {
        self.add(Diagnostic::error(at, message).with_help(help), None);
    }

    pub(super) fn error_in(
        &mut self,
        operation: &Operation<'_>,
        at: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(
            Diagnostic::error(at, message).with_help(help),
            Some(operation),
        );
    }

    pub(super) fn warn_in(
        &mut self,
        operation: &Operation<'_>,
        at: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(
            Diagnostic::warning(at, message).with_help(help),
            Some(operation),
        );
    }

    /// Keeps a finding; what operations share is found once, in the first of them.
    pub(super) fn add(&mut self, finding: Diagnostic, operation: Option<&Operation<'_>>) {
        let finding = match operation {
            Some(operation) => self.removable(finding, operation),
            None => finding,
        };
        let same = |known: &Diagnostic| {
            known.pointer == finding.pointer && known.message == finding.message
        };
        if !self.all.iter().any(same) {
            self.all.push(finding);
        }
    }

    /// An error of an operation ends with an overlay action: if nothing else helps, one that removes the operation.
    fn removable(&self, finding: Diagnostic, operation: &Operation<'_>) -> Diagnostic {
        let finding = finding.with_operation(name(operation));
        let help = finding.help.as_deref().unwrap_or_default();
        if finding.severity != Severity::Error || help.contains("- target: ") {
            return finding;
        }
        let remove = action(&self.path_to(&operation.node.pointer), "remove: true");
        let help = format!("{help}; or leave the operation out, in the overlay:\n{remove}");
        finding.with_help(help.trim_start_matches("; or "))
    }

    /// The JSONPath of a node, for an overlay action.
    pub(super) fn path_to(&self, pointer: &str) -> String {
        let mut path = "$".to_owned();
        let mut node = Some(self.document);
        for name in pointer::segments(pointer) {
            let word = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if node.is_some_and(Value::is_array) {
                path.push_str(&format!("[{name}]"));
                node = node.and_then(|node| node.get(name.parse::<usize>().ok()?));
                continue;
            }
            if word {
                path.push_str(&format!(".{name}"));
            } else {
                let quoted = name.replace('\\', "\\\\").replace('\'', "\\'");
                path.push_str(&format!("['{quoted}']"));
            }
            node = node.and_then(|node| node.get(name.as_ref()));
        }
        path
    }

    /// The object at a place, its reference followed; a finding where that leads nowhere.
    pub(super) fn behind(
        &mut self,
        operation: &Operation<'_>,
        at: &str,
        value: &'a Value,
    ) -> Option<(String, &'a Map<String, Value>)> {
        let (found, value) = match value.get("$ref") {
            None => (at.to_owned(), value),
            Some(Value::String(reference)) => match pointer::resolve(self.document, reference) {
                Some(found) => found,
                None => {
                    let (message, help) = unresolved(self.document, reference);
                    self.error_in(operation, &pointer::join(at, "$ref"), message, help);
                    return None;
                }
            },
            Some(_) => {
                self.error_in(
                    operation,
                    at,
                    "this `$ref` is not a text",
                    "write `$ref: '#/components/…'`",
                );
                return None;
            }
        };
        match value.as_object() {
            Some(object) => Some((found, object)),
            None => {
                self.error_in(
                    operation,
                    &found,
                    "expected a mapping here",
                    "look at the indentation of the lines around",
                );
                None
            }
        }
    }
}

/// An operation, for messages.
fn name(operation: &Operation<'_>) -> String {
    let label = operation.label();
    match operation.id() {
        Some(id) => format!("{id} ({label})"),
        None => label,
    }
}

/// Why a reference leads nowhere, and what to do.
pub(super) fn unresolved(document: &Value, reference: &str) -> (String, &'static str) {
    match pointer::target(reference) {
        None => (
            format!("`{reference}` leads out of this document"),
            "put what it names into `components` and refer to that",
        ),
        Some(target) if document.pointer(&target).is_some() => (
            format!("`{reference}` leads back to itself"),
            "put what is meant in place of one of these references",
        ),
        Some(_) => (
            format!("`{reference}` names nothing"),
            "correct the reference, or add what it names",
        ),
    }
}

/// An overlay action with its target, for help.
pub(super) fn action(target: &str, change: &str) -> String {
    // YAML reads some texts as something else.
    let plain =
        !target.contains(": ") && !target.contains(" #") && !target.contains(char::is_control);
    let target = match plain {
        true => target.to_owned(),
        false => Value::from(target).to_string(),
    };
    format!("  - target: {target}\n    description: why\n    {change}")
}

/// An overlay action that updates a node, for help.
pub(super) fn update_action(target: &str, update: &str) -> String {
    action(target, &format!("update:\n      {update}"))
}

/// An overlay action that updates a node, with its introduction.
pub(super) fn update(target: &str, update: &str) -> String {
    format!(
        "or correct it in the overlay:\n{}",
        update_action(target, update)
    )
}

/// A name as YAML has it, in quotes where it needs them.
pub(super) fn yaml(name: &str) -> String {
    let word = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match word && !["true", "false", "null", "yes", "no", "on", "off"].contains(&name) {
        true => name.to_owned(),
        false => Value::from(name).to_string(),
    }
}

/// The overlay action that removes a parameter; if it is a component, from where it is used.
pub(super) fn remove_parameter(findings: &Findings<'_>, at: &str) -> String {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('\'', "\\'");
    let target = match (
        at.strip_prefix("/components/parameters/"),
        pointer::split_last(at),
    ) {
        (Some(component), _) => {
            let component = quoted(component);
            format!("$..parameters[?@['$ref']=='#/components/parameters/{component}']")
        }
        // By name: another action may move what is in the list.
        (None, Some((list, _))) => {
            let parameter = &findings.document.pointer(at).unwrap_or(&Value::Null);
            let text = |key: &str| quoted(parameter[key].as_str().unwrap_or_default());
            let (name, location) = (text("name"), text("in"));
            let list = findings.path_to(list);
            format!("{list}[?@.name=='{name}' && @.in=='{location}']")
        }
        (None, None) => findings.path_to(at),
    };
    action(&target, "remove: true")
}
