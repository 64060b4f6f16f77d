//! The contract: what a spec says about the wire, ready to check by.
//!
//! It is read from the document alone, not from the generated operations table and not with `openapi::model`, so that
//! a mistake of the generator cannot hide. A test compares this reading with that of `openapi::model`.

mod operation;
mod read;
pub mod resolved_schema;
pub mod schema;

pub use operation::{
    Body, Content, Contract, Operation, Parameter, Place, Response, Security, in_range,
};
