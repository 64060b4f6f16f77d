//! A mock server made from a contract.

mod answers;
mod connection;
mod cors;
mod credentials;
mod fault;
mod log;
mod prefer;
mod scenario;
mod server;

pub use fault::{Fault, FaultKind};
pub use log::LogFormat;
pub use scenario::{Answer, Delay, Scenario};
pub use server::{RunningSpecServer, SpecServer};
