//! What changed between two specs, by meaning, and what it does to callers.
//!
//! Both documents are walked side by side from their operations. A `$ref` is followed on each
//! side separately, so that a reference and the same thing written out are equal. What several
//! operations refer to is compared once; a change in it is one [`Change`] that names those
//! operations. The direction in which data flows decides what a change of a schema means: a
//! restriction breaks those who send, a new possibility those who read.

mod comparison;
mod constraints;
mod content;
mod discriminator;
mod document;
mod documentation;
mod flows;
mod headers;
mod impact;
mod lowered;
mod messages;
mod moves;
mod operations;
mod pairs;
mod parameters;
mod resolved;
mod schema;
mod security;
mod servers;
mod source;
mod subject;
mod text;
mod types;

pub use crate::render::{Options, Shown, problem, safe};
pub use crate::report::{Acceptance, Change, Class, Report, RustEffect, RustItem, Semver, Side};
pub use document::compare;
