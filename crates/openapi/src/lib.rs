//! OpenAPI documents and the rules of OpenAPI.
//!
//! A [`Document`] is read from YAML or JSON and keeps the position of each of its nodes in the
//! text, so that later findings can be reported as [`Diagnostic`]s with file, line and column.
//!
//! - [`model`] has the rules of OpenAPI: operations, parameters, responses, security and so on.
//! - [`overlay`] applies corrections (OpenAPI Overlay 1.0).
//! - [`lower`] brings OpenAPI 3.1 to 3.0, for those who work on 3.0 only.
//! - [`infer`] adds schemas to JSON content that has examples only.
//! - [`safe`] makes texts harmless for where they are printed.
//! - `validate` (feature) checks values against schemas.

mod diagnostic;
mod document;
pub mod infer;
pub mod keywords;
pub mod lower;
pub mod model;
mod node;
pub mod overlay;
pub mod pointer;
mod positions;
mod read;
pub mod safe;
#[cfg(feature = "validate")]
pub mod validate;
mod version;

pub use diagnostic::{Diagnostic, Severity, render};
pub use document::{Document, sha256};
pub use node::Node;
pub use positions::Location;
pub use read::ReadError;
pub use version::Version;
