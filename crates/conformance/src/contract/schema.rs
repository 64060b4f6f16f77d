//! Schemas as validators.

use std::fmt;
use std::sync::{Arc, OnceLock};

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use openapi::validate::{Direction, validator_for};
use serde_json::Value;

use crate::contract::resolved_schema::ResolvedSchema;

/// A schema of a document. What is made from it is made when it is first asked for.
#[derive(Debug)]
pub struct Schema {
    document: Arc<Value>,
    node: Value,
    direction: Direction,
    resolved: OnceLock<ResolvedSchema>,
    validator: OnceLock<Result<Validator, String>>,
}

impl Schema {
    /// A schema of the document, for values that travel one way.
    pub fn new(document: &Arc<Value>, node: &Value, direction: Direction) -> Self {
        Self {
            document: Arc::clone(document),
            node: node.clone(),
            direction,
            resolved: OnceLock::new(),
            validator: OnceLock::new(),
        }
    }

    /// What values of it look like.
    pub fn resolved(&self) -> &ResolvedSchema {
        self.resolved
            .get_or_init(|| ResolvedSchema::new(&self.document, &self.node, self.direction))
    }

    /// What is wrong with a value: where, and which rule it breaks; never the value itself.
    pub fn errors(&self, value: &Value) -> Vec<SchemaError> {
        let validator = self
            .validator
            .get_or_init(|| validator_for(&self.document, &self.node, self.direction));
        match validator {
            // Much faster than to collect what is wrong, and as a rule nothing is.
            Ok(validator) if validator.is_valid(value) => Vec::new(),
            Ok(validator) => validator
                .iter_errors(value)
                .map(|error| SchemaError {
                    pointer: error.instance_path().to_string(),
                    is_unknown_enum_value: matches!(error.kind(), ValidationErrorKind::Enum { .. })
                        && error.instance().is_string(),
                    message: error.masked_with("it").to_string(),
                })
                .collect(),
            Err(reason) => vec![SchemaError {
                pointer: String::new(),
                is_unknown_enum_value: false,
                message: format!("the schema cannot be used: {reason}"),
            }],
        }
    }

    /// Whether a value is valid.
    pub fn allows(&self, value: &Value) -> bool {
        self.errors(value).is_empty()
    }
}

/// A rule of a schema that a value breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    /// JSON pointer to the part of the value that breaks it.
    pub pointer: String,
    /// Whether the part is a string that is not among the values of an enum.
    pub is_unknown_enum_value: bool,
    message: String,
}

impl SchemaError {
    /// The rule that is broken, as said of the value: `is not of type …`.
    pub fn of_it(&self) -> &str {
        self.message.strip_prefix("it ").unwrap_or(&self.message)
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", shown(&self.pointer), self.message)
    }
}

/// A JSON pointer for people: the root, which is an empty text, is `/`.
pub fn shown(pointer: &str) -> &str {
    if pointer.is_empty() { "/" } else { pointer }
}
