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
    /// Whether operations that cannot be generated are left out; else one such operation is an error.
    pub skip_unsupported: bool,
}

/// A file, and what it is called in errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// What it is called.
    pub name: String,
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

/// How to generate the rest of an API.
const SKIPPING: &str = "
To generate the other operations, run `cargo xtask regen --skip-unsupported`, or list the operations to leave out in
api.toml, such as `skip = [\"listUsers\"]`. DEVIATIONS.md then lists what is left out, and why.
";

impl Source {
    /// A file that is called by its name, without its folder.
    pub fn named_by_file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = name.to_string_lossy().into_owned();
        Self { path, name }
    }

    /// A file that is called as the user calls it.
    pub fn named_by_path(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            name: path.display().to_string(),
        }
    }

    fn read(&self) -> Result<Document, String> {
        Document::read_as(&self.path, &self.name).map_err(|error| error.to_string())
    }
}

impl Sources {
    /// The files of a folder, which errors call `name`; it need not have an overlay.
    pub fn of(folder: PathBuf, name: String) -> Self {
        let source = |file: &str| Source {
            path: folder.join(file),
            name: format!("{name}/{file}"),
        };
        Self {
            spec: source("openapi.yaml"),
            overlay: Some(source("overlay.yaml")).filter(|overlay| overlay.path.exists()),
            user_overlay: None,
            strict: true,
            skip_unsupported: false,
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
        let document = self.spec.read()?;
        let (overlay, user_overlay) = (read(&self.overlay)?, read(&self.user_overlay)?);
        let input = Input {
            facts,
            document: &document,
            overlay: overlay.as_ref(),
            user_overlay: user_overlay.as_ref(),
            strict: self.strict,
            skip_unsupported: self.skip_unsupported,
        };
        let show = |findings: &[Diagnostic], about: Option<&Document>| {
            openapi::render(findings, about.unwrap_or(&document), false)
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
            Err(Failure::Spec(findings)) => {
                let hint = match findings.iter().any(|finding| finding.operation.is_some()) {
                    true => SKIPPING,
                    false => "",
                };
                Err(format!("{}{hint}", show(&findings, None)))
            }
            Err(Failure::Overlay(findings)) => Err(show(&findings, overlay.as_ref())),
            Err(Failure::UserOverlay(findings)) => Err(show(&findings, user_overlay.as_ref())),
        }
    }
}
