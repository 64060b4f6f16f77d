//! Enums of types, as the generated clients have them for `oneOf` and `anyOf`.

/// Implements serde's traits for an enum of types that a property tells apart. What has another tag, or
/// none, is kept as JSON in the last variant, and goes back on the wire unchanged.
///
/// ```
/// #[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
/// struct Cat {
///     kind: String,
///     lives: i64,
/// }
///
/// #[derive(Clone)]
/// enum Pet {
///     Cat(Cat),
///     Unknown(serde_json::Value),
/// }
///
/// client_core::tagged_union! {
///     Pet by "kind" { Cat = "cat" | "tomcat" } else Unknown
/// }
///
/// let cat: Pet = serde_json::from_str(r#"{"kind": "cat", "lives": 9}"#)?;
/// assert!(matches!(cat, Pet::Cat(Cat { lives: 9, .. })));
/// let dog: Pet = serde_json::from_str(r#"{"kind": "dog"}"#)?;
/// assert_eq!(serde_json::to_string(&dog)?, r#"{"kind":"dog"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! tagged_union {
    ($name:ident by $tag:literal { $($variant:ident = $($text:literal)|+),* } else $rest:ident) => {
        impl<'de> $crate::__union::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__union::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let value = $crate::__union::value(deserializer)?;
                match $crate::__union::tag(&value, $tag) {
                    $(::std::option::Option::Some($($text)|+) => {
                        $crate::__union::read(value).map(Self::$variant)
                    })*
                    _ => ::std::result::Result::Ok(Self::$rest(value)),
                }
            }
        }

        $crate::tagged_union!(@serialize $name, $($variant,)* $rest);
    };
    (@serialize $name:ident, $($variant:ident),*) => {
        impl $crate::__union::Serialize for $name {
            fn serialize<S: $crate::__union::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => $crate::__union::Serialize::serialize(value, serializer),)*
                }
            }
        }
    };
}

/// Implements serde's traits for an enum of types that JSON tells apart: `string`, `integer`, `number`,
/// `boolean`, `list` and `object`. Any other value is kept as JSON in the last variant.
///
/// ```
/// #[derive(Clone)]
/// enum Id {
///     Number(i64),
///     Text(String),
///     Unknown(serde_json::Value),
/// }
///
/// client_core::untagged_union! {
///     Id { Number = "integer", Text = "string" } else Unknown
/// }
///
/// assert!(matches!(serde_json::from_str("7")?, Id::Number(7)));
/// assert!(matches!(serde_json::from_str("[]")?, Id::Unknown(_)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! untagged_union {
    ($name:ident { $($variant:ident = $kind:literal),* } else $rest:ident) => {
        impl<'de> $crate::__union::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__union::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let value = $crate::__union::value(deserializer)?;
                $(if $crate::__union::is(&value, $kind) {
                    return $crate::__union::read(value).map(Self::$variant);
                })*
                ::std::result::Result::Ok(Self::$rest(value))
            }
        }

        $crate::tagged_union!(@serialize $name, $($variant,)* $rest);
    };
}

/// What the macros' expansions need.
#[doc(hidden)]
pub mod __union {
    use serde::de::{DeserializeOwned, Error};
    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::Value;

    pub fn value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    pub fn tag<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
        value.get(name)?.as_str()
    }

    /// Whether a value is of a kind. A number with a fraction is no integer, however it is written.
    pub fn is(value: &Value, kind: &str) -> bool {
        match value {
            Value::Null => false,
            Value::Bool(_) => kind == "boolean",
            Value::Number(number) => {
                kind == "number" || (kind == "integer" && (number.is_i64() || number.is_u64()))
            }
            Value::String(_) => kind == "string",
            Value::Array(_) => kind == "list",
            Value::Object(_) => kind == "object",
        }
    }

    pub fn read<T: DeserializeOwned, E: Error>(value: Value) -> Result<T, E> {
        serde_json::from_value(value).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    #[derive(Clone, Debug)]
    enum Pet {
        Cat(u8),
        Word(String),
        Flag(bool),
        List(Vec<i64>),
        Unknown(Value),
    }

    crate::untagged_union! {
        Pet { Cat = "integer", Word = "string", Flag = "boolean", List = "list" } else Unknown
    }

    #[test]
    fn every_kind_goes_through_and_comes_back() {
        for value in [
            json!(7),
            json!("seven"),
            json!(true),
            json!([1, 2]),
            json!({ "a": 1 }),
            json!(1.5),
            json!(null),
        ] {
            let pet: Pet = serde_json::from_value(value.clone()).unwrap();
            let is_known = !matches!(pet, Pet::Unknown(_));
            assert_eq!(
                is_known,
                value != json!({ "a": 1 }) && value != json!(1.5) && !value.is_null()
            );
            assert_eq!(serde_json::to_value(&pet).unwrap(), value);
        }
    }

    #[test]
    fn a_value_of_a_kind_must_decode() {
        let error = serde_json::from_value::<Pet>(json!(["a"])).unwrap_err();
        assert!(error.to_string().contains("expected i64"), "{error}");
    }
}
