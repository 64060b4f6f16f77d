//! Client for the MX Nexus API, generated from its spec.
//!
//! ```no_run
//! # async fn example(token: String) -> Result<(), nexus_client::Error> {
//! let nexus = nexus_client::Client::builder()
//!     .environment(nexus_client::Environment::Integration)
//!     .session_token(token)
//!     .build()?;
//! let window = nexus.generate_oauth_window_uri("MBR-1").send().await?;
//! println!("{:?}", window.member.as_ref().map(|m| &m.guid));
//! # Ok(())
//! # }
//! ```
//!
//! Each operation is a method of [`Client`]: what the API requires are its arguments, what is optional are methods of
//! the call it returns, and `send` sends it. Every call fails with the one [`Error`].
//!
//! A session belongs to one user and lives for 30 minutes after its last call. A client that is given a
//! [`SessionProvider`] instead of a token obtains sessions when they are needed and renews them when they expire.
//!
//! # Tests
//!
//! With the feature `mock` every operation is a method of a mock server: `server.generate_oauth_window_uri(|when, then| …)`.
//! See `mock::MockServerExt`.
//!
//! # The whole API
//!
//! The code committed here is made of the spec in the repository. With the feature `build-time` it is generated when
//! the crate is built, from that spec or from the file that `NEXUS_CLIENT_SPEC` names: the operations of that file
//! with the same client, sessions, errors and retries.

#[cfg(not(feature = "build-time"))]
#[rustfmt::skip]
mod generated;

#[cfg(feature = "build-time")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/generated/mod.rs"));
}

#[doc(no_inline)]
pub use client_core::reqwest;
#[doc(inline)]
pub use client_core::{
    ApiTokens, Attempt, BoxError, ByteStream, Error, ErrorKind, ResponseValue, RetryPolicy,
    SecretString, Sensitive, SessionExchange, SessionProvider, SessionToken, SsoApi, Transport,
    http_client_builder, oauth,
};
#[cfg(feature = "openapi")]
pub use generated::OPENAPI;
#[cfg(feature = "dispatch")]
pub use generated::dispatch;
#[cfg(feature = "mock")]
pub use generated::mock;
pub use generated::types::*;
pub use generated::{Client, ClientBuilder, Environment, builder, operations, types};
