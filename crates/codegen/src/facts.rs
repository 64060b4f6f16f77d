//! What no spec says of its API: `api.toml`.

use std::path::Path;

use serde::{Deserialize, Deserializer, de::Error as _};
use toml_edit::Datetime;

use crate::toml::{line_of, parse_toml};

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
    /// The API's name for people, such as `MX Platform API`; one line.
    #[serde(deserialize_with = "title")]
    pub title: String,
    /// How callers authenticate.
    pub authentication: Authentication,
    /// The environment variables that hold the credentials, in the order in which a client takes them; none if a client
    /// reads no credentials from the environment.
    #[serde(default, deserialize_with = "variables")]
    pub variables: Vec<String>,
    /// The operations that the client shall not have, each by its `operationId` or as `GET /users`.
    #[serde(default)]
    pub skip: Vec<String>,
    /// Where the spec was published, if it is known.
    pub source: Option<Published>,
}

/// How callers of an API authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authentication {
    /// Not at all.
    None,
    /// With a client id and an API key; single operations may take a bearer token instead.
    Basic,
    /// With a bearer token.
    Bearer,
    /// With the token of a user's session, in a header.
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
    #[serde(deserialize_with = "sha256")]
    pub sha256: String,
}

impl Authentication {
    /// Its name in `api.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic => "basic",
            Self::Bearer => "bearer",
            Self::Session => "session",
        }
    }

    /// What the environment variables of a client hold, in their order.
    pub fn secrets(self) -> &'static [&'static str] {
        match self {
            Self::None => &[],
            Self::Basic => &["the client id", "the API key"],
            Self::Bearer => &["the bearer token"],
            Self::Session => &["the session's token"],
        }
    }
}

impl Facts {
    /// Those of an API whose client has every operation and reads no credentials from the environment; `title` is one
    /// line.
    pub fn new(title: impl Into<String>, authentication: Authentication) -> Self {
        Self {
            title: title.into(),
            authentication,
            variables: Vec::new(),
            skip: Vec::new(),
            source: None,
        }
    }

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
        let facts: Self = parse_toml(text, name)?;
        let (wanted, given) = (facts.authentication.secrets(), facts.variables.len());
        match given {
            0 => Ok(facts),
            _ if given == wanted.len() => Ok(facts),
            _ => Err(format!(
                "{name}:{}: `variables` has {given} names, and `authentication = \"{}\"` takes {}",
                line_of(text, "variables"),
                facts.authentication.name(),
                match wanted.len() {
                    0 => "none".to_owned(),
                    count => format!("{count}: of {}", wanted.join(" and of ")),
                }
            )),
        }
    }
}

fn title<'de, D: Deserializer<'de>>(value: D) -> Result<String, D::Error> {
    let title = String::deserialize(value)?;
    match title.trim().is_empty() || title.contains(char::is_control) {
        true => Err(D::Error::custom(
            "`title` must be one line of text: the name of the API",
        )),
        false => Ok(title),
    }
}

fn variables<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<String>, D::Error> {
    let names = Vec::<String>::deserialize(value)?;
    match names.iter().find(|name| !is_variable(name)) {
        Some(name) => Err(D::Error::custom(format!(
            "`{name}` is not the name of an environment variable: use letters, digits and underscores"
        ))),
        None => Ok(names),
    }
}

/// Whether every shell can set an environment variable of this name.
fn is_variable(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn sha256<'de, D: Deserializer<'de>>(value: D) -> Result<String, D::Error> {
    let sum = String::deserialize(value)?;
    match sum.len() == 64 && sum.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')) {
        true => Ok(sum),
        false => Err(D::Error::custom(
            "`sha256` must be 64 hexadecimal digits in lower case, as sha256sum prints them",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::Facts;

    const RIGHT: &str = r#"title = "MX Nexus API"
authentication = "session"
variables = ["MX_SESSION_TOKEN"]

[source]
urls = ["https://example.com/openapi.yaml"]
date = 2026-11-22
sha256 = "f128978ac70eeee963039c69b6adbdd58d749d270274d18ec62378baa3e1cd99"
"#;

    #[test]
    fn errors_name_the_file_the_line_and_what_is_right() {
        assert!(Facts::parse(RIGHT, "api.toml").is_ok());
        for (from, to, told) in [
            ("title =", "titel =", ":1: unknown field `titel`"),
            ("title =", "titel =", "did you mean `title`?"),
            ("urls =", "url =", ":6: unknown field `url`"),
            ("urls =", "url =", "did you mean `urls`?"),
            ("[source]", "[sources]", ":5: unknown field `sources`"),
            ("\"session\"", "\"sesion\"", ":2: unknown variant `sesion`"),
            ("\"session\"", "\"sesion\"", "did you mean `session`?"),
            (
                "\"session\"",
                "\"oauth\"",
                "expected one of `none`, `basic`, `bearer`, `session`",
            ),
            ("title = \"MX Nexus API\"\n", "", "missing field `title`"),
            ("\"MX Nexus API\"", "\" \"", ":1: `title` must be one line"),
            (
                "\"MX Nexus API\"",
                "\"a\\nb\"",
                ":1: `title` must be one line",
            ),
            (
                "\"MX Nexus API\"",
                "7",
                ":1: invalid type: integer `7`, expected a string",
            ),
            (
                "MX_SESSION_TOKEN",
                "MX-TOKEN",
                ":3: `MX-TOKEN` is not the name",
            ),
            (
                "\"MX_SESSION_TOKEN\"",
                "\"A\", \"B\"",
                ":3: `variables` has 2 names",
            ),
            (
                "\"session\"",
                "\"basic\"",
                "takes 2: of the client id and of the API key",
            ),
            ("\"session\"", "\"none\"", "takes none"),
            ("2026-11-22", "\"yesterday\"", ":7: "),
            ("f128978a", "f12897", ":8: `sha256` must be 64"),
            ("title", "title = \"x\"\ntitle", ":2: duplicate key"),
            ("[source]", "[source", ":5: "),
        ] {
            let text = RIGHT.replacen(from, to, 1);
            assert_ne!(text, RIGHT, "{from}");
            let error = Facts::parse(&text, "specs/x/api.toml").expect_err(to);
            assert!(error.starts_with("specs/x/api.toml:"), "{error}");
            assert!(error.contains(told), "no `{told}` in: {error}");
        }
    }
}
