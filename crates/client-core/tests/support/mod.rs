//! Clients, operations and a server to test with.

#![allow(dead_code, reason = "each test program uses a part of it")]

mod api;
mod server;

pub use api::*;
pub use server::*;
