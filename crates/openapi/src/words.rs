//! Which keys of an OpenAPI document are words of the standard, and which are names or data.

/// What the keys of an object are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Words of OpenAPI, such as `content`.
    Words,
    /// Names that somebody chose, such as those of properties.
    Names,
}

/// Words whose value maps names to something.
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

/// Words whose value is data.
const DATA: [&str; 6] = [
    "default", "enum", "example", "examples", "mapping", "required",
];

impl Keys {
    /// What the keys below `key` are; `None` if it holds data, not OpenAPI.
    pub fn below(self, key: &str) -> Option<Keys> {
        match self {
            Keys::Names => Some(Keys::Words),
            Keys::Words if DATA.contains(&key) || key.starts_with("x-") => None,
            Keys::Words if NAME_MAPS.contains(&key) => Some(Keys::Names),
            Keys::Words => Some(Keys::Words),
        }
    }
}
