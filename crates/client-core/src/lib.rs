//! What the MX clients share at run time: transport, credentials, sessions, retries, errors, redaction.
//!
//! The generated clients hand their calls to a [`Transport`], which a [`ClientBuilder`] makes.

mod argument;
mod attempt;
pub mod auth;
mod base_url;
mod builder;
mod call;
mod credentials;
mod decode;
#[cfg(feature = "dispatch")]
pub mod dispatch;
mod error;
mod error_body;
mod http;
mod media_type;
pub mod oauth;
mod operation;
mod retry;
mod sensitive;
mod session;
mod string_enum;
mod session_exchange;
mod target;
mod trace;
mod transport;

pub use argument::Argument;
pub use builder::{Api, ClientBuilder};
pub use call::{Buffered, Call};
pub use credentials::Credentials;
pub use error::{Error, ErrorKind};
pub use http::http_client_builder;
pub use operation::{Body, Location, Operation, Parameter, Response, SecurityKind, SecurityScheme};
pub use progenitor_client::{ByteStream, ResponseValue};
pub use reqwest;
pub use retry::{Attempt, RetryPolicy};
pub use secrecy::SecretString;
pub use sensitive::Sensitive;
pub use session::{BoxError, SessionProvider, SessionToken};
pub use string_enum::{__private, NotAValue, UnknownValue};
pub use session_exchange::{ApiTokens, SessionExchange, SsoApi};
pub use transport::Transport;
