//! Which API a name is of.

/// Whether a part of a path such as `openapi/nexus/v1.yaml` is an API's: `platform-api` is `platform`'s.
pub fn is_of(part: &str, api: &str) -> bool {
    let words = |text: &str| format!("-{}-", text.replace(['_', '.'], "-"));
    words(part).contains(&words(api))
}

#[cfg(test)]
mod tests {
    use super::is_of;

    #[test]
    fn whole_words_name_an_api() {
        for (part, api, expected) in [
            ("nexus", "nexus", true),
            ("platform-api", "platform", true),
            ("v1.nexus_api.md", "nexus", true),
            ("data-access", "data-access", true),
            ("data_access.yaml", "data-access", true),
            ("nexuses", "nexus", false),
            ("access", "data-access", false),
            ("", "nexus", false),
        ] {
            assert_eq!(is_of(part, api), expected, "{part} {api}");
        }
    }
}
