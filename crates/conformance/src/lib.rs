//! Proves on the wire that the clients do what the specs say.
//!
//! From a spec come [`cases`]: calls, answers, and what must come of them. The [`runner`] makes each call through
//! the real generated client, to a real HTTP server that [`capture`]s the request and gives the answer, and judges
//! both: the request against the [`contract`], what the client made of the answer against what the server sent.
//! Nothing here is written for one operation: what a spec gains is covered when its client is generated anew.

pub mod api;
pub mod capture;
pub mod cases;
pub mod contract;
pub mod coverage;
pub mod curl;
pub mod judge;
pub mod known;
mod live;
mod lossless;
pub mod mock;
mod random;
pub mod report;
pub mod runner;
pub mod schema;
mod sent;
pub mod shape;
pub mod shard;
pub mod target;
mod values;
pub mod wire;

pub use mock::MockServer;
