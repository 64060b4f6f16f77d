//! Whether the head of a response is what the operation documents.

use reqwest::{
    StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap},
};

use super::media_type;
use crate::{
    error::{Error, ErrorKind},
    operation::{Operation, Response},
};

/// What the head of a response announces.
pub(crate) enum Head {
    /// An error status.
    Refusal,
    /// A success with a body.
    Body,
    /// A success without a body.
    Empty,
}

/// Checks status, media type and encoding. Without an operation, any 2xx is a success, of any media type. `decodes`:
/// the body is going to be decoded.
pub(crate) fn head(
    operation: Option<&Operation>,
    status: StatusCode,
    headers: &HeaderMap,
    decodes: bool,
) -> Result<Head, Error> {
    if status.is_client_error() || status.is_server_error() {
        return Ok(Head::Refusal);
    }
    if status.is_redirection() {
        return Err(Error::new(
            ErrorKind::Redirect,
            "the server redirects, which is not followed",
        ));
    }
    let undocumented = || {
        Error::new(
            ErrorKind::UnexpectedStatus,
            "the server answered with an undocumented status",
        )
    };
    if !status.is_success() {
        return Err(undocumented());
    }
    let Some(operation) = operation else {
        check_encoding(headers, decodes)?;
        return Ok(Head::Body);
    };
    let documented = operation.response(status).ok_or_else(undocumented)?;
    if documented.media_types.is_empty() || status == StatusCode::NO_CONTENT {
        return Ok(Head::Empty);
    }
    check_media_type(headers, documented)?;
    check_encoding(headers, decodes)?;
    Ok(Head::Body)
}

fn check_media_type(headers: &HeaderMap, documented: &Response) -> Result<(), Error> {
    let content_type = headers
        .get(CONTENT_TYPE)
        .map_or("", |value| value.to_str().unwrap_or_default());
    if !media_type::is_documented(content_type, documented.media_types) {
        let expected = documented.media_types.join("` or `");
        let detail = format!("the response is not of the media type `{expected}`");
        return Err(Error::new(ErrorKind::MediaType, detail));
    }
    Ok(())
}

fn check_encoding(headers: &HeaderMap, decodes: bool) -> Result<(), Error> {
    let encoding = headers.get(CONTENT_ENCODING).filter(|value| {
        !value
            .as_bytes()
            .trim_ascii()
            .eq_ignore_ascii_case(b"identity")
    });
    if encoding.is_some() && decodes {
        return Err(Error::new(
            ErrorKind::Decode,
            "the response is compressed, which was not asked for",
        ));
    }
    Ok(())
}
