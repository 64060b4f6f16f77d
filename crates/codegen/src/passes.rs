//! The passes.

pub mod document;
pub mod rust;
