//! Where the specs were published: `specs/sources.toml`. And what was accepted about them since:
//! `specs/<api>/drift.toml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use drift::compare::Acceptance;
use reqwest::Url;
use serde::Deserialize;
use toml_edit::{Datetime, DocumentMut, value};

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    url: Urls,
    date: Datetime,
    sha256: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Urls {
    One(String),
    Several(Vec<String>),
}

fn path(root: &Path) -> PathBuf {
    root.join("specs/sources.toml")
}

/// The sources of all specs, or of one.
pub fn read(root: &Path, api: Option<&str>) -> Result<Vec<Source>, String> {
    let name = "specs/sources.toml";
    let text = read_file(&path(root), name)?;
    let entries: BTreeMap<String, Entry> =
        toml_edit::de::from_str(&text).map_err(|error| format!("{name}: {error}"))?;
    let mut sources = Vec::new();
    for (key, entry) in entries {
        if api.is_some_and(|api| api != key) {
            continue;
        }
        let urls = match entry.url {
            Urls::One(url) => vec![url],
            Urls::Several(urls) => urls,
        };
        let urls: Vec<Url> = urls
            .iter()
            .map(|text| match Url::parse(text) {
                Ok(url) if fetch::is_safe(&url) => Ok(url),
                Ok(_) => Err(format!("{name}: `{key}`: `{text}` is not https")),
                Err(error) => Err(format!("{name}: `{key}`: `{text}` is not a URL: {error}")),
            })
            .collect::<Result<_, _>>()?;
        if urls.is_empty() {
            return Err(format!("{name}: `{key}`: there is no `url`"));
        }
        let (date, sha256) = (entry.date.to_string(), entry.sha256);
        sources.push(Source {
            api: key,
            urls,
            date,
            sha256,
        });
    }
    match api {
        Some(api) if sources.is_empty() => Err(format!("{name}: there is no `{api}`")),
        _ => Ok(sources),
    }
}

/// Notes that a spec was taken anew; the rest of the file stays as it is written.
pub fn taken(root: &Path, api: &str, date: &str, sha256: &str) -> Result<(), String> {
    let name = "specs/sources.toml";
    let text = read_file(&path(root), name)?;
    let mut document: DocumentMut = text.parse().map_err(|error| format!("{name}: {error}"))?;
    let date: Datetime = date.parse().map_err(|error| format!("{name}: {error}"))?;
    document[api]["date"] = value(date);
    document[api]["sha256"] = value(sha256);
    std::fs::write(path(root), document.to_string())
        .map_err(|error| format!("{name}: cannot be written: {error}"))
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
    let accepted: Accepted =
        toml_edit::de::from_str(&text).map_err(|error| format!("{name}: {error}"))?;
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
