//! Which API a name is of.

/// Whether a part of a path such as `openapi/nexus/v1.yaml` is an API's: `platform-api` is
/// `platform`'s.
pub fn is_of(part: &str, api: &str) -> bool {
    part.split(['-', '_', '.']).any(|word| word == api)
}
