//! Specs of the size of a real API, made by code: no text of a published spec is in them.
//!
//! `cargo run --package synthetic > FILE` writes the full one.

mod defects;
mod full;
mod hostile;
mod plain;

pub use defects::defects;
pub use full::{OPERATIONS, full};
pub use hostile::{TEXTS, hostile, hostile_and_refused};
pub use plain::plain;
