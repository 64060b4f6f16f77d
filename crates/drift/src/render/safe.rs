//! Texts of specs and pages, made harmless for where they are shown.

pub use openapi::safe::{block, code, line, lines, sentence};
