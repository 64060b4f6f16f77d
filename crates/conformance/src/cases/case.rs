//! A case: a call, the response it gets, and the expected result.

use client_core::ErrorKind;
use serde_json::Value;

use crate::wire::Reply;

/// One thing that is tried.
#[derive(Clone, Debug)]
pub struct Case {
    /// The `operationId`.
    pub operation: String,
    /// What is tried, such as `request: minimal`.
    pub name: String,
    /// The arguments of the call.
    pub given: Given,
    /// The response of the server.
    pub reply: Reply,
    /// What must result.
    pub expected: Expected,
}

/// The arguments of a call.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Parameters, by their index in the operation.
    pub parameters: Vec<(usize, Value)>,
    /// The body.
    pub body: Option<Value>,
}

/// What must result from a case.
#[derive(Clone, Debug)]
pub enum Expected {
    /// The request follows the contract and carries the arguments.
    Sent,
    /// The client refuses the call before it sends anything, with an error that names the parameter.
    Refused {
        /// The parameter's name.
        parameter: String,
    },
    /// The client returns the whole value of the response.
    Answer {
        /// Whether the spec documents this value as an example, which must fit its own schema.
        documented: bool,
    },
    /// The client can read the response of a server.
    Read,
    /// The client returns an error.
    Error {
        /// Its kind.
        kind: ErrorKind,
        /// The server's message, which the error must contain.
        message: Option<&'static str>,
    },
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sent => {
                f.write_str("the request follows the spec and carries the arguments of the call")
            }
            Self::Refused { parameter } => {
                write!(f, "nothing is sent, and the error names `{parameter}`")
            }
            Self::Answer { .. } => {
                f.write_str("the client returns the whole value of the response")
            }
            Self::Read => f.write_str("the client can read the response"),
            Self::Error { kind, .. } => {
                write!(f, "the client returns an error of the kind `{kind:?}`")
            }
        }
    }
}
