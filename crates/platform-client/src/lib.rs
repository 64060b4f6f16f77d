//! Client for the MX Platform API, generated from its spec.
//!
//! ```no_run
//! use platform_client::{Client, Credentials, Environment, ReferralSource};
//!
//! # async fn example() -> Result<(), platform_client::Error> {
//! let mx = Client::builder()
//!     .environment(Environment::Integration)
//!     .credentials(Credentials::from_env()?) // MX_CLIENT_ID and MX_API_KEY
//!     .build()?;
//! let window = mx
//!     .request_oauth_window_uri("USR-1", "MBR-1")
//!     .referral_source(ReferralSource::App)
//!     .client_redirect_url("https://example.com/done")
//!     .send()
//!     .await?;
//! println!("{:?}", window.member); // shows no `oauth_window_uri`
//! # Ok(())
//! # }
//! ```
//!
//! Each operation is a method of [`Client`]: what the API requires are its arguments, what is optional are methods of
//! the call it returns, and `send` sends it. Every call fails with the one [`Error`].
//!
//! # Tests
//!
//! With the feature `mock` every operation is a method of a mock server: `server.request_oauth_window_uri(|when, then| …)`.
//! See `mock::MockServerExt`.
//!
//! # The whole API
//!
//! The code committed here is made of the spec in the repository. With the feature `build-time` it is generated when
//! the crate is built, from that spec or from the file that `PLATFORM_CLIENT_SPEC` names: the operations of that file
//! with the same client, credentials, errors and retries.

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
    Attempt, ByteStream, Credentials, Error, ErrorKind, ResponseValue, RetryPolicy, SecretString,
    Sensitive, Transport, http_client_builder, oauth,
};
#[cfg(feature = "openapi")]
pub use generated::OPENAPI;
#[cfg(feature = "dispatch")]
pub use generated::dispatch;
#[cfg(feature = "mock")]
pub use generated::mock;
pub use generated::types::*;
pub use generated::{Client, ClientBuilder, Environment, builder, operations, types};
