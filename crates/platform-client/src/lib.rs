#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(not(feature = "build-time"))]
#[rustfmt::skip]
mod generated;

#[cfg(feature = "build-time")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/generated/mod.rs"));
}

#[doc(inline)]
pub use client_core::guide;
#[doc(no_inline)]
pub use client_core::reqwest;
#[doc(inline)]
pub use client_core::{
    Attempt, ByteStream, Decimal, Error, ErrorKind, Items, Page, Pages, RawResponse, Request,
    Response, RetryPolicy, SecretString, Sensitive, Transport, http_client_builder, oauth,
};

#[doc(inline)]
pub use client_core::Credentials;

#[cfg(feature = "openapi")]
#[cfg_attr(docsrs, doc(cfg(feature = "openapi")))]
pub use generated::OPENAPI;
#[cfg(feature = "dispatch")]
#[cfg_attr(docsrs, doc(cfg(feature = "dispatch")))]
pub use generated::dispatch;
#[cfg(feature = "mock")]
#[cfg_attr(docsrs, doc(cfg(feature = "mock")))]
pub use generated::mock;
#[allow(unused_imports)] // An API may have no types.
pub use generated::types::*;
pub use generated::{Client, ClientBuilder, Environment, builder, operations, types};
