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
                let json = $crate::__union::json(deserializer)?;
                match json.tag($tag) {
                    $(::std::option::Option::Some($($text)|+) => json.read().map(Self::$variant),)*
                    _ => ::std::result::Result::Ok(Self::$rest(json.value)),
                }
            }
        }

        $crate::tagged_union!(@serialize $name, $($variant,)* $rest);
    };
    (@serialize $name:ident, $($variant:ident $(: $exact:ident)?),*) => {
        impl $crate::__union::Serialize for $name {
            fn serialize<S: $crate::__union::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => $crate::tagged_union!(@write value, serializer $(, $exact)?),)*
                }
            }
        }
    };
    (@write $value:ident, $serializer:ident) => {
        $crate::__union::Serialize::serialize($value, $serializer)
    };
    (@write $value:ident, $serializer:ident, exact) => { $crate::Exact::write($value, $serializer) };
}

/// Implements serde's traits for an enum of types that JSON tells apart: `string`, `integer`, `number`,
/// `boolean`, `list` and `object`. Any other value is kept as JSON in the last variant. A variant of
/// [exact](crate::Exact) numbers says so: `Amount: exact = "number"`.
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
    ($name:ident { $($variant:ident $(: $exact:ident)? = $kind:literal),* } else $rest:ident) => {
        impl<'de> $crate::__union::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__union::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let json = $crate::__union::json(deserializer)?;
                $(if json.is($kind) {
                    return $crate::untagged_union!(@read json $(, $exact)?).map(Self::$variant);
                })*
                ::std::result::Result::Ok(Self::$rest(json.value))
            }
        }

        $crate::tagged_union!(@serialize $name, $($variant $(: $exact)?,)* $rest);
    };
    (@read $json:ident) => { $json.read() };
    (@read $json:ident, exact) => { $json.read_exact() };
}

/// What the macros' expansions need.
#[doc(hidden)]
pub mod __union {
    use serde::de::{DeserializeOwned, Error};
    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::Value;
    use serde_json::value::RawValue;

    use crate::exact::{Exact, Exactly};
    use crate::response::decode;

    /// A value of the enum: as text, which has all digits of its numbers, and read, to tell what it is.
    pub struct Json {
        text: Box<RawValue>,
        pub value: Value,
    }

    pub fn json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        let value = serde_json::from_str(text.get()).map_err(D::Error::custom)?;
        Ok(Json { text, value })
    }

    impl Json {
        pub fn tag(&self, name: &str) -> Option<&str> {
            self.value.get(name)?.as_str()
        }

        /// Whether a value is of a kind. A number with a fraction is no integer, however it is written.
        pub fn is(&self, kind: &str) -> bool {
            match &self.value {
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

        pub fn read<T: DeserializeOwned, E: Error>(&self) -> Result<T, E> {
            decode::part(self.text.get())
        }

        pub fn read_exact<T: Exact, E: Error>(&self) -> Result<T, E> {
            self.read().map(|Exactly(value)| value)
        }
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;
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

    #[derive(Clone, Debug, PartialEq)]
    enum Amount {
        Exact(Decimal),
        Many(Vec<Option<Decimal>>),
        Unknown(Value),
    }

    crate::untagged_union! {
        Amount { Exact: exact = "number", Many: exact = "list" } else Unknown
    }

    #[test]
    fn numbers_keep_their_digits() {
        for text in ["0.1234567890123456789012345678", "-1.10", "[1.0,null]"] {
            let amount: Amount = serde_json::from_str(text).unwrap();
            assert!(!matches!(amount, Amount::Unknown(_)), "{text}");
            assert_eq!(serde_json::to_string(&amount).unwrap(), text);
        }
        let error = serde_json::from_str::<Amount>("[1, 1e99]").unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains("expected a number of at most 28 digits, in $[1]"),
            "{error}"
        );
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
