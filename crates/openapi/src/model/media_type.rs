//! Media types, by the rules of RFC 9110: neither case nor blanks around parameters count.

use serde_json::{Map, Value};

/// `type/subtype` in lower case, without parameters.
pub fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether bodies of a media type are JSON: `application/json` or any `+json`.
pub fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence.ends_with("+json")
}

/// Whether a media type is that of an HTML form: `application/x-www-form-urlencoded`.
pub fn is_form(media_type: &str) -> bool {
    essence(media_type) == "application/x-www-form-urlencoded"
}

/// Whether a media type is one of several parts: any `multipart/`.
pub fn is_multipart(media_type: &str) -> bool {
    essence(media_type).starts_with("multipart/")
}

/// Whether two media types are the same, parameters included.
pub fn same_media_type(a: &str, b: &str) -> bool {
    let parts = |media_type: &str| -> Vec<String> {
        let parts = media_type.split(';');
        parts.map(|part| part.trim().to_ascii_lowercase()).collect()
    };
    parts(a) == parts(b)
}

/// Whether a media type lies in a range, as `content` and `Accept` have them: `*/*`, `text/*`, or
/// a media type itself. Parameters do not count.
pub fn matches_range(media_type: &str, range: &str) -> bool {
    let (media_type, range) = (essence(media_type), essence(range));
    match range.strip_suffix("/*") {
        Some("*") => true,
        Some(kind) => media_type.split('/').next() == Some(kind),
        None => media_type == range,
    }
}

/// The media type that clients use of the several that `content` offers: the first JSON one, or
/// else the first.
pub fn preferred_media_type(content: &Map<String, Value>) -> Option<&str> {
    let names = || content.keys().map(String::as_str);
    names()
        .find(|name| is_json(name))
        .or_else(|| names().next())
}
