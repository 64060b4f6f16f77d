//! Whether a response has a media type that its operation documents.

/// Whether a `Content-Type` is one of the documented media types.
///
/// Parameters are ignored. `application/json` matches any `+json` type and the other way round, but two
/// different `+json` types are different: one may be another version of the other.
pub(crate) fn is_documented(content_type: &str, documented: &[&str]) -> bool {
    if documented.contains(&content_type) {
        return true;
    }
    let received = essence(content_type);
    documented.iter().any(|media_type| {
        let media_type = essence(media_type);
        matches_range(&received, &media_type)
            || (is_json(&received)
                && is_json(&media_type)
                && (received == "application/json" || media_type == "application/json"))
    })
}

/// `type/subtype` in lower case, without parameters.
pub(crate) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn matches_range(received: &str, range: &str) -> bool {
    match range.strip_suffix("/*") {
        Some("*") => true,
        Some(kind) => received.split('/').next() == Some(kind),
        None => received == range,
    }
}

pub(crate) fn is_json(essence: &str) -> bool {
    essence == "application/json" || essence.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::is_documented;

    #[test]
    fn compares_by_essence_and_keeps_vendor_versions_apart() {
        let vendor = "application/vnd.mx.nexus.v1+json";
        for (received, documented, expected) in [
            ("application/json; charset=utf-8", "application/json", true),
            ("Application/JSON", "application/json", true),
            ("application/json", vendor, true),
            (
                "application/vnd.mx.nexus.v1+json;charset=utf-8",
                vendor,
                true,
            ),
            ("application/vnd.mx.nexus.v2+json", vendor, false),
            ("application/problem+json", "application/json", true),
            ("text/html", "application/json", false),
            ("application/jsonp", "application/json", false),
            ("", "application/json", false),
            ("application/pdf", "application/pdf", true),
            ("application/pdf", "application/*", true),
            ("text/csv", "application/*", false),
            ("text/csv", "*/*", true),
        ] {
            assert_eq!(
                is_documented(received, &[documented]),
                expected,
                "{received} for {documented}"
            );
        }
    }
}
