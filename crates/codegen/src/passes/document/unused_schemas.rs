//! Schemas that no operation carries make no types.
//!
//! Error bodies have one type in these clients, and a spec cut down to a few operations may keep all its schemas:
//! types that cannot be received or sent would only cost compile time.

use crate::api::{Api, Direction};
use crate::deviations::Notes;

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    let mut used = api.carried(Direction::Request);
    used.extend(api.carried(Direction::Response));
    api.schemas.retain(|name, _| {
        let keep = used.contains(name);
        if !keep {
            notes.add(name, "has no type");
        }
        keep
    });
}
