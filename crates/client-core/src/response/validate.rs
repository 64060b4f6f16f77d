//! Whether the head of a response is a success, and what its body may be.

use reqwest::{
    StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap},
};

use super::media_type;
use crate::{
    error::{Error, ErrorKind},
    operation::Operation,
};

/// How the body of a success is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadMode {
    /// Whole, within the client's limit.
    Whole,
    /// As a stream.
    Stream,
    /// Not at all.
    Discard,
}

/// What the head of a response announces.
pub(crate) enum Head {
    /// An error status.
    Refusal,
    /// A success with a body. The doubt is the error of the call if the body does not decode.
    Body(Option<Error>),
    /// A success without a body, or with one that is not read.
    Empty,
}

/// Checks status, media type and encoding. Any 2xx can be a success: whether the spec documents its status and its
/// media type matters only for a body that does not decode. Two things are refused at once: another version of a
/// vendor's media type, which may mean something else, and a file of another kind, since any bytes make a file. Without an
/// operation nothing is documented, and anything is taken.
pub(crate) fn head(
    operation: Option<&Operation>,
    status: StatusCode,
    headers: &HeaderMap,
    read: ReadMode,
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
    let is_empty = matches!(status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT);
    if is_empty || read == ReadMode::Discard {
        return Ok(Head::Empty);
    }
    let Some(operation) = operation else {
        refuse_compressed(headers, read)?;
        return Ok(Head::Body(None));
    };
    let documented = operation.response(status);
    if documented.is_some_and(|documented| documented.media_types.is_empty()) {
        return Ok(Head::Empty);
    }
    let all: Vec<&str>;
    let media_types = match documented {
        Some(documented) => documented.media_types,
        None => {
            all = operation.success_media_types().collect();
            &all
        }
    };
    let unfit = unfit_media_type(headers, media_types, read)?;
    refuse_compressed(headers, read)?;
    Ok(Head::Body(match documented {
        Some(_) => unfit,
        None => Some(undocumented()),
    }))
}

/// The error of a body of this media type that does not decode, if the media type is not documented. Fails if it is
/// not even to be tried.
fn unfit_media_type(
    headers: &HeaderMap,
    documented: &[&str],
    read: ReadMode,
) -> Result<Option<Error>, Error> {
    let content_type = headers
        .get(CONTENT_TYPE)
        .map_or("", |value| value.to_str().unwrap_or_default());
    if documented.is_empty() || media_type::is_documented(content_type, documented) {
        return Ok(None);
    }
    let expected = documented.join("` or `");
    let detail = format!("the response is not of the media type `{expected}`");
    let unfit = Error::new(ErrorKind::MediaType, detail);
    let essence = media_type::essence(content_type);
    let is_open = match read {
        ReadMode::Stream => matches!(&*essence, "" | "application/octet-stream"),
        ReadMode::Whole | ReadMode::Discard => !media_type::is_json(&essence),
    };
    if is_open { Ok(Some(unfit)) } else { Err(unfit) }
}

/// Fails if the body is to be decoded and is compressed.
fn refuse_compressed(headers: &HeaderMap, read: ReadMode) -> Result<(), Error> {
    let is_compressed = headers.get(CONTENT_ENCODING).is_some_and(|value| {
        let encoding = value.as_bytes().trim_ascii();
        !encoding.eq_ignore_ascii_case(b"identity")
    });
    if is_compressed && read == ReadMode::Whole {
        let detail = "the response is compressed, which was not asked for";
        return Err(Error::new(ErrorKind::Decode, detail));
    }
    Ok(())
}
