//! From an OpenAPI document to the sources of a client.
//!
//! A small compiler: the preflight refuses what no client can be made of, the [`passes`] change the document into what
//! progenitor takes and progenitor's output into what the clients are, and emitters write the files. What was changed
//! is in [`Generated::deviations`]. The same input gives the same bytes, and nothing here touches the network.

mod api;
pub mod build;
mod code;
mod common_headers;
mod corrections;
mod deviations;
mod emit;
mod facts;
mod failure;
mod generate;
mod input;
mod json;
mod markdown;
mod names;
mod operation_ids;
pub mod output;
mod package;
pub mod passes;
mod preflight;
mod progenitor;
mod read;
pub mod repository;
mod schemas;
mod secret_names;
mod skip;
mod sources;
mod toml;

pub use facts::{Authentication, Facts, Published};
pub use failure::Failure;
pub use generate::{Generated, Surface, SurfaceOperation, generate, surface};
pub use input::Input;
pub use package::{Dependency, Package};
pub use secret_names::secrets;
pub use sources::{Outcome, Source, Sources};
pub use toml::parse_toml;
