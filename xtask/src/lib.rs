//! What the commands and the end-to-end tests share.

mod cargo;

pub use cargo::cargo;
