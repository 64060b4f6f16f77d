//! Proves on the wire that the clients do what the specs say.
//!
//! From a spec come [`cases`]: calls, answers, and what must come of them. [`run::clients`] makes each call through
//! the real generated client, to a real HTTP server that [captures](run::capture) the request and gives the answer, and
//! checks both: the request against the [`contract`], what the client made of the answer against what the server sent.
//! Nothing here is written for one operation: what a spec gains is covered when its client is generated again.

pub mod api;
pub mod cases;
pub mod check;
pub mod contract;
pub mod mock_server;
pub mod report;
pub mod run;
pub mod wire;

pub use mock_server::MockServer;
