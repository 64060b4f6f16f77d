//! OpenAPI documents in, OpenAPI documents out.
//!
//! Everything that looks at a spec starts here: a [`Document`] is read from YAML or JSON and
//! remembers where each of its nodes stands in the text, so that whatever is found later can be
//! reported as a [`Diagnostic`] with file, line and column.
//!
//! - [`overlay`] applies our corrections (OpenAPI Overlay 1.0),
//! - [`model`] knows the rules of OpenAPI: operations, parameters, responses, security,
//! - [`infer`] gives JSON content that has examples but no schema a schema.

mod diagnostic;
mod document;
pub mod infer;
pub mod model;
mod node;
pub mod overlay;
pub mod pointer;
mod positions;
mod read;
#[cfg(feature = "validate")]
pub mod validate;
pub mod words;

pub use diagnostic::{Diagnostic, Severity, render};
pub use document::{Document, sha256};
pub use node::Node;
pub use positions::Location;
pub use read::ReadError;
