//! Which credentials an operation takes, and whether a request has them.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::wire::Request;

/// Credentials that an operation takes together. If there are none, it can be called without credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirement {
    /// All of these are needed.
    pub schemes: Vec<Scheme>,
    /// Their names in the spec, in the same order.
    pub names: Vec<String>,
}

/// How credentials are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `Authorization: Basic …`
    Basic,
    /// `Authorization: Bearer …`
    Bearer,
    /// A header of this name.
    Header(String),
    /// A query parameter of this name.
    Query(String),
    /// A cookie of this name.
    Cookie(String),
    /// In a way that this suite cannot check. This is the scheme's name in the spec.
    Other(String),
}

impl Scheme {
    /// The header that carries the credentials, in lower case; `None` if it is not a header.
    pub fn header(&self) -> Option<String> {
        match self {
            Self::Basic | Self::Bearer => Some("authorization".to_owned()),
            Self::Header(name) => Some(name.to_ascii_lowercase()),
            Self::Cookie(_) => Some("cookie".to_owned()),
            Self::Query(_) | Self::Other(_) => None,
        }
    }

    /// The credentials that a request has: a token, or `ID:KEY`. `None`: there are none, or not in the right form.
    pub fn credentials(&self, request: &Request) -> Option<String> {
        let credentials = match self {
            Self::Header(name) => only(request.header(name))?.trim().to_owned(),
            Self::Bearer => after("Bearer", only(request.header("authorization"))?)?.to_owned(),
            Self::Basic => {
                let encoded = after("Basic", only(request.header("authorization"))?)?;
                let pair = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
                let (id, key) = pair.split_once(':')?;
                (!id.is_empty() && !key.is_empty()).then_some(pair)?
            }
            Self::Query(name) => {
                let pairs = request.query().into_iter();
                only(
                    pairs
                        .filter(|(sent, _)| sent == name)
                        .map(|(_, value)| value),
                )?
            }
            Self::Cookie(name) => {
                let cookies = request.header("cookie").flat_map(|list| list.split(';'));
                let pairs = cookies.filter_map(|cookie| cookie.trim().split_once('='));
                only(pairs.filter(|(sent, _)| sent == name))?.1.to_owned()
            }
            Self::Other(_) => return None,
        };
        (!credentials.is_empty()).then_some(credentials)
    }

    /// Whether a request has credentials of this scheme in the right form. If this cannot be checked, it is taken to.
    pub fn is_satisfied_by(&self, request: &Request) -> bool {
        matches!(self, Self::Other(_)) || self.credentials(request).is_some()
    }
}

/// The only item; `None` if there are none or several.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let item = items.next()?;
    items.next().is_none().then_some(item)
}

/// What follows the name of an authentication scheme in a header.
fn after<'v>(name: &str, value: &'v str) -> Option<&'v str> {
    let (sent, rest) = value.split_once(' ')?;
    sent.eq_ignore_ascii_case(name).then(|| rest.trim())
}

impl Requirement {
    /// Whether a request has all of the credentials, in the right form.
    pub fn is_satisfied_by(&self, request: &Request) -> bool {
        let mut schemes = self.schemes.iter();
        schemes.all(|scheme| scheme.is_satisfied_by(request))
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Basic => f.write_str("`Authorization: Basic` with a client id and a key"),
            Self::Bearer => f.write_str("`Authorization: Bearer` with a token"),
            Self::Header(name) => write!(f, "a token in `{name}`"),
            Self::Query(name) => write!(f, "a token in the query parameter `{name}`"),
            Self::Cookie(name) => write!(f, "a token in the cookie `{name}`"),
            Self::Other(name) => write!(f, "what the security scheme `{name}` asks for"),
        }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scheme) in self.schemes.iter().enumerate() {
            if index > 0 {
                f.write_str(" and ")?;
            }
            scheme.fmt(f)?;
        }
        Ok(())
    }
}

/// Several requirements, any one of which lets a caller in, in words.
pub fn any_of(requirements: &[Requirement]) -> String {
    let words: Vec<String> = requirements.iter().map(ToString::to_string).collect();
    words.join(" or ")
}
