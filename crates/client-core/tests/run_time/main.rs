//! The run time as its users meet it: through its public face, over real loopback sockets.

#[path = "../support/mod.rs"]
mod support;

mod calls;
mod configuration;
mod connections;
mod error_bodies;
mod faults;
mod memory;
mod oauth;
mod outages;
mod pages;
mod paths;
mod per_call;
mod properties;
mod proxies;
mod reentry;
mod reliability;
mod responses;
mod retries;
mod safety;
mod sessions;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod tls;
