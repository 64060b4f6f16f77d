//! Two OpenAPI documents in, what changed out; and documents out of documentation pages.
//!
//! - [`compare`](mod@compare) says what changed between two specs and what that does to callers,
//! - [`import`] takes specs out of documentation pages.

pub mod compare;
pub mod import;
mod render;
mod report;
