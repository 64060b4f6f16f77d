//! Responses that HTTP gives no body have none.
//!
//! Specs document content for 204, or for `HEAD`. A client that waits for it would call every success an error.

use openapi::model::carries_body;

use crate::api::Api;
use crate::deviations::Notes;
use crate::markdown::code;

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    for operation in &mut api.operations {
        for response in &mut operation.responses {
            if carries_body(operation.method, &response.status) {
                continue;
            }
            response.media_types.clear();
            if response.content.take().is_some() {
                notes.add(
                    &operation.id,
                    format!("the content of {} is left out", code(&response.status)),
                );
            }
        }
    }
}
