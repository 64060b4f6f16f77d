//! Whether the bytes of a body are JSON that every reader reads in the same way.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// The value of a body.
///
/// # Errors
///
/// The bytes are not in the charset that the media type names, are not JSON, or have an object that names a field
/// twice.
pub fn parse(media_type: &str, body: &[u8]) -> Result<Value, String> {
    charset(media_type, body)?;
    let value = serde_json::from_slice(body).map_err(|_| "the body is not JSON".to_owned())?;
    match serde_json::from_slice::<Unique>(body) {
        Ok(Unique) => Ok(value),
        // It is JSON, so this is our own error.
        Err(error) => Err(error.to_string()),
    }
}

/// Checks the bytes against the parameter `charset`.
fn charset(media_type: &str, body: &[u8]) -> Result<(), String> {
    let parameters = media_type.split(';').skip(1);
    let charset = parameters
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches('"').to_ascii_lowercase());
    let Some(charset) = charset else {
        return Ok(());
    };
    let is_in = match charset.as_str() {
        "utf-8" | "utf8" => std::str::from_utf8(body).is_ok(),
        "us-ascii" | "ascii" => body.is_ascii(),
        // Every two or four bytes are a character, so that what is JSON in UTF-8 is none here.
        wide if wide.starts_with("utf-16") || wide.starts_with("utf-32") => {
            serde_json::from_slice::<Value>(body).is_err()
        }
        // The others have the letters of ASCII in common.
        _ => body.is_ascii() || std::str::from_utf8(body).is_err(),
    };
    match is_in {
        true => Ok(()),
        false => Err(format!(
            "the body is not in the charset `{charset}` that its media type names"
        )),
    }
}

/// Any JSON whose objects name no field twice.
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Unique;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_unit<E>(self) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Unique, A::Error> {
        while items.next_element::<Unique>()?.is_some() {}
        Ok(Unique)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Unique, A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = fields.next_key::<String>()? {
            if names.contains(&name) {
                // serde adds the line and column, which a message must not have: it is a cause of many failures.
                return Err(A::Error::custom(format_args!(
                    "the body names the field `{name}` twice"
                )));
            }
            fields.next_value::<Unique>()?;
            names.insert(name);
        }
        Ok(Unique)
    }
}
