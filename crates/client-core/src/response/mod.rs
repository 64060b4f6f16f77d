//! How responses are read.

pub(crate) mod byte_stream;
pub(crate) mod decode;
pub(crate) mod error_body;
pub(crate) mod failure;
pub(crate) mod media_type;
pub(crate) mod raw;
mod session_expiry;
mod tracked;
pub(crate) mod typed;
pub(crate) mod union;
pub(crate) mod validate;

use reqwest::header::HeaderMap;

/// The server's id for a request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-request-id")?.to_str().ok()
}
