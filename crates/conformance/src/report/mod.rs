//! Verdicts for people and machines.

mod case;
pub mod coverage;
pub mod curl;
pub mod github;
pub mod html;
pub mod json;
pub mod junit;
mod mask;
mod section;
pub mod terminal;
pub mod text;

use std::fs;
use std::io;
use std::path::Path;

pub use case::{Case, Outcome};
pub use section::Section;

/// Writes `report.json`, `junit.xml` and `report.html` into a folder, which is made if need be.
///
/// # Errors
///
/// The folder or a file cannot be written.
pub fn write(folder: &Path, sections: &[Section]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("report.html"), html::page(sections))?;
    fs::write(folder.join("report.json"), json::report(sections))?;
    fs::write(
        folder.join("junit.xml"),
        junit::report(sections).map_err(io::Error::other)?,
    )
}
