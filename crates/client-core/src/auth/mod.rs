//! Who the caller is: credentials, sessions, and which of them goes on which call.

pub(crate) mod authorize;
pub(crate) mod credentials;
mod renewal;
pub(crate) mod session;

pub use authorize::{Basic, Session};
