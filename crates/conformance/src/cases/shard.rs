//! A part of the cases, for a run that is split over several machines.

use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::cases::case::Case;

/// One of several parts. To which one a case belongs depends on the case alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    number: u64,
    of: u64,
}

impl Shard {
    /// Whether a case belongs to it.
    pub fn has(&self, case: &Case) -> bool {
        let digest = Sha256::digest(format!("{}\n{}", case.operation, case.name));
        let head = digest
            .first_chunk()
            .map_or(0, |head| u64::from_be_bytes(*head));
        head % self.of == self.number - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    /// Reads `K/N`: the K-th of N parts, from 1.
    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text
            .split_once('/')
            .and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parsed {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err("a shard is K/N with K from 1 to N, such as 2/4".to_owned()),
        }
    }
}
