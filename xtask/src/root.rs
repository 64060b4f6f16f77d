//! The folders that the commands work on.

use std::fs;
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

/// The folder that cargo built this program into, with all that it compiled on the way.
pub fn target() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let found = program
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").exists());
    found.map_or_else(|| workspace().join("target"), Path::to_path_buf)
}

/// What another workspace needs to share what this one compiled: the profiles for its manifest, and its lock file.
///
/// # Errors
///
/// A file cannot be read, or the profiles are not what the workspace's manifest ends with.
pub fn shared_build() -> Result<(String, String), String> {
    let read = |name: &str| {
        let path = workspace().join(name);
        fs::read_to_string(&path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))
    };
    let manifest = read("Cargo.toml")?;
    let profiles = manifest
        .find("[profile.dev]")
        .map(|start| manifest[start..].to_owned());
    let profiles = profiles.ok_or("Cargo.toml: the profiles have to be at its end")?;
    Ok((profiles, read("Cargo.lock")?))
}
