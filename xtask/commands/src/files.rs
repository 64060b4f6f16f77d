//! Writing files.

use std::path::Path;

/// Puts a text in place of a file, whole or not at all.
pub fn replace(path: &Path, text: &str) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: cannot be written: {error}", path.display());
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = Path::new(&beside);
    std::fs::write(beside, text)
        .and_then(|()| std::fs::rename(beside, path))
        .map_err(|error| {
            let _ = std::fs::remove_file(beside);
            failed(error)
        })
}
