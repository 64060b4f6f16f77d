//! What is tried, made from the contract alone.

mod case;
pub mod path_override;
mod pattern;
mod pdf;
mod random;
mod requests;
mod responses;
mod sample;
mod seeded;
pub mod selection;
pub mod shard;
mod spots;

use crate::contract::{Contract, Operation};
pub use case::{Case, Expected, Given};
pub use requests::{answer, full, minimal, reply, success};
pub use selection::Selection;

/// All cases of a contract.
pub fn all(contract: &Contract) -> Vec<Case> {
    contract.operations.iter().flat_map(of).collect()
}

/// More cases of a contract, with random values of its schemas: the same ones each time for a seed.
pub fn seeded(contract: &Contract, seed: u64) -> Vec<Case> {
    let operations = contract.operations.iter();
    operations
        .flat_map(|operation| seeded::cases(operation, seed))
        .collect()
}

/// The cases of an operation.
pub fn of(operation: &Operation) -> Vec<Case> {
    let mut cases = requests::cases(operation);
    cases.extend(responses::cases(operation));
    cases
}
