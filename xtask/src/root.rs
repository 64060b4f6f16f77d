//! The repository that the commands work on.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository: the nearest folder, from here upwards, that holds `specs` and `crates`; else the one
/// that this program was built in.
pub fn root() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let found = here
        .ancestors()
        .find(|folder| folder.join("specs").is_dir() && folder.join("crates").is_dir());
    found.map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
        Path::to_path_buf,
    )
}

/// Cargo, in the root.
pub fn cargo() -> Command {
    let mut cargo = xtask::cargo();
    cargo.current_dir(root());
    cargo
}

/// What is said where [`cargo`] does not start.
pub fn cannot_start(error: std::io::Error) -> String {
    format!("cannot start cargo: {error}")
}
