//! What is printed.

pub(crate) mod dispatch;
pub(crate) mod environment;
pub(crate) mod mock;
pub(crate) mod operations;
pub(crate) mod print;
