//! What a client says of its API that no spec says.

use serde::Deserialize;

/// The facts of an API; a file can hold them, with the names of the fields as its keys.
///
/// ```
/// use codegen::{Authentication, Facts};
///
/// let facts: Facts = serde_json::from_str(
///     r#"{"title": "MX Nexus API", "authentication": "session", "variables": ["MX_SESSION_TOKEN"]}"#,
/// )?;
/// assert_eq!(facts.authentication, Authentication::Session);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Facts {
    /// The API's name for people, such as `MX Platform API`.
    pub title: String,
    /// How callers authenticate.
    pub authentication: Authentication,
    /// The environment variables that hold the credentials, in the order in which a client takes them.
    #[serde(default)]
    pub variables: Vec<String>,
}

/// How callers of an API authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authentication {
    /// With credentials of their own: a client id and a key.
    Basic,
    /// With the session of a user.
    Session,
}
