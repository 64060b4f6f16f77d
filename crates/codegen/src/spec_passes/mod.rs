//! Passes over the document, before progenitor. Each file is one pass and names the defect it answers.

pub mod aliases;
pub mod client_headers;
pub mod inline;
pub mod lenient;
pub mod media_types;
pub mod names;
pub mod nullable;
pub mod parameters;
pub mod responses;
pub mod sensitive;
pub mod shapes;
pub mod unused;
pub(crate) mod visit;

use crate::api::Api;
use crate::deviations::Deviations;

/// Runs every pass, in the order in which each finds what it needs from those before it.
pub(crate) fn run(api: &mut Api, deviations: &mut Deviations) {
    client_headers::run(api, deviations);
    media_types::run(api, deviations);
    responses::run(api, deviations);
    shapes::run(api, deviations);
    nullable::run(api, deviations);
    aliases::run(api, deviations);
    parameters::run(api, deviations);
    lenient::run(api, deviations);
    sensitive::run(api, deviations);
    names::run(api, deviations);
    unused::run(api, deviations);
}
