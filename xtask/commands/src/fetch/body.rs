//! What a server answers with, decoded, within a limit on its size.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

use super::words::in_words;

/// The full Platform spec has 0.3 MB.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The text of a response.
///
/// # Errors
/// It breaks off, is too large, or is not UTF-8.
pub async fn text(mut response: Response) -> Result<String, String> {
    let is_gzip = is_gzip(response.headers())?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(in_words)? {
        if body.len() + chunk.len() > MAX_BYTES {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    if is_gzip {
        body = unpacked(&body)?;
    }
    String::from_utf8(body).map_err(|_| "not UTF-8 text".to_owned())
}

fn is_gzip(headers: &HeaderMap) -> Result<bool, String> {
    let mut is_gzip = false;
    for value in headers.get_all(CONTENT_ENCODING) {
        match value
            .to_str()
            .unwrap_or_default()
            .to_ascii_lowercase()
            .as_str()
        {
            "" | "identity" => {}
            "gzip" | "x-gzip" if !is_gzip => is_gzip = true,
            _ => return Err(format!("the content encoding {value:?} was not asked for")),
        }
    }
    Ok(is_gzip)
}

/// A few packed bytes may become many gigabytes: no more than the limit is unpacked.
fn unpacked(packed: &[u8]) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    MultiGzDecoder::new(packed)
        .take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut body)
        .map_err(|error| format!("not valid gzip: {error}"))?;
    match body.len() > MAX_BYTES {
        true => Err(too_large()),
        false => Ok(body),
    }
}

fn too_large() -> String {
    format!("larger than {MAX_BYTES} bytes, which is too large for a spec")
}
