//! The proxies that environment variables name.

use std::env;

use reqwest::{ClientBuilder, NoProxy, Proxy};

use crate::error::Error;

/// What a proxy would take over the network although it is meant for this machine.
const LOOPBACK: &str = "localhost,127.0.0.0/8,::1";

/// Sets the proxies of the environment, except for what is meant for this machine. Without such variables, the HTTP
/// client keeps to the settings of the system.
///
/// A variable that names no proxy is an error: the HTTP client would connect directly. Errors name the variable, never
/// its value: it may hold a password.
pub(crate) fn from_environment(mut builder: ClientBuilder) -> Result<ClientBuilder, Error> {
    // The HTTP client takes no proxy in a CGI program, where a header of a request sets `HTTP_PROXY`.
    if env::var_os("REQUEST_METHOD").is_some() {
        return Ok(builder);
    }
    let all = proxy(["ALL_PROXY", "all_proxy"])?;
    let http = proxy(["HTTP_PROXY", "http_proxy"])?.or_else(|| all.clone());
    let https = proxy(["HTTPS_PROXY", "https_proxy"])?.or(all);
    let excepted = variable(["NO_PROXY", "no_proxy"])?.map_or_else(String::new, |(_, hosts)| hosts);
    let excepted = NoProxy::from_string(&format!("{excepted},{LOOPBACK}"));
    for (named, proxy_for) in [
        (http, Proxy::http as fn(String) -> _),
        (https, Proxy::https),
    ] {
        if let Some((name, url)) = named {
            let proxy = proxy_for(url).map_err(|_| malformed(name))?;
            builder = builder.proxy(proxy.no_proxy(excepted.clone()));
        }
    }
    Ok(builder)
}

/// The proxy of the first of these variables that is set.
fn proxy(names: [&'static str; 2]) -> Result<Option<(&'static str, String)>, Error> {
    let Some((name, value)) = variable(names)? else {
        return Ok(None);
    };
    let url = match value.contains("://") {
        true => value,
        false => format!("http://{value}"),
    };
    match is_proxy(&url) {
        true => Ok(Some((name, url))),
        false => Err(malformed(name)),
    }
}

/// The value of the first of these variables that is set; an empty one is as good as none.
fn variable(names: [&'static str; 2]) -> Result<Option<(&'static str, String)>, Error> {
    let set = names
        .into_iter()
        .find_map(|name| Some((name, env::var_os(name)?)));
    let Some((name, value)) = set else {
        return Ok(None);
    };
    let value = value.into_string().map_err(|_| malformed(name))?;
    Ok(Some((name, value)).filter(|(_, value)| !value.trim().is_empty()))
}

fn is_proxy(url: &str) -> bool {
    const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];
    // Both parsers that the HTTP client asks must take it.
    let Ok(uri) = url.parse::<http::Uri>() else {
        return false;
    };
    let has_scheme = uri
        .scheme_str()
        .is_some_and(|scheme| SCHEMES.contains(&scheme));
    let has_host = reqwest::Url::parse(url).is_ok_and(|url| url.has_host());
    let is_port = |authority: &http::uri::Authority| {
        let host = authority.as_str().rsplit('@').next().unwrap_or_default();
        let port = host.rsplit(']').next().unwrap_or_default();
        authority.port_u16().is_some() || !port.contains(':')
    };
    has_scheme && has_host && uri.authority().is_some_and(is_port)
}

fn malformed(name: &str) -> Error {
    Error::configuration(format!(
        "the environment variable {name} does not name a proxy: set it to a URL such as http://proxy.example.com:8080, \
         or unset it"
    ))
}
