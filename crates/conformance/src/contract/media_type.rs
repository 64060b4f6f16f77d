//! Media types, by RFC 9110: case does not count, and parameters seldom do.

/// `type/subtype` in lower case, without parameters.
pub fn essence(media_type: &str) -> String {
    bare(media_type).to_ascii_lowercase()
}

/// `type/subtype` as it is written, without parameters.
fn bare(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// Whether bodies of a media type are JSON: `application/json`, or any with the suffix `+json`.
pub fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence.ends_with("+json")
}

/// Whether a media type is in a range, as `Accept` lists them: `*/*`, `text/*` or a media type.
pub fn in_range(media_type: &str, range: &str) -> bool {
    let (media_type, range) = (bare(media_type), bare(range));
    match range.strip_suffix("/*") {
        Some("*") => true,
        Some(wanted) => {
            let kind = media_type.split('/').next();
            kind.is_some_and(|kind| kind.eq_ignore_ascii_case(wanted))
        }
        None => media_type.eq_ignore_ascii_case(range),
    }
}

/// Whether a text has the form of a media type: two tokens of RFC 9110 with a slash between them.
pub fn is_media_type(text: &str) -> bool {
    let is_token = |part: &str| {
        let allowed =
            |letter: char| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter);
        !part.is_empty() && part.chars().all(allowed)
    };
    let parts = text.split_once('/');
    parts.is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}
