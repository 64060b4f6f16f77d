//! Compares OpenAPI documents, and reads them from documentation pages.
//!
//! - [`compare`](mod@compare) finds what changed between two specs, and what that does to callers.
//! - [`import`] reads specs from documentation pages and merges them.

pub mod compare;
pub mod import;
mod render;
mod report;
