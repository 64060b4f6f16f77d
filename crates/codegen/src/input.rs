//! What generation starts from.

use openapi::Document;

use crate::facts::Facts;

/// What to generate a client from.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// What the spec does not say of the API.
    pub facts: &'a Facts,
    /// The spec as published; its name is in the headers of the files.
    pub document: &'a Document,
    /// The corrections to it.
    pub overlay: Option<&'a Document>,
    /// Corrections of the user's own, applied after those. Each must match.
    pub user_overlay: Option<&'a Document>,
    /// Whether a correction of `overlay` that matches nothing is an error: for the spec that the overlay was written for.
    pub strict: bool,
    /// Whether operations that cannot be generated are left out; else one such operation is an error.
    pub skip_unsupported: bool,
}

impl<'a> Input<'a> {
    /// A spec without corrections, of which every operation must be one that can be generated.
    pub fn new(facts: &'a Facts, document: &'a Document) -> Self {
        Self {
            facts,
            document,
            overlay: None,
            user_overlay: None,
            strict: true,
            skip_unsupported: false,
        }
    }
}
