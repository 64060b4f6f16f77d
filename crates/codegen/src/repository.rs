//! The specs and clients of the repository: which API has which files.

use std::path::{Path, PathBuf};

use openapi::{Document, ReadError};

use crate::facts::{Authentication, Facts};

/// An API of the repository: a folder under `specs/` and the client crate made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The folder's name, such as `platform`.
    pub name: String,
    /// The repository's root.
    pub root: PathBuf,
}

impl Entry {
    /// Every API that has a spec, in order of name.
    ///
    /// # Errors
    ///
    /// The folder `specs/` cannot be read.
    pub fn all(root: &Path) -> std::io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for folder in std::fs::read_dir(root.join("specs"))? {
            let folder = folder?;
            if folder.file_type()?.is_dir() {
                let name = folder.file_name().to_string_lossy().into_owned();
                entries.push(Entry {
                    name,
                    root: root.to_owned(),
                });
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// What the spec does not say of the API.
    pub fn facts(&self) -> Facts {
        let (title, authentication, variables) = match self.name.as_str() {
            "nexus" => (
                "MX Nexus API",
                Authentication::Session,
                &["MX_SESSION_TOKEN"][..],
            ),
            _ => (
                "MX Platform API",
                Authentication::Basic,
                &["MX_CLIENT_ID", "MX_API_KEY"][..],
            ),
        };
        Facts {
            title: title.to_owned(),
            authentication,
            variables: variables.iter().map(|name| name.to_string()).collect(),
        }
    }

    /// The environment variable that names another spec at build time.
    pub fn spec_variable(&self) -> String {
        format!("{}_CLIENT_SPEC", self.name.to_uppercase())
    }

    /// The spec, as published.
    pub fn spec(&self) -> PathBuf {
        self.folder().join("openapi.yaml")
    }

    /// The corrections to the spec.
    pub fn overlay(&self) -> PathBuf {
        self.folder().join("overlay.yaml")
    }

    /// What was changed on the way from the spec to the client.
    pub fn deviations(&self) -> PathBuf {
        self.folder().join("DEVIATIONS.md")
    }

    /// The folder of the client's generated code.
    pub fn code(&self) -> PathBuf {
        self.root
            .join("crates")
            .join(format!("{}-client", self.name))
            .join("src")
            .join("generated")
    }

    fn folder(&self) -> PathBuf {
        self.root.join("specs").join(&self.name)
    }

    /// Reads a document of the repository; its name is its path from the root, the same on every machine.
    ///
    /// # Errors
    ///
    /// It cannot be read as YAML or JSON.
    pub fn read(&self, path: &Path) -> Result<Document, ReadError> {
        let name = path.strip_prefix(&self.root).unwrap_or(path);
        let parts: Vec<_> = name
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect();
        Document::read_as(path, &parts.join("/"))
    }

    /// Reads the overlay, if there is one.
    ///
    /// # Errors
    ///
    /// It cannot be read as YAML or JSON.
    pub fn read_overlay(&self) -> Result<Option<Document>, ReadError> {
        let path = self.overlay();
        if path.exists() {
            self.read(&path).map(Some)
        } else {
            Ok(None)
        }
    }
}
