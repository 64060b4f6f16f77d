//! A mock server made from a contract.

mod answers;
mod fault;
mod server;

pub use fault::{Fault, FaultKind};
pub use server::{RunningSpecServer, SpecServer};
