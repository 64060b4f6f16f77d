//! Changes that somebody has looked at and accepted.

use crate::compare::{Change, Report};

/// A change that is accepted, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The change's JSON pointer.
    pub pointer: String,
    /// The change's message, word for word: another change at the same place is another matter.
    pub message: String,
    /// Why it is accepted.
    pub reason: String,
}

impl Report {
    /// Takes accepted changes out of the verdict. Gives back the acceptances that fit no change:
    /// what they were about no longer occurs, so they have to go.
    pub fn accept(&mut self, acceptances: Vec<Acceptance>) -> Vec<Acceptance> {
        let mut stale = Vec::new();
        for acceptance in acceptances {
            let fits = |change: &Change| {
                change.pointer == acceptance.pointer && change.message == acceptance.message
            };
            match self.changes.iter().position(fits) {
                Some(index) => {
                    let change = self.changes.remove(index);
                    self.accepted.push((change, acceptance.reason));
                }
                None => stale.push(acceptance),
            }
        }
        stale
    }
}
