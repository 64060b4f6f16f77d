//! Proves on the wire that the clients do what the specs say.
//!
//! From a spec, read as a [`contract`], come [`cases`]: calls, responses, and what must result. [`run::clients`] makes
//! each call through the real generated client, to a real HTTP server that captures the request and sends the response,
//! and [`check`]s both: the request against the contract, and what the client returned against the response.
//! [`run::target`] sends the clients' requests to any server that claims a spec, and checks its responses.
//! [`mock_server`] is a server made from a spec, and [`report`] shows what came of a run. Nothing here is written for one
//! operation: what a spec gains is covered when its client is generated again.

pub mod api;
pub mod apis;
pub mod cases;
pub mod check;
pub mod contract;
mod glob;
pub mod mock_server;
pub mod program;
pub mod report;
pub mod run;
pub mod wire;

pub use client_core;
pub use mock_server::SpecServer;
