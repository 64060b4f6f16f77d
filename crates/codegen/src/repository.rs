//! The specs and clients of the repository: which API has which files.

use std::path::{Path, PathBuf};

use crate::facts::Facts;
use crate::sources::Sources;

/// An API of the repository: a folder under `specs/`, and the client crate made from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The folder's name, such as `platform`.
    pub name: String,
    /// What the spec does not say of the API.
    pub facts: Facts,
    root: PathBuf,
}

impl Entry {
    /// The API of a folder under `specs/`.
    ///
    /// # Errors
    ///
    /// There is no such folder, or its `api.toml` is missing or wrong.
    pub fn read(root: &Path, name: &str) -> Result<Self, String> {
        let folder = folder(root, name);
        if !folder.is_dir() {
            return Err(format!(
                "there is no API `{name}`: the folders of specs/ are {}",
                names(root)?.join(", ")
            ));
        }
        let (path, shown) = (folder.join("api.toml"), format!("specs/{name}/api.toml"));
        if !path.exists() {
            return Err(format!(
                "{shown} is missing: every folder of specs/ is an API, made by `cargo xtask new-client {name} --spec \
                 FILE`; to do so, move this folder away"
            ));
        }
        Ok(Self {
            name: name.to_owned(),
            facts: Facts::read(&path, &shown)?,
            root: root.to_owned(),
        })
    }

    /// Every API of the repository, in order of name.
    ///
    /// # Errors
    ///
    /// The folder `specs/` cannot be read, or the `api.toml` of a folder in it is missing or wrong.
    pub fn all(root: &Path) -> Result<Vec<Self>, String> {
        let names = names(root)?;
        names.iter().map(|name| Self::read(root, name)).collect()
    }

    /// Its spec and the corrections to it. They are called by their paths from the root, on every machine the same.
    pub fn sources(&self) -> Sources {
        Sources::of(
            folder(&self.root, &self.name),
            format!("specs/{}", self.name),
        )
    }

    /// The list of what the passes changed.
    pub fn deviations(&self) -> PathBuf {
        folder(&self.root, &self.name).join("DEVIATIONS.md")
    }

    /// The name of the client's crate.
    pub fn crate_name(&self) -> String {
        format!("{}-client", self.name)
    }

    /// The folder of the client's crate.
    pub fn crate_folder(&self) -> PathBuf {
        self.root.join("crates").join(self.crate_name())
    }
}

/// The names of the folders under `specs/`, in order.
fn names(root: &Path) -> Result<Vec<String>, String> {
    let specs = root.join("specs");
    let failed = |error| format!("cannot read {}: {error}", specs.display());
    let mut names = Vec::new();
    for folder in std::fs::read_dir(&specs).map_err(failed)? {
        let folder = folder.map_err(failed)?;
        if folder.file_type().map_err(failed)?.is_dir() {
            names.push(folder.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// The folder of an API's spec.
fn folder(root: &Path, name: &str) -> PathBuf {
    root.join("specs").join(name)
}
