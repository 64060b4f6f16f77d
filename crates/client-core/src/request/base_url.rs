//! Where a client sends its requests.

use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
};

use reqwest::Url;

use crate::error::Error;

/// A server's URL, checked: no credentials, query or fragment in it, and plain http only to this machine.
#[derive(Debug)]
pub(crate) struct BaseUrl {
    /// Scheme and authority.
    pub(crate) server: Url,
    /// The path prefix, without a slash at the end.
    pub(crate) path: String,
    pub(crate) is_plain: bool,
}

impl BaseUrl {
    /// Checks a server's URL. Errors name the rule, never the URL: it may hold a password.
    pub(crate) fn parse(text: &str, allows_plain: bool) -> Result<Self, Error> {
        let url =
            Url::parse(text).map_err(|_| Error::configuration("the base URL is not a URL"))?;
        let refuse = |rule: &'static str| Err(Error::configuration(rule));
        if !url.username().is_empty() || url.password().is_some() || text.contains('@') {
            return refuse("the base URL must not hold credentials");
        }
        if url.query().is_some() {
            return refuse("the base URL must not have a query");
        }
        if url.fragment().is_some() {
            return refuse("the base URL must not have a fragment");
        }
        let is_plain = match url.scheme() {
            "https" => false,
            "http" if allows_plain || is_loopback(&url) => true,
            "http" => {
                return refuse("the base URL must be https: plain http is for this machine only");
            }
            _ => return refuse("the base URL must be https"),
        };
        let mut server = url.clone();
        server.set_path("");
        Ok(Self {
            path: url.path().trim_end_matches('/').to_owned(),
            server,
            is_plain,
        })
    }

    pub(crate) fn host(&self) -> &str {
        self.server.host_str().unwrap_or_default()
    }

    pub(crate) fn port(&self) -> u16 {
        self.server.port_or_known_default().unwrap_or_default()
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = self.server.as_str().trim_end_matches('/');
        write!(f, "{server}{}", self.path)
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
        || bare
            .parse::<Ipv6Addr>()
            .is_ok_and(|address| address.is_loopback())
}
