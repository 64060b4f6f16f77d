//! Headers that a caller gives.

use reqwest::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, HOST, HeaderName, HeaderValue, PROXY_AUTHORIZATION,
    TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};

/// What the connection decides, and the credentials, which the client sends where the operation wants them.
const REFUSED: [HeaderName; 9] = [
    AUTHORIZATION,
    CONNECTION,
    CONTENT_LENGTH,
    HOST,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// The value of a header; `None` for what a header cannot hold.
pub(crate) fn value(text: &str) -> Option<HeaderValue> {
    // The library takes any byte beyond ASCII; servers differ in what they read in it.
    let mut value = HeaderValue::from_str(text)
        .ok()
        .filter(|_| text.is_ascii())?;
    // Whether a header holds a secret is not known here.
    value.set_sensitive(true);
    Some(value)
}

/// A header that a caller adds to a call, or what is wrong with it.
pub(crate) fn extra(name: &str, text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else {
        return Err(
            "a header that was added to the call has a name that no header can have".into(),
        );
    };
    if REFUSED.contains(&name) {
        return Err(format!(
            "the header `{name}` is set by the client and cannot be added to a call"
        ));
    }
    let value =
        value(text).ok_or_else(|| format!("the header `{name}` holds what a header cannot"))?;
    Ok((name, value))
}
