//! What is empty is sent.
//!
//! The generated types cannot tell an empty list or map that is optional from an absent one, so that a request could
//! not empty a list. What requests carry gets the same `Option` as what responses carry.

use super::lenient_responses::soften;
use crate::api::Api;
use crate::deviations::Notes;

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    soften(api, notes, |received| !received);
}
