//! The repository that the commands work on.

use std::path::{Path, PathBuf};

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
