//! What the MX clients share at run time: transport, credentials, sessions, retries, errors, redaction.
//!
//! Users meet it through `platform_client::Client` and `nexus_client::Client`: their generated methods hand a
//! [`Call`] to the [`Transport`] that a [`ClientBuilder`] has made.
//!
//! # Credentials
//!
//! The Platform API takes [`Credentials`]; the Nexus API takes a user's session, either a [`SessionToken`] or a
//! [`SessionProvider`] that obtains sessions and renews them: before a call when thirty minutes have passed since
//! the last success, and once in a call when the server answers with code `4011`. One renewal serves all calls that
//! wait for it. [`SessionExchange`] is the provider for MX's own way to a session.
//!
//! They are sent to the configured server only, as the operation's security scheme says.
//!
//! # Errors and retries
//!
//! Every failure is an [`Error`]; [`ErrorKind`] tells the kinds apart, and a status is never hidden by what came with
//! it. [`RetryPolicy`] says what is sent again; [`ClientBuilder::on_attempt`] watches it. Dropping the future of a
//! call cancels it.
//!
//! # What is not shown
//!
//! No `Debug`, `Display`, error or trace of this library shows a credential, a token, an argument, a query, a header,
//! a body, or a URL beyond the base URL. What the server says is to be had from the [`Error`] by name. A decoded
//! response is the caller's and shows what is in it, but for [`Sensitive`] strings, which hide themselves.
//!
//! # Traces
//!
//! Each call is a `tracing` span `mx_call` (level INFO) with OpenTelemetry's names:
//!
//! | field | value |
//! | --- | --- |
//! | `otel.kind`, `otel.name` | `client`, the `operationId` |
//! | `http.request.method` | the method |
//! | `url.template` | the path's template, such as `/members/{member_guid}` |
//! | `server.address`, `server.port` | the server |
//! | `http.response.status_code` | the status, if the server sent one |
//! | `http.request.resend_count` | how often it was sent again, if it was |
//! | `error.type` | the kind of the error, if the call failed; what becomes of a stream is not told |
//!
//! Each attempt is an event (level DEBUG) in it, with `http.response.status_code`, `http.request.resend_count`,
//! `error.type`, `elapsed_ms`, and `retry_in_ms` if the call is sent again.

mod argument;
mod attempt;
pub mod auth;
mod base_url;
mod builder;
mod byte_stream;
mod call;
mod credentials;
mod decode;
#[cfg(feature = "dispatch")]
pub mod dispatch;
mod draft;
mod error;
mod error_body;
mod http;
mod media_type;
#[cfg(feature = "mock")]
pub mod mock;
pub mod oauth;
mod object;
mod operation;
mod renewal;
mod retry;
mod sensitive;
mod session;
mod session_exchange;
mod session_expiry;
mod string_enum;
mod target;
mod trace;
mod transport;

pub use argument::Argument;
pub use builder::{Api, ClientBuilder};
pub use byte_stream::ByteStream;
pub use call::{Buffered, Call};
pub use credentials::Credentials;
pub use error::{Error, ErrorKind};
pub use http::http_client_builder;
#[doc(hidden)]
pub use object::__object;
pub use operation::{Body, Location, Operation, Parameter, Response, SecurityKind, SecurityScheme};
pub use progenitor_client::ResponseValue;
pub use reqwest;
pub use retry::{Attempt, RetryPolicy};
pub use secrecy::SecretString;
pub use sensitive::Sensitive;
pub use session::{BoxError, SessionProvider, SessionToken};
pub use session_exchange::{ApiTokens, SessionExchange, SsoApi};
pub use string_enum::{__private, NotAValue, UnknownValue};
pub use transport::Transport;
