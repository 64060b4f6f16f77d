//! Schemas that no operation carries make no types.
//!
//! Error bodies have one type in these clients, and a spec cut down to a few operations may keep all its schemas:
//! types nobody can receive or send would only cost their users compile time.

use crate::api::Api;
use crate::deviations::{Deviations, Pass};
use crate::schemas::{self as visit, Direction};

/// As `DEVIATIONS.md` presents it.
pub const PASS: Pass = Pass {
    name: "Unused schemas",
    why: "A schema that no request and no success response carries makes no type.",
};

/// Runs the pass.
pub fn run(api: &mut Api, deviations: &mut Deviations) {
    let mut used = visit::reachable(api, Direction::Request);
    used.extend(visit::reachable(api, Direction::Response));
    api.schemas_mut().retain(|name, _| {
        let keep = used.contains(name);
        if !keep {
            deviations.note(&PASS, name, "has no type");
        }
        keep
    });
}
