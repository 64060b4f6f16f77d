//! What changed between two specs, by meaning, and what it does to callers.
//!
//! Both documents are walked side by side from their operations. A `$ref` is followed on each
//! side for itself, so that a reference and the same thing written out are equal; what stands
//! behind a reference is compared once, however many operations lead there, and a change in it is
//! one [`Change`] that names those operations. Which way data flows decides what a change of a
//! schema means: what narrows a request widens a response.

mod comparison;
mod constraints;
mod content;
mod document;
mod documentation;
mod messages;
mod operations;
mod parameters;
mod resolved;
mod schema;
mod security;
mod servers;
mod source;
mod subject;
mod text;

pub use crate::report::{Acceptance, Change, Class, Report, Semver, Side};
pub use document::compare;
