//! What the programs print.

use std::fs::File;
use std::io::{self, ErrorKind, Write as _};

use crate::report::{Section, github};

/// Writes a line to stderr: an error, or progress. If that fails, it cannot be reported.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Prints a text, with colours if they are wanted.
///
/// # Errors
///
/// It cannot be printed. A reader that has closed the pipe, as `head` does, is no error.
pub fn print(text: &str) -> Result<(), String> {
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|error| format!("cannot print: {error}")),
    }
}

/// Writes annotations and a job summary for GitHub Actions.
///
/// # Errors
///
/// The summary cannot be written.
pub fn for_github(sections: &[Section]) -> Result<(), String> {
    print(&github::annotations(sections))?;
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY") else {
        return Ok(());
    };
    let file = File::options().append(true).create(true).open(&path);
    let written = file.and_then(|mut file| file.write_all(github::summary(sections).as_bytes()));
    written.map_err(|error| format!("cannot write to {}: {error}", path.display()))
}
