//! The contract: what a spec says about the wire, ready to check by.
//!
//! It is read from the document alone, not from the generated operations table and not with `openapi::model`, so that
//! a mistake of the generator cannot hide. A test compares this reading with that of `openapi::model`.

pub mod media_type;
mod operation;
pub mod path;
mod read;
pub mod resolved_schema;
pub mod schema;
pub mod security;

pub use operation::{Body, Content, Contract, Operation, Parameter, Response};
pub use read::{read, read_json};
pub use security::{Requirement, Scheme};
