//! Client for the MX Nexus API, generated from its spec.

#[cfg(not(feature = "build-time"))]
#[rustfmt::skip]
mod generated;

#[cfg(feature = "build-time")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/generated/mod.rs"));
}

use client_core::Transport;
#[doc(inline)]
pub use client_core::{Error, ErrorKind, ResponseValue, RetryPolicy, Sensitive, SessionProvider, SessionToken};
#[cfg(feature = "openapi")]
pub use generated::OPENAPI;
#[cfg(feature = "dispatch")]
pub use generated::dispatch;
pub use generated::types::*;
pub use generated::{Environment, builder, operations, types};

/// Builds a [`Client`].
pub type ClientBuilder = client_core::ClientBuilder<Client>;

/// A client of the MX Nexus API: cheap to clone, safe to share.
#[derive(Clone, Debug)]
pub struct Client(Transport);

impl Client {
    /// Starts a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.0
    }
}

impl client_core::Api for Client {
    const NAME: &'static str = env!("CARGO_PKG_NAME");
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    type Environment = Environment;
    type Authentication = client_core::auth::Session;

    fn from_transport(transport: Transport) -> Self {
        Self(transport)
    }
}
