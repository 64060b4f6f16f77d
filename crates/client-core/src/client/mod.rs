//! Building a client, and the way of a call from its arguments to its response.

pub(crate) mod attempt;
pub(crate) mod builder;
pub(crate) mod call;
pub(crate) mod connections;
mod execute;
pub(crate) mod http;
mod methods;
pub(crate) mod pages;
mod proxy;
pub(crate) mod retry;
mod settings;
mod trace;
pub(crate) mod transport;
pub(crate) mod untyped;
