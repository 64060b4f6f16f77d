//! Sends the requests of cases, and has what comes of them checked.

pub mod capture;
pub mod clients;
pub mod target;
