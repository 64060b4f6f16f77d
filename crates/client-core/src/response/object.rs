//! Structs out of JSON objects, as the generated clients read them.

/// Implements serde's `Deserialize` for a struct: the fields that must be there, then those that may be missing and
/// are then their type's default, and those that may be missing, null or a value. A field whose name on the wire differs gives that name, and one of
/// [exact](crate::Exact) numbers says so: `balance: exact = "Balance"`. Unknown fields are ignored, or kept in the map
/// that `rest` names.
///
/// Code derived by serde takes three times as long to compile, and a full spec has about two hundred structs: serde
/// repeats most of the code for each struct, this macro shares it.
///
/// ```
/// #[derive(Debug, PartialEq)]
/// struct Member {
///     guid: String,
///     kind: Option<String>,
/// }
///
/// client_core::decode_object! {
///     Member, required(guid), optional(kind = "type")
/// }
///
/// let member: Member = serde_json::from_str(r#"{"guid": "MBR-1", "type": "A", "new": 1}"#)?;
/// assert_eq!(member, Member { guid: "MBR-1".into(), kind: Some("A".into()) });
/// assert!(serde_json::from_str::<Member>(r#"{"type": "A"}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! decode_object {
    (
        $name:ident,
        required($($required:ident $(: $required_exact:ident)? $(= $required_wire:literal)?),*),
        optional($($optional:ident $(: $optional_exact:ident)? $(= $optional_wire:literal)?),*)
        $(, nullable($($nullable:ident $(: $nullable_exact:ident)? $(= $nullable_wire:literal)?),*))?
        $(, rest($rest:ident $(: $rest_exact:ident)?))?
    ) => {
        impl<'de> $crate::__object::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__object::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__object::decode(deserializer)
            }
        }

        impl $crate::__object::Object for $name {
            const NAME: &'static str = stringify!($name);
            const FIELDS: &'static [&'static str] = &[
                $($crate::decode_object!(@wire $required $($required_wire)?),)*
                $($crate::decode_object!(@wire $optional $($optional_wire)?),)*
                $($($crate::decode_object!(@wire $nullable $($nullable_wire)?),)*)?
            ];

            fn read<'de, A: $crate::__object::MapAccess<'de>>(
                entries: A,
            ) -> ::std::result::Result<Self, A::Error> {
                $(let mut $required = ::std::option::Option::None;)*
                $(let mut $optional = ::std::option::Option::None;)*
                $($(let mut $nullable = ::std::option::Option::None;)*)?
                $(let mut $rest = ::std::default::Default::default();)?
                $crate::__object::fill(
                    entries,
                    Self::FIELDS,
                    &mut [$(&mut $required,)* $(&mut $optional,)* $($(&mut $nullable,)*)?],
                    $crate::decode_object!(@rest $($rest)?),
                )?;
                ::std::result::Result::Ok(Self {
                    $($required: $crate::decode_object!(@value $crate::__object::required(
                        $required,
                        $crate::decode_object!(@wire $required $($required_wire)?),
                    )? $(, $required_exact)?),)*
                    $($optional: $crate::decode_object!(
                        @value $optional.unwrap_or_default() $(, $optional_exact)?
                    ),)*
                    $($($nullable: $crate::decode_object!(@nullable $nullable $(, $nullable_exact)?),)*)?
                    $($rest: $crate::decode_object!(@value $rest $(, $rest_exact)?),)?
                })
            }
        }
    };
    (@value $value:expr) => { $value };
    (@value $value:expr, exact) => { $crate::__object::exact($value) };
    (@nullable $value:expr) => { $value };
    (@nullable $value:expr, exact) => { $value.map($crate::__object::exact) };
    (@rest) => { ::std::option::Option::None };
    (@rest $rest:ident) => { ::std::option::Option::Some(&mut $rest) };
    (@wire $field:ident) => { stringify!($field) };
    (@wire $field:ident $wire:literal) => { $wire };
}

/// What the macro's expansion needs.
#[doc(hidden)]
pub mod __object {
    use std::collections::HashMap;
    use std::fmt;
    use std::marker::PhantomData;

    pub use serde::de::{Deserialize, Deserializer, MapAccess};
    use serde::de::{DeserializeSeed, Error, IgnoredAny, Visitor};

    use crate::exact::{Exact, Exactly};

    /// A struct that is read field by field.
    pub trait Object: Sized {
        const NAME: &'static str;
        const FIELDS: &'static [&'static str];

