//! OpenAPI schemas as validators.

use std::sync::{Arc, OnceLock};

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use crate::contract::resolved_schema::Shape;

/// A schema of a document. Its validator and shape are made when they are first asked for.
#[derive(Debug)]
pub struct Schema {
    document: Arc<Value>,
    node: Value,
    shape: OnceLock<Shape>,
    validator: OnceLock<Result<Validator, String>>,
}

impl Schema {
    /// A schema of the document.
    pub fn new(document: &Arc<Value>, node: &Value) -> Self {
        Self {
            document: Arc::clone(document),
            node: node.clone(),
            shape: OnceLock::new(),
            validator: OnceLock::new(),
        }
    }

    /// What values of it look like.
    pub fn shape(&self) -> &Shape {
        self.shape
            .get_or_init(|| Shape::of(&self.document, &self.node))
    }

    /// What is wrong with a value, in words.
    pub fn faults(&self, value: &Value) -> Vec<String> {
        let faults = self.faults_of(value).into_iter();
        faults.map(|fault| fault.to_string()).collect()
    }

    /// What is wrong with a value: where, and which rule it breaks; never the value itself.
    pub fn faults_of(&self, value: &Value) -> Vec<Fault> {
        let validator = self
            .validator
            .get_or_init(|| openapi::validate::validator(&self.document, &self.node));
        match validator {
            Ok(validator) => validator
                .iter_errors(value)
                .map(|error| Fault {
                    at: error.instance_path().to_string(),
                    is_choice: matches!(error.kind(), ValidationErrorKind::Enum { .. })
                        && error.instance().is_string(),
                    message: error.masked_with("it").to_string(),
                })
                .collect(),
            Err(reason) => vec![Fault {
                at: String::new(),
                is_choice: false,
                message: format!("the schema cannot be used: {reason}"),
            }],
        }
    }
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer to the place.
    pub at: String,
    /// Whether it is a text that is not among the values of an enum.
    pub is_choice: bool,
    message: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`: {}", shown(&self.at), self.message)
    }
}

/// A JSON pointer for people.
pub fn shown(pointer: &str) -> &str {
    if pointer.is_empty() { "/" } else { pointer }
}
