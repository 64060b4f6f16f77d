//! Who the caller is: the credentials of the Platform API.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString, zeroize::Zeroizing};

use crate::error::Error;

/// The environment variable of the client id.
const CLIENT_ID: &str = "MX_CLIENT_ID";
/// The environment variable of the API key.
const API_KEY: &str = "MX_API_KEY";

/// Credentials of the Platform API: a client id with its API key, a bearer token, or both. Each call sends those that
/// its operation takes.
///
/// ```
/// use client_core::Credentials;
///
/// let credentials = Credentials::new("client id", "API key").with_bearer("token");
/// assert!(credentials.has_key() && credentials.has_bearer());
/// ```
///
/// Those that cannot be right are refused when the client is built: an empty id, key or token, one with white space at
/// an end or control characters, an id with a colon, a token with a space or characters beyond ASCII. `Debug` shows none
/// of them.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The header `Authorization` of operations that take a client id and its API key.
    pub(super) basic: Option<SecretString>,
    /// The header `Authorization` of operations that take a bearer token.
    pub(super) bearer: Option<SecretString>,
    /// What is wrong with them.
    problem: Option<String>,
}

impl Credentials {
    /// A client id and its API key, sent as HTTP Basic.
    pub fn new(client_id: impl Into<SecretString>, api_key: impl Into<SecretString>) -> Self {
        let (client_id, api_key) = (client_id.into(), api_key.into());
        let problem = match (check_id(&client_id), check(&api_key)) {
            (Err(problem), _) => Some(format!(
                "the client id given to `Credentials::new` {problem}"
            )),
            (_, Err(problem)) => Some(format!("the API key given to `Credentials::new` {problem}")),
            _ => None,
        };
        // `concat` allocates once, and so leaves no copies behind.
        let pair = [client_id.expose_secret(), ":", api_key.expose_secret()].concat();
        let pair = Zeroizing::new(pair);
        let pair = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
        Self {
            basic: Some(["Basic ", &pair].concat().into()),
            bearer: None,
            problem,
        }
    }

    /// A bearer token, for the operations that take one in place of the API key (a processor's access token).
    pub fn bearer(token: impl Into<SecretString>) -> Self {
        let (bearer, problem) = bearer(token.into(), "bearer");
        Self {
            basic: None,
            bearer: Some(bearer),
            problem,
        }
    }

    /// The same, with a bearer token for the operations that take one.
    #[must_use]
    pub fn with_bearer(self, token: impl Into<SecretString>) -> Self {
        let (bearer, problem) = bearer(token.into(), "with_bearer");
        Self {
            bearer: Some(bearer),
            problem: self.problem.or(problem),
            ..self
        }
    }

    /// Whether there are a client id and an API key.
    pub fn has_key(&self) -> bool {
        self.basic.is_some()
    }

    /// Whether there is a bearer token.
    pub fn has_bearer(&self) -> bool {
        self.bearer.is_some()
    }

    /// Whether they can be right.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match &self.problem {
            Some(problem) => Err(Error::configuration(problem.clone())),
            None => Ok(()),
        }
    }

    /// The client id and API key in `MX_CLIENT_ID` and `MX_API_KEY`.
    ///
    /// # Errors
    /// As of [`from_variables`](Self::from_variables).
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(&[CLIENT_ID, API_KEY])
    }

    /// The client id and API key in two environment variables of these names, or the bearer token in one.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), naming the variable that is not set, is
    /// empty, or holds something that cannot be sent; or other than one or two names.
    pub fn from_variables(names: &[&str]) -> Result<Self, Error> {
        match names {
            [token] => variable(token, check_token).map(Self::bearer),
            [client_id, api_key] => {
                let id = variable(client_id, check_id)?;
                Ok(Self::new(id, variable(api_key, check)?))
            }
            [] => Err(Error::configuration(
                "no environment variables are named for the credentials",
            )),
            _ => Err(Error::configuration(
                "credentials are read from one or two environment variables",
            )),
        }
    }
}

/// The header of a bearer token, and what is wrong with the token that was given to a function of this name.
fn bearer(token: SecretString, function: &str) -> (SecretString, Option<String>) {
    let problem = check_token(&token).err();
    let problem =
        problem.map(|problem| format!("the token given to `Credentials::{function}` {problem}"));
    let header = ["Bearer ", token.expose_secret()].concat();
    (header.into(), problem)
}

/// A secret in an environment variable. Errors name the variable, never its value.
pub(super) fn variable(
    name: &str,
    check: fn(&SecretString) -> Result<(), &'static str>,
) -> Result<SecretString, Error> {
    let value =
        std::env::var_os(name).ok_or_else(|| Error::configuration(format!("{name} is not set")))?;
    let value = value
        .into_string()
        .map_err(|_| Error::configuration(format!("{name} is not UTF-8")))?;
    let value = SecretString::from(value);
    check(&value).map_err(|problem| Error::configuration(format!("{name} {problem}")))?;
    Ok(value)
}

/// What is wrong with a secret that cannot be right.
pub(super) fn check(secret: &SecretString) -> Result<(), &'static str> {
    let secret = secret.expose_secret();
    if secret.is_empty() {
        return Err("is empty");
    }
    // A space inside is unusual, but a key can have one.
    let is_stray = |c: char| c.is_control() || (c.is_whitespace() && c != ' ');
    if secret.chars().any(is_stray) || secret.trim() != secret {
        return Err("contains white space or control characters");
    }
    Ok(())
}

/// What is wrong with a client id.
fn check_id(id: &SecretString) -> Result<(), &'static str> {
    check(id)?;
    match id.expose_secret().contains(':') {
        true => Err("must not contain a colon"),
        false => Ok(()),
    }
}

/// What is wrong with a secret that goes into a header as it is.
pub(crate) fn check_token(token: &SecretString) -> Result<(), &'static str> {
    check(token)?;
    match token.expose_secret() {
        token if token.contains(' ') => Err("contains a space"),
        token if !token.is_ascii() => Err("contains characters beyond ASCII"),
        _ => Ok(()),
    }
}

/// A secret as a header value that HTTP libraries do not print.
pub(crate) fn secret_header(secret: &SecretString) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(secret.expose_secret()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::secret_header;

    #[test]
    fn header_values_are_marked_sensitive() {
        let header = secret_header(&"canary".into()).unwrap();
        assert!(header.is_sensitive());
        assert_eq!(format!("{header:?}"), "Sensitive");
    }
}
