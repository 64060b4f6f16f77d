//! What no spec says of its API: `api.toml`.

use std::path::Path;

use serde::Deserialize;
use toml_edit::Datetime;

/// The facts of an API, read from `api.toml`.
///
/// ```
/// use codegen::{Authentication, Facts};
///
/// let text = r#"
/// title = "MX Nexus API"
/// authentication = "session"
/// variables = ["MX_SESSION_TOKEN"]
/// "#;
/// let facts = Facts::parse(text, "api.toml")?;
/// assert_eq!(facts.authentication, Authentication::Session);
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The API's name for people, such as `MX Platform API`.
    pub title: String,
    /// How callers authenticate.
    pub authentication: Authentication,
    /// The environment variables that hold the credentials, in the order in which a client takes them.
    #[serde(default)]
    pub variables: Vec<String>,
    /// Where the spec was published, if it is known.
    pub source: Option<Published>,
}

/// How callers of an API authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authentication {
    /// With credentials of their own: a client id and a key, or a bearer token.
    Basic,
    /// With the session of a user.
    Session,
}

/// Where and when a spec was taken.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The URLs of its pages or files.
    pub urls: Vec<String>,
    /// The day on which it was taken.
    pub date: Datetime,
    /// SHA-256 of the spec as it was taken.
    pub sha256: String,
}

impl Facts {
    /// Reads an `api.toml`; `name` is what errors call it.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or a line of it is wrong; with the line, and what is expected there.
    pub fn read(path: &Path, name: &str) -> Result<Self, String> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("{name}: cannot be read: {error}"))?;
        Self::parse(&text, name)
    }

    /// Reads the text of an `api.toml`; `name` is what errors call it.
    ///
    /// # Errors
    ///
    /// A line of it is wrong; with the line, and what is expected there.
    pub fn parse(text: &str, name: &str) -> Result<Self, String> {
        let facts: Self =
            toml_edit::de::from_str(text).map_err(|error| format!("{name}: {error}"))?;
        match facts.title.trim().is_empty() {
            true => Err(format!("{name}: `title` is empty: give the API's name")),
            false => Ok(facts),
        }
    }
}
