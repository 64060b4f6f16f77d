//! A case: a call, the answer it gets, and what must come of it.

use client_core::ErrorKind;
use serde_json::Value;

use crate::wire::Reply;

/// One thing that is tried: a call, the answer it gets, and what must come of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The `operationId`.
    pub operation: String,
    /// What is tried, such as `request: minimal`.
    pub name: String,
    /// What the client is given.
    pub given: Given,
    /// What the server answers.
    pub reply: Reply,
    /// What must come of it.
    pub expected: Expected,
}

/// What a call is given.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Parameters, by their index in the operation.
    pub parameters: Vec<(usize, Value)>,
    /// The body.
    pub body: Option<Value>,
}

/// What must come of a case.
#[derive(Clone, Debug)]
pub enum Expected {
    /// The request keeps to the contract, and carries what the call was given.
    Sent,
    /// The call is refused before anything is sent, with an error that names the parameter.
    Refused {
        /// The parameter's name.
        parameter: String,
    },
    /// The client answers with the response's value, whole.
    Answer {
        /// The value is one that the spec shows: it must fit its own schema.
        documented: bool,
    },
    /// The client answers with an error.
    Error {
        /// Its kind.
        kind: ErrorKind,
        /// The message that the server gave, which the error must tell.
        message: Option<&'static str>,
    },
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sent => {
                f.write_str("the request keeps to the spec and carries what the call was given")
            }
            Self::Refused { parameter } => {
                write!(f, "nothing is sent, and an error names `{parameter}`")
            }
            Self::Answer { .. } => {
                f.write_str("the client answers with the response's value, whole")
            }
            Self::Error { kind, .. } => {
                write!(f, "the client answers with an error of the kind `{kind:?}`")
            }
        }
    }
}
