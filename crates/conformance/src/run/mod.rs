//! Sends the requests of cases, and has what comes of them checked.

mod capture;
pub mod clients;
mod exchange;
mod patience;
mod probes;
pub mod target;
