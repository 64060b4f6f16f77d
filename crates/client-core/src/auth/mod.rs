//! Who the caller is: credentials, sessions, and which of them goes on which call.

pub(crate) mod authorize;
pub(crate) mod credentials;
mod outage;
mod renewal;
pub(crate) mod session;
pub(crate) mod sessions;

pub use authorize::{Basic, Session};
