//! Parameters in effect for an operation, and how their values are written.

use super::Operation;
use crate::Node;
use serde_json::Value;

/// A parameter in effect for an operation.
#[derive(Clone, Debug)]
pub struct Parameter<'a> {
    /// The parameter object, its `$ref` followed.
    pub node: Node<'a>,
    /// Its name on the wire.
    pub name: &'a str,
    /// Its `in`: `path`, `query`, `header`, `cookie`, or what else the document says.
    pub location: &'a str,
}

impl Parameter<'_> {
    /// Whether both are the same parameter: equal in `name` and `in`. Headers are compared without
    /// regard to case.
    pub fn is(&self, other: &Parameter<'_>) -> bool {
        self.location == other.location
            && match self.location {
                "header" => self.name.eq_ignore_ascii_case(other.name),
                _ => self.name == other.name,
            }
    }

    /// Whether a request must have it; one in the path always is.
    pub fn is_required(&self) -> bool {
        self.location == "path" || self.node.flag("required")
    }

    /// Its `style`, by default `form` in query and cookies and `simple` elsewhere.
    pub fn style(&self) -> &str {
        let usual = match self.location {
            "query" | "cookie" => "form",
            _ => "simple",
        };
        self.node.str("style").unwrap_or(usual)
    }

    /// Whether each item of a list, or member of an object, is written for itself (`a=1&a=2`); by
    /// default so with the style `form` only.
    pub fn explodes(&self) -> bool {
        let explode = self.node.value.get("explode").and_then(Value::as_bool);
        explode.unwrap_or_else(|| self.style() == "form")
    }
}

/// The parameters in effect for an operation: those of its path, then its own. One of the
/// operation takes the place of the same one of the path. A parameter without `name` or `in`, or
/// whose `$ref` leads nowhere, is left out.
pub fn parameters<'a>(document: &'a Value, operation: &Operation<'a>) -> Vec<Parameter<'a>> {
    let mut parameters: Vec<Parameter<'a>> = Vec::new();
    for holder in [&operation.item, &operation.node] {
        let list = holder.get("parameters");
        for item in list.iter().flat_map(Node::items) {
            let node = item.resolved(document);
            let (Some(name), Some(location)) = (node.str("name"), node.str("in")) else {
                continue;
            };
            let parameter = Parameter {
                node,
                name,
                location,
            };
            match parameters.iter_mut().find(|known| known.is(&parameter)) {
                Some(known) => *known = parameter,
                None => parameters.push(parameter),
            }
        }
    }
    parameters
}
