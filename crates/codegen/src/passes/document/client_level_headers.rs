//! Headers that the client fixes leave the method signature.
//!
//! Progenitor makes `Accept-Version` an argument of every call and ignores its default, so each caller repeats what
//! the spec says once; and `Accept`, which follows from the media types, could be given wrongly.

use openapi::model::HeaderSender;

use crate::api::Api;
use crate::deviations::Notes;
use crate::markdown::code;

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    for operation in &mut api.operations {
        let (id, headers) = (&operation.id, &mut operation.headers);
        operation.parameters.retain(|parameter| {
            let name = &parameter.name;
            let what = match &parameter.sender {
                HeaderSender::Caller => return true,
                HeaderSender::MediaTypes => {
                    format!(
                        "{} follows from the media types of the operation",
                        code(name)
                    )
                }
                HeaderSender::Credentials => {
                    format!("{} is sent with the client's credentials", code(name))
                }
                HeaderSender::Fixed(value) => {
                    headers.push((name.clone(), value.clone()));
                    format!(
                        "{} is sent with every request",
                        code(&format!("{name}: {value}"))
                    )
                }
            };
            notes.add(id, what);
            false
        });
    }
}
