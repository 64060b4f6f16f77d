//! Clients, operations and a server to test with.

mod api;
mod server;

pub use api::*;
pub use server::*;
