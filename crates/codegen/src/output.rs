//! Files on the disk: whether they are what the spec gives, and how they are replaced.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::generate::Generated;

/// Files to be written, by path, and files that must go.
#[derive(Debug, Default)]
pub struct Plan {
    files: BTreeMap<PathBuf, String>,
    /// Folders that hold planned files only.
    owned: Vec<PathBuf>,
}

/// A file that is not as it should be.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    /// The file.
    pub path: PathBuf,
    /// What it holds; `None` where it is missing.
    pub found: Option<String>,
    /// What it should hold; `None` where it should not exist.
    pub wanted: Option<String>,
}

/// A file that could not be read or written.
#[derive(Debug)]
pub struct FileError {
    doing: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "cannot {} {}: {}",
            self.doing,
            self.path.display(),
            self.source
        )
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Replaces a file, or creates it: whole or not at all.
///
/// # Errors
///
/// It cannot be written; the old file then stands as it was.
pub fn replace(path: &Path, text: String) -> Result<(), FileError> {
    let mut plan = Plan::default();
    plan.add_file(path.to_owned(), text);
    plan.write().map(drop)
}

/// A file of our own: what stands there, an interruption's or a link to somewhere else, is not written through.
fn exclusive(path: &Path) -> io::Result<fs::File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
}

impl Plan {
    /// Adds a client's sources, which are all the files of the folder `code`.
    pub fn add_code(&mut self, code: &Path, generated: &Generated) {
        for (name, text) in &generated.files {
            self.files.insert(code.join(name), text.clone());
        }
        self.own(code.to_owned());
    }

    /// Says that a folder holds planned files only: others in it, not in folders below, must go.
    pub fn own(&mut self, folder: PathBuf) {
        self.owned.push(folder);
    }

    /// Adds a single file.
    pub fn add_file(&mut self, path: PathBuf, text: String) {
        self.files.insert(path, text);
    }

    /// The files that are not as planned, in order of path.
    ///
    /// # Errors
    ///
    /// A file or folder that cannot be read.
    pub fn differences(&self) -> Result<Vec<Difference>, FileError> {
        let mut differences = Vec::new();
        for (path, wanted) in &self.files {
            let found = match fs::read(path) {
                Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(source) => {
                    return Err(FileError {
                        doing: "read",
                        path: path.clone(),
                        source,
                    });
                }
            };
            if found.as_ref() != Some(wanted) {
                differences.push(Difference {
                    path: path.clone(),
                    found,
                    wanted: Some(wanted.clone()),
                });
            }
        }
        for path in self.surplus()? {
            let bytes = fs::read(&path).map_err(|source| FileError {
                doing: "read",
                path: path.clone(),
                source,
            })?;
            let found = Some(String::from_utf8_lossy(&bytes).into_owned());
            differences.push(Difference {
                path,
                found,
                wanted: None,
            });
        }
        differences.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(differences)
    }

    /// Brings the files to what is planned, and returns those that changed.
    ///
    /// Everything is written beside its place first and then moved there, so that a failure or an interruption
    /// leaves each file either as it was or as it should be.
    ///
    /// # Errors
    ///
    /// A file that cannot be written; the old files then are as they were, and folders made for new ones are gone.
    pub fn write(&self) -> Result<Vec<PathBuf>, FileError> {
        let differences = self.differences()?;
        let mut staged: Vec<(PathBuf, &Path)> = Vec::new();
        let made = self.missing_folders();
        let result = self.stage(&differences, &mut staged).and_then(|()| {
            // A manifest comes after what it names: until then cargo takes a new folder for no crate.
            staged.sort_by_key(|(_, path)| path.ends_with("Cargo.toml"));
            for (temporary, path) in &staged {
                fs::rename(temporary, path).map_err(|source| FileError {
                    doing: "replace",
                    path: path.to_path_buf(),
                    source,
                })?;
            }
            for gone in differences
                .iter()
                .filter(|difference| difference.wanted.is_none())
            {
                match fs::remove_file(&gone.path) {
                    // The temporary file of an interrupted run, used again and moved to its place by now.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    result => result.map_err(|source| FileError {
                        doing: "remove",
                        path: gone.path.clone(),
                        source,
                    })?,
                }
            }
            Ok(())
        });
        for (temporary, _) in &staged {
            // After success nothing is left here; after a failure what is left is of no use.
            let _ = fs::remove_file(temporary);
        }
        if result.is_err() {
            // From the deepest up. One that holds something stays.
            for folder in made.iter().rev() {
                let _ = fs::remove_dir(folder);
            }
        }
        result.map(|()| {
            differences
                .into_iter()
                .map(|difference| difference.path)
                .collect()
        })
    }

    /// The folders of the files that do not exist yet, each after the one that it is in.
    fn missing_folders(&self) -> BTreeSet<PathBuf> {
        let parents = self.files.keys().flat_map(|path| path.ancestors().skip(1));
        let missing = parents.filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        missing.map(Path::to_owned).collect()
    }

    fn stage<'a>(
        &self,
        differences: &'a [Difference],
        staged: &mut Vec<(PathBuf, &'a Path)>,
    ) -> Result<(), FileError> {
        for difference in differences {
            let Some(wanted) = &difference.wanted else {
                continue;
            };
            let path = &difference.path;
            let failed = |source| FileError {
                doing: "write",
                path: path.clone(),
                source,
            };
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(failed)?;
            }
            let mut name = path.file_name().unwrap_or_default().to_owned();
            name.push(".new");
            let temporary = path.with_file_name(name);
            staged.push((temporary.clone(), path));
            let mut file = exclusive(&temporary).map_err(failed)?;
            file.write_all(wanted.as_bytes())
                .and_then(|()| file.sync_all())
                .map_err(failed)?;
        }
        Ok(())
    }

    /// Files in owned folders that are not planned, left over by an interruption or by an older generator.
    fn surplus(&self) -> Result<Vec<PathBuf>, FileError> {
        let mut surplus = Vec::new();
        for folder in &self.owned {
            let entries = match fs::read_dir(folder) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(source) => {
                    return Err(FileError {
                        doing: "read",
                        path: folder.clone(),
                        source,
                    });
                }
            };
            for entry in entries {
                let entry = entry.map_err(|source| FileError {
                    doing: "read",
                    path: folder.clone(),
                    source,
                })?;
                let path = entry.path();
                if path.is_file() && !self.files.contains_key(&path) {
                    surplus.push(path);
                }
            }
        }
        Ok(surplus)
    }
}
