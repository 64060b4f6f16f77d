//! Compares OpenAPI documents, and reads them from documentation pages.
//!
//! - [`compare`](mod@compare) finds what changed between two specs, and what that does to callers.
//! - [`rust`] finds what that does to Rust callers of the generated client.
//! - [`import`] reads specs from documentation pages and merges them.

pub mod compare;
pub mod import;
mod render;
mod report;
pub mod rust;
