//! The files that a client is generated from, and the generation itself with errors as text.

use std::path::{Path, PathBuf};

use openapi::{Diagnostic, Document};

use crate::facts::Facts;
use crate::failure::Failure;
use crate::generate::{Generated, generate};
use crate::input::Input;

/// The files that a client is generated from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources {
    /// The spec.
    pub spec: Source,
    /// The corrections to it.
    pub overlay: Option<Source>,
    /// Corrections of the user's own.
    pub user_overlay: Option<Source>,
    /// Whether a correction of `overlay` that matches nothing is an error: for the spec that it was written for.
    pub strict: bool,
}

/// A file, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// What errors call it.
    pub shown: String,
    /// What the headers of the generated files call it.
    pub name: String,
}

/// A file that was read, under each of its names.
struct Read {
    shown: Document,
    named: Document,
}

/// A client's sources, and the warnings about its spec as text.
#[derive(Debug)]
pub struct Outcome {
    /// The sources.
    pub generated: Generated,
    /// The warnings with the lines that they are about; empty if there are none.
    pub warnings: String,
    /// How many there are.
    pub warning_count: usize,
}

impl Source {
    /// A file that is called by its name, without its folder.
    pub fn named_by_file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = name.to_string_lossy().into_owned();
        Self {
            path,
            shown: name.clone(),
            name,
        }
    }

    /// A file of the user's, which is called otherwise in the generated files.
    pub fn of_user(path: &Path, name: &str) -> Self {
        Self {
            path: path.to_owned(),
            shown: path.display().to_string(),
            name: name.to_owned(),
        }
    }

    fn read(&self) -> Result<Read, String> {
        let read = Document::read_as(&self.path, &self.shown);
        let shown = read.map_err(|error| error.to_string())?;
        let named = shown.clone().renamed(&self.name);
        Ok(Read { shown, named })
    }
}

impl Sources {
    /// The files of a folder, which errors call `name`; it need not have an overlay.
    pub fn of(folder: PathBuf, name: String) -> Self {
        let source = |file: &str| Source {
            path: folder.join(file),
            shown: format!("{name}/{file}"),
            name: file.to_owned(),
        };
        Self {
            spec: source("openapi.yaml"),
            overlay: Some(source("overlay.yaml")).filter(|overlay| overlay.path.exists()),
            user_overlay: None,
            strict: true,
        }
    }

    /// The same with another spec, which the overlay was not written for.
    pub fn with_spec(self, path: &Path) -> Self {
        Self {
            spec: Source::named_by_file(path),
            strict: false,
            ..self
        }
    }

    /// Generates the client.
    ///
    /// # Errors
    ///
    /// What is wrong with the spec or an overlay, shown with the lines that it is about.
    pub fn generate(&self, facts: &Facts) -> Result<Outcome, String> {
        let read = |source: &Option<Source>| source.as_ref().map(Source::read).transpose();
        let spec = self.spec.read()?;
        let (overlay, user_overlay) = (read(&self.overlay)?, read(&self.user_overlay)?);
        let input = Input {
            facts,
            document: &spec.named,
            overlay: overlay.as_ref().map(|read| &read.named),
            user_overlay: user_overlay.as_ref().map(|read| &read.named),
            strict: self.strict,
        };
        let show = |findings: &[Diagnostic], about: Option<&Read>| {
            openapi::render(findings, &about.unwrap_or(&spec).shown, false)
        };
        match generate(&input) {
            Ok(generated) => Ok(Outcome {
                warnings: match generated.warnings.as_slice() {
                    [] => String::new(),
                    findings => show(findings, None),
                },
                warning_count: generated.warnings.len(),
                generated,
            }),
            Err(Failure::Spec(findings)) => Err(show(&findings, None)),
            Err(Failure::Overlay(findings)) => Err(show(&findings, overlay.as_ref())),
            Err(Failure::UserOverlay(findings)) => Err(show(&findings, user_overlay.as_ref())),
        }
    }
}
