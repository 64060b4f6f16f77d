//! What the MX clients share at run time: transport, credentials, sessions, retries, errors, redaction.
//!
//! Users reach it through `platform_client::Client` and `nexus_client::Client`: each generated method builds a
//! [`Call`] and sends it through the [`Transport`] that a [`ClientBuilder`] made.
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
//! Every failure is an [`Error`]; [`ErrorKind`] names its kind, and a status is never hidden by a body that cannot be
//! read. [`RetryPolicy`] says what is sent again; [`ClientBuilder::on_attempt`] observes it. Dropping the future of a
//! call cancels it.
//!
//! # What is not shown
//!
//! No `Debug`, `Display`, error or trace of this library shows a credential, a token, an argument, a query, a header,
//! a body, or a URL beyond the base URL. To read what the server said, call the methods of [`Error`].
//!
//! `Debug` of a generated type shows the names of the fields that are present, enums, booleans, and texts with the form
//! of a GUID or of a timestamp. Every other value prints as `…`, a [`Sensitive`] as `[hidden]`. To see values, serialize
//! them, or build with `RUSTFLAGS="--cfg mx_debug_values"`, which shows all but what is [`Sensitive`].
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
//! | `error.type` | the kind of the error, if the call failed; not recorded for what happens while a stream is read |
//!
//! Each attempt is an event (level DEBUG) in it, with `http.response.status_code`, `http.request.resend_count`,
//! `error.type`, `elapsed_ms`, and `retry_in_ms` if the call is sent again.

pub mod auth;
mod client;
mod deadline;
#[cfg(feature = "dispatch")]
pub mod dispatch;
mod error;
mod exact;
#[cfg(feature = "mock")]
pub mod mock;
pub mod oauth;
mod operation;
mod request;
mod response;
mod safe_debug;
mod sensitive;
mod session_exchange;
mod string_enum;

pub use auth::credentials::Credentials;
pub use auth::session::{BoxError, SessionProvider, SessionToken};
pub use client::builder::{Api, ClientBuilder};
pub use client::call::Call;
pub use client::http::http_client_builder;
pub use client::pages::{Items, Page, Pages};
pub use client::retry::{Attempt, RetryPolicy};
pub use client::transport::Transport;
pub use client::untyped::Request;
pub use error::{Error, ErrorKind};
#[doc(hidden)]
pub use exact::__exact;
pub use exact::{Exact, Exactly};
pub use operation::{
    Body, DocumentedResponse, Location, Operation, Parameter, SecurityKind, SecurityScheme,
};
pub use request::argument::{Argument, IntoArgument};
pub use reqwest;
pub use response::byte_stream::ByteStream;
#[doc(hidden)]
pub use response::object::__object;
pub use response::raw::RawResponse;
pub use response::typed::Response;
#[doc(hidden)]
pub use response::union::__union;
pub use rust_decimal::Decimal;
pub use safe_debug::__safe_debug;
pub use safe_debug::SafeDebug;
pub use secrecy::SecretString;
pub use sensitive::Sensitive;
pub use session_exchange::{ApiTokens, SessionExchange, SsoApi};
pub use string_enum::{__private, NotAValue, UnknownValue};
