//! Headers that the client fixes leave the method signature.
//!
//! Progenitor makes `Accept-Version` an argument of every call and ignores its default, so each caller repeats what
//! the spec says once; and `Accept`, which follows from the media types, could be given wrongly.

use openapi::model::HeaderSender;

use crate::api::Api;
use crate::deviations::Notes;

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    for operation in &mut api.operations {
        let (id, headers) = (&operation.id, &mut operation.headers);
        operation.parameters.retain(|parameter| {
            let name = &parameter.name;
            let what = match &parameter.sender {
                HeaderSender::Caller => return true,
                HeaderSender::MediaTypes => {
                    format!("`{name}` follows from the media types of the operation")
                }
                HeaderSender::Credentials => {
                    format!("`{name}` is sent with the client's credentials")
                }
                HeaderSender::Fixed(value) => {
                    headers.push((name.clone(), value.clone()));
                    format!("`{name}: {value}` is sent with every request")
                }
            };
            notes.add(id, what);
            false
        });
    }
}
