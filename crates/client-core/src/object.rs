//! Structs as JSON objects, as the generated clients read and write them.

/// Implements serde's traits for a struct, by its fields. A field is an `Option` that may be missing and is left out
/// when it is `None`, unless it says otherwise:
///
/// - `required`: it must be there, and is always written.
/// - `nullable`: an `Option<Option<_>>`, which may be missing, null or a value.
/// - `exact`: it holds [exact](crate::Exact) numbers.
/// - `= "name"`: its name on the wire differs.
///
/// Unknown fields are ignored. With `rest extra` after the fields, the map `extra` keeps them.
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
/// client_core::object! {
///     Member { guid: required, kind = "type" }
/// }
///
/// let member: Member = serde_json::from_str(r#"{"guid": "MBR-1", "type": "A", "new": 1}"#)?;
/// assert_eq!(member, Member { guid: "MBR-1".into(), kind: Some("A".into()) });
/// assert_eq!(serde_json::to_string(&member)?, r#"{"guid":"MBR-1","type":"A"}"#);
/// assert!(serde_json::from_str::<Member>(r#"{"type": "A"}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! object {
    (
        $name:ident { $($field:ident $(: $($kind:ident)+)? $(= $wire:literal)?),* $(,)? }
        $(rest $rest:ident $(: $rest_kind:ident)?)?
    ) => {
        impl $crate::__object::Object for $name {
            const NAME: &'static str = stringify!($name);
            const FIELDS: &'static [&'static str] = &[$($crate::object!(@wire $field $($wire)?)),*];

            fn read<'de, A: $crate::__object::MapAccess<'de>>(
                entries: A,
            ) -> ::std::result::Result<Self, A::Error> {
                $(let mut $field = ::std::option::Option::None;)*
                $(let mut $rest = ::std::default::Default::default();)?
                $crate::__object::fill(
                    entries,
                    Self::FIELDS,
                    &mut [$(&mut $field),*],
                    $crate::object!(@rest $($rest)?),
                )?;
                ::std::result::Result::Ok(Self {
                    $($field: $crate::object!(
                        @value [$($($kind)+)?] $field, $crate::object!(@wire $field $($wire)?)
                    ),)*
                    $($rest: $crate::object!(@value [$($rest_kind)?] $rest),)?
                })
            }
        }

        impl<'de> $crate::__object::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__object::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__object::decode(deserializer)
            }
        }

        impl $crate::__object::Serialize for $name {
            fn serialize<S: $crate::__object::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::object!(
                    @encode serializer,
                    &[$($crate::object!(@member [$($($kind)+)?] &self.$field)),*],
                    $($crate::object!(@entries [$($rest_kind)?] &self.$rest))?
                )
            }
        }
    };
    (@wire $field:ident) => { stringify!($field) };
    (@wire $field:ident $wire:literal) => { $wire };
    (@rest) => { ::std::option::Option::None };
    (@rest $rest:ident) => { ::std::option::Option::Some(&mut $rest) };
    (@value [] $read:ident, $wire:expr) => { $read.unwrap_or_default() };
    (@value [exact] $read:ident, $wire:expr) => { $crate::__object::exact($read.unwrap_or_default()) };
    (@value [nullable] $read:ident, $wire:expr) => { $read };
    (@value [nullable exact] $read:ident, $wire:expr) => { $read.map($crate::__object::exact) };
    (@value [required] $read:ident, $wire:expr) => { $crate::__object::required($read, $wire)? };
    (@value [required exact] $read:ident, $wire:expr) => {
        $crate::__object::exact($crate::__object::required($read, $wire)?)
    };
    (@value [] $rest:ident) => { $rest };
    (@value [exact] $rest:ident) => { $crate::__object::exact($rest) };
    (@encode $serializer:ident, $members:expr,) => {
        $crate::__object::encode(
            $serializer,
            <Self as $crate::__object::Object>::NAME,
            <Self as $crate::__object::Object>::FIELDS,
            $members,
        )
    };
    (@encode $serializer:ident, $members:expr, $rest:expr) => {
        $crate::__object::encode_with_rest(
            $serializer,
            <Self as $crate::__object::Object>::FIELDS,
            $members,
            $rest,
        )
    };
    (@member [$(nullable)?] $field:expr) => { $field };
    (@member [$(nullable)? exact] $field:expr) => { &$crate::__object::Written($field) };
    (@member [required] $field:expr) => { &$crate::__object::Required($field) };
    (@member [required exact] $field:expr) => {
        &$crate::__object::Required($crate::__object::Written($field))
    };
    (@entries [] $rest:expr) => { $rest };
    (@entries [exact] $rest:expr) => {
        $rest.iter().map(|(key, value)| (key, $crate::__object::Written(value)))
    };
}

/// What the macro's expansion needs.
#[doc(hidden)]
pub mod __object {
    use std::collections::HashMap;
    use std::fmt;
    use std::marker::PhantomData;

    pub use serde::de::{Deserialize, Deserializer, MapAccess};
    use serde::de::{DeserializeSeed, Error, IgnoredAny, Visitor};
    use serde::ser::{SerializeMap, SerializeStruct};
    pub use serde::{Serialize, Serializer};

