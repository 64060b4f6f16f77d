//! OpenAPI documents in, OpenAPI documents out.
//!
//! Everything that looks at a spec starts here: a [`Document`] is read from YAML or JSON and
//! remembers where each of its nodes stands in the text, so that whatever is found later can be
//! reported as a [`Diagnostic`] with file, line and column.
//!
//! - [`overlay`] applies our corrections (OpenAPI Overlay 1.0),
//! - [`infer`] gives JSON content that has examples but no schema a schema.

pub mod compare;
mod diagnostic;
mod document;
pub mod infer;
pub mod overlay;
pub mod pointer;
mod read;

pub use diagnostic::{Diagnostic, Severity, render};
pub use document::{Document, Location};
pub use read::ReadError;
