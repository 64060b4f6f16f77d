//! Enums of strings, as the generated clients have them.

/// Defines an enum whose values are strings on the wire.
///
/// With `#[open(Unknown)]` the enum has that catch-all: a value that the spec does not know is kept as text and goes
/// back on the wire unchanged. With `#[closed]` an unknown value does not convert.
///
/// ```
/// client_core::string_enum! {
///     #[open(Unknown)]
///     /// The state of a job.
///     pub enum State {
///         /// `RUNNING`
///         Running = "RUNNING",
///     }
/// }
///
/// assert_eq!(State::from("RUNNING"), State::Running);
/// assert_eq!(State::from("PAUSED").as_str(), "PAUSED");
/// ```
#[macro_export]
macro_rules! string_enum {
    (
        #[open($rest:ident)]
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$docs:meta])* $variant:ident = $text:literal,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$docs])* $variant,)*
            /// A value that the spec does not know.
            $rest($crate::UnknownValue),
        }

        impl $name {
            /// The value as it goes on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::$rest(text) => text.as_str(),
                }
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    _ => Self::$rest($crate::UnknownValue::new_unchecked(text)),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl<'de> $crate::__private::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__private::text(deserializer).map(|text| Self::from(text.as_ref()))
            }
        }

        $crate::string_enum!(@shared $name);
    };
    (
        #[closed]
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$docs:meta])* $variant:ident = $text:literal,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$docs])* $variant,)*
        }

        impl $name {
            /// The value as it goes on the wire.
            pub fn as_str(&self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl ::std::convert::TryFrom<&str> for $name {
            type Error = $crate::NotAValue;

            fn try_from(text: &str) -> ::std::result::Result<Self, $crate::NotAValue> {
                match text {
                    $($text => ::std::result::Result::Ok(Self::$variant),)*
                    _ => ::std::result::Result::Err($crate::NotAValue),
                }
            }
        }

        impl ::std::convert::TryFrom<::std::string::String> for $name {
            type Error = $crate::NotAValue;

            fn try_from(text: ::std::string::String) -> ::std::result::Result<Self, $crate::NotAValue> {
                Self::try_from(text.as_str())
            }
        }

        impl<'de> $crate::__private::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let text = $crate::__private::text(deserializer)?;
                Self::try_from(text.as_ref()).map_err($crate::__private::Error::custom)
            }
        }

        $crate::string_enum!(@shared $name);
    };
    (@shared $name:ident) => {
        impl $crate::SafeDebug for $name {
            fn safe_fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(self, f)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::__private::Serialize for $name {
            fn serialize<S: $crate::__private::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                <::std::string::String as ::schemars::JsonSchema>::json_schema(generator)
            }
        }
    };
}

/// The text of an enum's value that the spec does not know.
///
/// Only the enum makes one, so that a known value is never kept as unknown and equal values compare equal. `Debug`
/// does not show the text, which may be anything.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    #[doc(hidden)]
    pub fn new_unchecked(text: &str) -> Self {
        Self(text.into())
    }

    /// The text as received.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        crate::safe_debug::hide(&self.0, f)
    }
}

/// A text is not one of an enum's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAValue;

impl std::fmt::Display for NotAValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a value that the API knows")
    }
}

impl std::error::Error for NotAValue {}

/// What the macro's expansion needs.
#[doc(hidden)]
pub mod __private {
    pub use serde::de::{DeserializeOwned, Error};
    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::borrow::Cow;

    /// Reads a string, borrowed where the format allows it.
    pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        #[derive(Deserialize)]
        struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
        Text::deserialize(deserializer).map(|text| text.0)
    }
}

#[cfg(test)]
mod tests {
    crate::string_enum! {
        #[open(Unknown)]
        /// Open.
        pub enum Open {
            /// `A`
            A = "A",
        }
    }
    crate::string_enum! {
        #[closed]
        /// Closed.
        pub enum Closed {
            /// `A`
            A = "A",
        }
    }
    // Names of the prelude, and of the associated types that the impls have.
    crate::string_enum! {
        #[open(Unknown)]
        /// Open.
        pub enum OpenWords {
            /// `error`
            Error = "error",
            /// `Err`
            Err = "Err",
            /// `Ok`
            Ok = "Ok",
            /// `none`
            None = "none",
            /// `default`
            Default = "default",
            /// `Self`
            Self_ = "Self",
        }
    }
    crate::string_enum! {
        #[closed]
        /// Closed.
        pub enum ClosedWords {
            /// `error`
            Error = "error",
            /// `Err`
            Err = "Err",
            /// `Ok`
            Ok = "Ok",
            /// `some`
            Some = "some",
            /// `result`
            Result = "result",
        }
    }

    #[test]
    fn values_may_be_words_of_rust() {
        for word in ["error", "Err", "Ok", "none", "default", "Self"] {
            let value = OpenWords::from(word);
            assert!(!matches!(value, OpenWords::Unknown(_)), "{word}");
            assert_eq!(value.as_str(), word);
        }
        for word in ["error", "Err", "Ok", "some", "result"] {
            assert_eq!(
                ClosedWords::try_from(word).map(|value| value.as_str()),
                Ok(word)
            );
        }
    }

    #[test]
    fn an_open_enum_keeps_what_it_does_not_know() {
        let unknown: Open = serde_json::from_str(r#""B \" ü""#).unwrap();
        assert_eq!(unknown.as_str(), "B \" ü");
        assert_eq!(unknown, Open::from("B \" ü"));
        assert_ne!(unknown, Open::from("C"));
        assert_eq!(unknown.to_string(), "B \" ü");
        #[cfg(not(mx_debug_values))]
        assert_eq!(format!("{unknown:?}"), "Unknown(…)");
        assert_eq!(serde_json::to_string(&unknown).unwrap(), r#""B \" ü""#);
        assert_eq!(serde_json::from_str::<Open>(r#""A""#).unwrap(), Open::A);
    }

    #[test]
    fn a_closed_enum_refuses_it() {
        assert_eq!(Closed::try_from("A"), Ok(Closed::A));
        assert!(Closed::try_from("B").is_err());
        let error = serde_json::from_str::<Closed>(r#""B""#).unwrap_err();
        assert!(
            !error.to_string().contains('B'),
            "an error shows no value: {error}"
        );
    }
}
