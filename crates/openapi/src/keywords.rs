//! Which keys of an OpenAPI document are keywords, and which are names or data.

/// What the keys of an object are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Keywords of OpenAPI, such as `content`.
    Keywords,
    /// Names that the author chose, such as those of properties.
    Names,
}

/// Keywords whose value maps names to something.
const NAME_MAPS: [&str; 12] = [
    "callbacks",
    "content",
    "encoding",
    "headers",
    "links",
    "parameters",
    "paths",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "securitySchemes",
];

/// Keywords whose value is data.
const DATA: [&str; 6] = [
    "default", "enum", "example", "examples", "mapping", "required",
];

impl Keys {
    /// What the keys below `key` are; `None` if its value is data, not OpenAPI.
    pub fn below(self, key: &str) -> Option<Keys> {
        match self {
            Keys::Names => Some(Keys::Keywords),
            Keys::Keywords if DATA.contains(&key) || key.starts_with("x-") => None,
            Keys::Keywords if NAME_MAPS.contains(&key) => Some(Keys::Names),
            Keys::Keywords => Some(Keys::Keywords),
        }
    }
}