    pub use crate::exact::Written;
    use crate::exact::{Exact, Exactly};

    /// A struct that is read and written field by field.
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

    /// A field that is to be written.
    pub trait Member<O: SerializeStruct> {
        fn is_absent(&self) -> bool;

        fn write(&self, name: &'static str, object: &mut O) -> Result<(), O::Error>;
    }

    impl<O: SerializeStruct, T: Serialize> Member<O> for Option<T> {
        fn is_absent(&self) -> bool {
            self.is_none()
        }

        fn write(&self, name: &'static str, object: &mut O) -> Result<(), O::Error> {
            object.serialize_field(name, self)
        }
    }

    impl<O: SerializeStruct, T: Exact> Member<O> for Written<'_, Option<T>> {
        fn is_absent(&self) -> bool {
            self.0.is_none()
        }

        fn write(&self, name: &'static str, object: &mut O) -> Result<(), O::Error> {
            object.serialize_field(name, self)
        }
    }

    /// A field that is always written.
    pub struct Required<T>(pub T);

    impl<O: SerializeStruct, T: Serialize> Member<O> for Required<T> {
        fn is_absent(&self) -> bool {
            false
        }

        fn write(&self, name: &'static str, object: &mut O) -> Result<(), O::Error> {
            object.serialize_field(name, &self.0)
        }
    }

    /// Writes the members, which are in the order of the fields.
    pub fn encode<S: Serializer>(
        serializer: S,
        name: &'static str,
        fields: &'static [&'static str],
        members: &[&dyn Member<S::SerializeStruct>],
    ) -> Result<S::Ok, S::Error> {
        let present = members.iter().filter(|member| !member.is_absent());
        let mut object = serializer.serialize_struct(name, present.count())?;
        write(&mut object, fields, members)?;
        object.end()
    }

    /// Writes the members, and after them the entries of the rest.
    pub fn encode_with_rest<'a, S: Serializer, T: Serialize>(
        serializer: S,
        fields: &'static [&'static str],
        members: &[&dyn Member<Entries<S::SerializeMap>>],
        rest: impl IntoIterator<Item = (&'a String, T)>,
    ) -> Result<S::Ok, S::Error> {
        let mut object = Entries(serializer.serialize_map(None)?);
        write(&mut object, fields, members)?;
        for (key, value) in rest {
            object.0.serialize_entry(key, &value)?;
        }
        object.end()
    }

    fn write<O: SerializeStruct>(
        object: &mut O,
        fields: &'static [&'static str],
        members: &[&dyn Member<O>],
    ) -> Result<(), O::Error> {
        for (name, member) in fields.iter().zip(members) {
            match member.is_absent() {
                true => object.skip_field(name)?,
                false => member.write(name, object)?,
            }
        }
        Ok(())
    }

    /// A map whose first entries are fields.
    pub struct Entries<M>(M);

    impl<M: SerializeMap> SerializeStruct for Entries<M> {
        type Ok = M::Ok;
        type Error = M::Error;

        fn serialize_field<T: ?Sized + Serialize>(
            &mut self,
            name: &'static str,
            value: &T,
        ) -> Result<(), M::Error> {
            self.0.serialize_entry(name, value)
        }

        fn end(self) -> Result<M::Ok, M::Error> {
            self.0.end()
        }
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
    use std::collections::HashMap;

    use rust_decimal::Decimal;
    use serde_json::Value;

    #[derive(Debug, PartialEq)]
    struct Account {
        id: i64,
        kind: Option<String>,
        tags: Option<Vec<String>>,
    }

    crate::object! {
        Account { id: required, kind = "type", tags }
    }

    #[derive(Debug, PartialEq)]
    struct Labels {
        id: i64,
        extra: std::collections::HashMap<String, i64>,
    }

    crate::object! {
        Labels { id: required } rest extra
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
            tags: None,
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

    crate::object! {
        Change { note: nullable, kind: nullable = "type" }
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
            assert_eq!(
                serde_json::to_value(&read).unwrap(),
                serde_json::from_str::<Value>(text).unwrap()
            );
            assert_eq!(read, Change { note, kind });
        }
    }

    #[derive(Debug, PartialEq)]
    struct Amounts {
        least: Decimal,
        most: Option<Decimal>,
        sum: Option<Option<Decimal>>,
        limit: Option<Decimal>,
        others: HashMap<String, Vec<Decimal>>,
    }

    crate::object! {
        Amounts {
            least: required exact, most: exact, sum: nullable exact = "Sum", limit: required exact
        } rest others: exact
    }

    #[test]
    fn exact_numbers_keep_their_digits_and_fields_their_order() {
        for text in [
            r#"{"least":0.1234567890123456789,"most":1.10,"Sum":2.00,"limit":3,"more":[1.0,2.10]}"#,
            r#"{"least":1,"Sum":null,"limit":null}"#,
            r#"{"least":1,"limit":null,"rest":[]}"#,
        ] {
            let read: Amounts = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
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
