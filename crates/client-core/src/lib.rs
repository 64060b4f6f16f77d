//! What the MX clients share at run time: transport, credentials, sessions, retries, errors, redaction.
//!
//! Users reach it through `platform_client::Client` and `nexus_client::Client`: each generated method builds a
//! [`Call`] and sends it through the [`Transport`] that a [`ClientBuilder`] made.
//!
//! What they do for every call is in the [`guide`].

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod auth;
mod client;
mod deadline;
#[cfg(feature = "dispatch")]
#[cfg_attr(docsrs, doc(cfg(feature = "dispatch")))]
pub mod dispatch;
mod error;
mod exact;
pub mod guide;
#[cfg(feature = "mock")]
#[cfg_attr(docsrs, doc(cfg(feature = "mock")))]
pub mod mock;
pub mod oauth;
mod object;
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
#[doc(hidden)]
pub use object::__object;
pub use operation::{
    Body, DocumentedResponse, Location, Operation, Parameter, SecurityKind, SecurityScheme,
};
pub use request::argument::{Argument, IntoArgument, IntoField};
pub use reqwest;
pub use response::byte_stream::ByteStream;
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
