//! The specs that a command is given: files, revisions, pages, URLs.

use std::path::{Path, PathBuf};
use std::process::Command;

use drift::import;
use openapi::Document;
use reqwest::Url;

use crate::fetch;
use xtask::root;

/// Where a spec comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file: a spec in YAML or JSON, or a saved documentation page.
    File(PathBuf),
    /// A file at a revision of the repository; without a path the one that the other side names.
    Git {
        revision: String,
        path: Option<String>,
    },
    /// Any of these over the network.
    Url(Url),
}

impl std::str::FromStr for Input {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(rest) = text.strip_prefix("git:") {
            let (revision, path) = match rest.split_once(':') {
                Some((revision, path)) => (revision, Some(path.to_owned())),
                None => (rest, None),
            };
            if revision.is_empty() {
                return Err("expected git:REV, such as git:HEAD or git:origin/main".to_owned());
            }
            return Ok(Input::Git {
                revision: revision.to_owned(),
                path,
            });
        }
        if text.starts_with("https://") || text.starts_with("http://") {
            let url = Url::parse(text).map_err(|error| format!("not a URL: {error}"))?;
            return Ok(Input::Url(url));
        }
        Ok(Input::File(text.into()))
    }
}

/// Two specs, and what a reader must know of them.
pub struct Pair {
    /// The older one.
    pub old: Document,
    /// The newer one.
    pub new: Document,
    /// Keys that the older one has twice.
    pub notes: Vec<String>,
}

/// Reads two specs. `api` tells which file a bare `git:REV` means, if no other side does. The older one cannot be
/// corrected any more, so that it may have keys twice.
pub fn read_pair(old: &Input, new: &Input, api: Option<&str>) -> Result<Pair, String> {
    let (name, text) = text(old, new, api)?;
    let old_read = import::older_document(&name, &text).map_err(|error| error.to_string())?;
    let (name, text) = self::text(new, old, api)?;
    let new = import::document(&name, &text).map_err(|error| error.to_string())?;
    let (old, notes) = old_read;
    Ok(Pair { old, new, notes })
}

/// The name and the text of a spec.
fn text(input: &Input, other: &Input, api: Option<&str>) -> Result<(String, String), String> {
    Ok(match input {
        Input::File(path) => {
            let name = path.display().to_string();
            (name.clone(), read_file(path, &name)?)
        }
        Input::Git { revision, path } => {
            let (folder, path) = match (path, other, api) {
                (Some(path), ..) => (PathBuf::from("."), path.clone()),
                (None, Input::File(file), _) => beside(file)?,
                (None, _, Some(api)) => (root(), format!("./specs/{api}/openapi.yaml")),
                (None, ..) => {
                    return Err(format!(
                        "git:{revision}: of which file? Give --api, or git:{revision}:PATH"
                    ));
                }
            };
            (
                format!("git:{revision}"),
                at_revision(&folder, revision, &path)?,
            )
        }
        Input::Url(url) => (
            fetch::shown(url),
            fetch::fetch(std::slice::from_ref(url))?.remove(0),
        ),
    })
}

fn beside(file: &Path) -> Result<(PathBuf, String), String> {
    let name = file.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| format!("{}: not the name of a file", file.display()))?;
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    Ok((
        folder.unwrap_or(Path::new(".")).to_owned(),
        format!("./{name}"),
    ))
}

/// The text of a file.
pub fn read_file(path: &Path, name: &str) -> Result<String, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{name}: cannot be read: {error}"))?;
    String::from_utf8(bytes).map_err(|_| format!("{name}: not UTF-8 text"))
}

/// The text of a file at a revision.
pub fn at_revision(folder: &Path, revision: &str, path: &str) -> Result<String, String> {
    let shown = format!("git:{revision}");
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["show", "--end-of-options", &format!("{revision}:{path}")])
        .output()
        .map_err(|error| format!("{shown}: cannot start git: {error}"))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{shown}: {}", message.trim()));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{shown}: not UTF-8 text"))
}
