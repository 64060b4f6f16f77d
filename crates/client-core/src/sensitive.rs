//! A string that is read like any other and never printed.

use std::{fmt, ops::Deref};

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use zeroize::Zeroize;

/// A string that its holder must not print, such as an `oauth_window_uri`.
///
/// It dereferences to `str` and passes through serde unchanged. `Debug` shows `[hidden]`, there is no `Display`,
/// and the memory is zeroed on drop. An integer is read as its digits: servers send account numbers as either.
///
/// ```
/// let uri = client_core::Sensitive::from("https://example.com/oauth/secret");
/// assert!(uri.starts_with("https://"));
/// assert_eq!(format!("{uri:?}"), "[hidden]");
///
/// let account_number: client_core::Sensitive = serde_json::from_str("6366816006")?;
/// assert_eq!(account_number, "6366816006");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Sensitive(String);

impl<'de> Deserialize<'de> for Sensitive {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Sensitive;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Sensitive, E> {
                Ok(text.into())
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Sensitive, E> {
                Ok(text.into())
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Sensitive, E> {
                Ok(number.to_string().into())
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Sensitive, E> {
                Ok(number.to_string().into())
            }
        }

        deserializer.deserialize_any(Text)
    }
}

impl Drop for Sensitive {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

impl Deref for Sensitive {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Sensitive {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Sensitive {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Sensitive {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl PartialEq<str> for Sensitive {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Sensitive {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Sensitive {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Sensitive".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "password" })
    }
}
