//! Who the caller is: the credentials of the Platform API.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString, zeroize::Zeroizing};

use crate::error::Error;

/// The environment variable of the client id.
const CLIENT_ID: &str = "MX_CLIENT_ID";
/// The environment variable of the API key.
const API_KEY: &str = "MX_API_KEY";

/// Credentials of the Platform API: a client id with its API key, or a bearer token.
///
/// `Debug` shows neither.
#[derive(Clone, Debug)]
pub struct Credentials(pub(crate) Kind);

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// What `Authorization: Basic` carries.
    Basic(SecretString),
    Bearer(SecretString),
}

impl Credentials {
    /// A client id and its API key, sent as HTTP Basic.
    pub fn new(client_id: impl Into<SecretString>, api_key: impl Into<SecretString>) -> Self {
        let (client_id, api_key) = (client_id.into(), api_key.into());
        // `concat` allocates once, and so leaves no copies behind.
        let pair = [client_id.expose_secret(), ":", api_key.expose_secret()].concat();
        let pair = Zeroizing::new(pair);
        let pair = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
        Self(Kind::Basic(["Basic ", &pair].concat().into()))
    }

    /// A bearer token, for the operations that take one in place of the API key (a processor's access token).
    pub fn bearer(token: impl Into<SecretString>) -> Self {
        let token = token.into();
        Self(Kind::Bearer(
            ["Bearer ", token.expose_secret()].concat().into(),
        ))
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
            [token] => variable(token).map(Self::bearer),
            [client_id, api_key] => {
                let id = variable(client_id)?;
                if id.expose_secret().contains(':') {
                    return Err(Error::configuration(format!(
                        "{client_id} must not contain a colon"
                    )));
                }
                Ok(Self::new(id, variable(api_key)?))
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

/// A secret in an environment variable. Errors name the variable, never its value.
pub(crate) fn variable(name: &str) -> Result<SecretString, Error> {
    let value =
        std::env::var_os(name).ok_or_else(|| Error::configuration(format!("{name} is not set")))?;
    let value = value
        .into_string()
        .map_err(|_| Error::configuration(format!("{name} is not UTF-8")))?;
    if value.is_empty() {
        return Err(Error::configuration(format!("{name} is empty")));
    }
    if value.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Error::configuration(format!(
            "{name} contains white space or control characters"
        )));
    }
    Ok(value.into())
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
