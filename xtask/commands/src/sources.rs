//! Where the specs were published: `[source]` in `specs/<api>/api.toml`. And what was accepted about them since:
//! `specs/<api>/drift.toml`.

use std::path::{Path, PathBuf};

use codegen::repository::Entry;
use drift::compare::Acceptance;
use reqwest::Url;
use serde::Deserialize;
use toml_edit::{Datetime, DocumentMut, value};
use xtask::note;

use crate::fetch;
use crate::input::read_file;

/// The source of one spec.
#[derive(Clone, Debug)]
pub struct Source {
    /// The folder in `specs`.
    pub api: String,
    /// Its pages or files.
    pub urls: Vec<Url>,
    /// When it was taken, as `YYYY-MM-DD`.
    pub date: String,
    /// SHA-256 of the spec then taken.
    pub sha256: String,
}

impl Source {
    /// The spec in the repository.
    pub fn file(&self, root: &Path) -> PathBuf {
        root.join("specs").join(&self.api).join("openapi.yaml")
    }
}

/// The file that names the source of a spec.
fn name(api: &str) -> String {
    format!("specs/{api}/api.toml")
}

/// The sources of all specs that have one, or of one API.
pub fn read(root: &Path, api: Option<&str>) -> Result<Vec<Source>, String> {
    let entries = match api {
        Some(api) => vec![Entry::read(root, api)?],
        None => Entry::all(root)?,
    };
    let mut sources = Vec::new();
    for entry in entries {
        let name = name(&entry.name);
        let Some(published) = entry.facts.source else {
            let missing = format!("{name} has no `[source]`: the spec cannot be compared");
            match api {
                Some(_) => return Err(missing),
                None => note(missing),
            }
            continue;
        };
        let url = |text: &String| match Url::parse(text) {
            Ok(url) if fetch::is_safe(&url) => Ok(url),
            Ok(_) => Err(format!("{name}: `{text}` is not https")),
            Err(error) => Err(format!("{name}: `{text}` is not a URL: {error}")),
        };
        let urls: Vec<Url> = published.urls.iter().map(url).collect::<Result<_, _>>()?;
        if urls.is_empty() {
            return Err(format!("{name}: `urls` is empty"));
        }
        sources.push(Source {
            api: entry.name,
            urls,
            date: published.date.to_string(),
            sha256: published.sha256,
        });
    }
    Ok(sources)
}

/// Records that a spec was taken again; the rest of the file stays as it is.
pub fn taken(root: &Path, api: &str, date: &str, sha256: &str) -> Result<(), String> {
    let name = name(api);
    let path = root.join(&name);
    let text = read_file(&path, &name)?;
    let mut document: DocumentMut = text.parse().map_err(|error| format!("{name}: {error}"))?;
    let date: Datetime = date.parse().map_err(|error| format!("{name}: {error}"))?;
    document["source"]["date"] = value(date);
    document["source"]["sha256"] = value(sha256);
    codegen::output::replace(&path, document.to_string()).map_err(|error| error.to_string())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    #[serde(default)]
    accept: Vec<AcceptedChange>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AcceptedChange {
    pointer: String,
    message: String,
    reason: String,
    /// When it was accepted. Not weighed, but asked for: a reason has its time.
    #[serde(rename = "date")]
    _date: Datetime,
}

/// The changes accepted for an API; none if there is no `drift.toml`.
pub fn acceptances(root: &Path, api: &str) -> Result<Vec<Acceptance>, String> {
    let name = format!("specs/{api}/drift.toml");
    let path = root.join(&name);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = read_file(&path, &name)?;
    let accepted: Accepted = codegen::parse_toml(&text, &name)?;
    let acceptance = |change: AcceptedChange| Acceptance {
        pointer: change.pointer,
        message: change.message,
        reason: change.reason,
    };
    let acceptances: Vec<Acceptance> = accepted.accept.into_iter().map(acceptance).collect();
    match acceptances
        .iter()
        .find(|acceptance| acceptance.reason.trim().is_empty())
    {
        Some(acceptance) => Err(format!(
            "{name}: `{}` is accepted without a reason",
            acceptance.message
        )),
        None => Ok(acceptances),
    }
}
