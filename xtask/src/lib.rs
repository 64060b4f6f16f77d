//! What the programs behind `cargo xtask`, and the end-to-end tests, share.

#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod build;
mod cargo;
mod output;
mod root;

pub use cargo::{cargo, program};
pub use output::{note, print, saying};
pub use root::{root, shared_build, target, workspace};