        /// Reads the fields off the object's entries.
        fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error>;
    }

    /// The place of a field's value.
    pub trait Slot<'de, A: MapAccess<'de>> {
        /// Reads the next value; whether there was none before.
        fn read(&mut self, entries: &mut A) -> Result<bool, A::Error>;
    }

    impl<'de, A: MapAccess<'de>, T: Deserialize<'de>> Slot<'de, A> for Option<T> {
        fn read(&mut self, entries: &mut A) -> Result<bool, A::Error> {
            Ok(self.replace(entries.next_value()?).is_none())
        }
    }

    /// Where the values of unknown fields go.
    pub trait Rest<'de, A: MapAccess<'de>> {
        /// Reads the next value as that of a field.
        fn read(&mut self, field: String, entries: &mut A) -> Result<(), A::Error>;
    }

    impl<'de, A: MapAccess<'de>, T: Deserialize<'de>> Rest<'de, A> for HashMap<String, T> {
        fn read(&mut self, field: String, entries: &mut A) -> Result<(), A::Error> {
            self.insert(field, entries.next_value()?);
            Ok(())
        }
    }

    impl<'de, A: MapAccess<'de>, T: Exact> Rest<'de, A> for Exactly<HashMap<String, T>> {
        fn read(&mut self, field: String, entries: &mut A) -> Result<(), A::Error> {
            let Exactly(value) = entries.next_value()?;
            self.0.insert(field, value);
            Ok(())
        }
    }

    impl<'de, A: MapAccess<'de>> Rest<'de, A> for serde_json::Map<String, serde_json::Value> {
        fn read(&mut self, field: String, entries: &mut A) -> Result<(), A::Error> {
            self.insert(field, entries.next_value()?);
            Ok(())
        }
    }

    pub fn decode<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_struct(T::NAME, T::FIELDS, Fields(PhantomData))
    }

    /// Fills the slots, which are in the order of the fields; what has no slot goes to the rest.
    pub fn fill<'de, A: MapAccess<'de>>(
        mut entries: A,
        fields: &'static [&'static str],
        slots: &mut [&mut dyn Slot<'de, A>],
        mut rest: Option<&mut dyn Rest<'de, A>>,
    ) -> Result<(), A::Error> {
        let keeps = rest.is_some();
        while let Some(key) = entries.next_key_seed(Key { fields, keeps })? {
            match (key, &mut rest) {
                (Found::Field(place), _) => {
                    if !slots[place].read(&mut entries)? {
                        return Err(A::Error::duplicate_field(fields[place]));
                    }
                }
                (Found::Other(Some(name)), Some(rest)) => rest.read(name, &mut entries)?,
                (Found::Other(_), _) => _ = entries.next_value::<IgnoredAny>()?,
            }
        }
        Ok(())
    }

    /// The value of a field of exact numbers.
    pub fn exact<T>(Exactly(value): Exactly<T>) -> T {
        value
    }

    pub fn required<T, E: Error>(value: Option<T>, name: &'static str) -> Result<T, E> {
        value.ok_or_else(|| E::missing_field(name))
    }

    struct Fields<T>(PhantomData<T>);

    impl<'de, T: Object> Visitor<'de> for Fields<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "struct {}", T::NAME)
        }

        fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<T, A::Error> {
            T::read(entries)
        }
    }

    /// Reads a key.
    struct Key {
        fields: &'static [&'static str],
        /// Whether the name of another field is needed.
        keeps: bool,
    }

    /// What a key is.
    enum Found {
        /// A field, by its place.
        Field(usize),
        /// Another name.
        Other(Option<String>),
    }

    impl<'de> DeserializeSeed<'de> for Key {
        type Value = Found;

        fn deserialize<D: Deserializer<'de>>(
            self,
            deserializer: D,
        ) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_identifier(self)
        }
    }

    impl Visitor<'_> for Key {
        type Value = Found;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the name of a field")
        }

        fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
            let place = self.fields.iter().position(|field| *field == name);
            Ok(match place {
                Some(place) => Found::Field(place),
                None => Found::Other(self.keeps.then(|| name.to_owned())),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    #[derive(Debug, PartialEq)]
    struct Account {
        id: i64,
        kind: Option<String>,
        tags: Vec<String>,
    }

    crate::decode_object! {
        Account, required(id), optional(kind = "type", tags)
    }

    #[derive(Debug, PartialEq)]
    struct Labels {
        id: i64,
        extra: std::collections::HashMap<String, i64>,
    }

    crate::decode_object! {
        Labels, required(id), optional(), rest(extra)
    }

    #[test]
    fn unknown_fields_can_be_kept() {
        let labels: Labels = serde_json::from_str(r#"{"a": 2, "id": 1, "b": 3}"#).unwrap();
        let extra = [("a".to_owned(), 2), ("b".to_owned(), 3)];
        assert_eq!(
            labels,
            Labels {
                id: 1,
                extra: extra.into()
            }
        );
        let error = serde_json::from_str::<Labels>(r#"{"id": 1, "a": "x"}"#).unwrap_err();
        assert!(error.to_string().starts_with("invalid type"), "{error}");
    }

    fn read(text: &str) -> Result<Account, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn what_may_be_missing_is_its_default() {
        let bare = Account {
            id: 1,
            kind: None,
            tags: vec![],
        };
        assert_eq!(read(r#"{"id": 1}"#).unwrap(), bare);
        assert_eq!(
            read(r#"{"new": {"kind": 2}, "type": null, "id": 1}"#).unwrap(),
            bare
        );
    }

    #[derive(Debug, PartialEq)]
    struct Change {
        note: Option<Option<String>>,
        kind: Option<Option<i64>>,
    }

    crate::decode_object! {
        Change, required(), optional(), nullable(note, kind = "type")
    }

    #[test]
    fn absent_null_and_a_value_are_three_things() {
        for (text, note, kind) in [
            ("{}", None, None),
            (r#"{"note": null}"#, Some(None), None),
            (
                r#"{"type": 1, "note": "a"}"#,
                Some(Some("a".to_owned())),
                Some(Some(1)),
            ),
        ] {
            let read: Change = serde_json::from_str(text).unwrap();
            assert_eq!(read, Change { note, kind });
        }
    }

    #[test]
    fn what_must_be_there_is_asked_for() {
        let error = read(r#"{"kind": "A"}"#).unwrap_err();
        assert!(error.starts_with("missing field `id`"), "{error}");
    }

    #[test]
    fn what_is_not_such_an_object_is_refused() {
        for (text, wanted) in [
            (r#"{"id": "1"}"#, "invalid type: string \"1\", expected i64"),
            (r#"{"id": 1, "id": 2}"#, "duplicate field `id`"),
            ("[1]", "invalid type: sequence, expected struct Account"),
            (
                r#""A""#,
                "invalid type: string \"A\", expected struct Account",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.starts_with(wanted), "{text}: {error}");
        }
    }
}
