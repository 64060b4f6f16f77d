//! Passes over the document, before progenitor. Each file is one pass and names the defect it answers.

pub mod aliases;
pub mod client_level_headers;
pub mod lenient_responses;
pub mod media_types;
pub mod names;
pub mod nullable_types;
pub mod one_response_type;
pub mod parameters;
pub mod sensitive_values;
pub mod shapes_of_schemas;
pub mod unused_schemas;

use crate::api::Api;
use crate::deviations::Deviations;

/// Runs every pass, in the order in which each finds what it needs from those before it.
pub(crate) fn run(api: &mut Api, deviations: &mut Deviations) {
    client_level_headers::run(api, deviations);
    media_types::run(api, deviations);
    one_response_type::run(api, deviations);
    shapes_of_schemas::run(api, deviations);
    nullable_types::run(api, deviations);
    aliases::run(api, deviations);
    parameters::run(api, deviations);
    lenient_responses::run(api, deviations);
    sensitive_values::run(api, deviations);
    names::run(api, deviations);
    unused_schemas::run(api, deviations);
}
