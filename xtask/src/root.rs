//! The folders that the commands work on.

use std::path::{Path, PathBuf};

/// The repository that the user works on: the nearest folder, from here upwards, that holds `specs` and `crates`; else
/// the one that this program was built in.
pub fn root() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let found = here
        .ancestors()
        .find(|folder| folder.join("specs").is_dir() && folder.join("crates").is_dir());
    found.map_or_else(workspace, Path::to_path_buf)
}

/// The workspace that this program was built in.
pub fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}
