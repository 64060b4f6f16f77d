//! The files of a report.

use std::fs;
use std::io;
use std::path::Path;

use crate::report::section::Section;
use crate::report::{html, json, junit};

/// Writes `report.json`, `junit.xml` and `report.html` into a folder, which is created if it is missing.
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
