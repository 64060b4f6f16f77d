//! Building a client, and the way of a call from its arguments to its response.

pub(crate) mod attempt;
pub(crate) mod builder;
pub(crate) mod call;
pub(crate) mod http;
pub(crate) mod retry;
pub(crate) mod trace;
pub(crate) mod transport;
