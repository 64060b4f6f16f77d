//! A deserializer around another, which counts the memory that decoding takes, and can say where it is.

use std::{
    cell::{Cell, RefCell},
    fmt,
    mem::size_of,
};

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};

/// What a string needs beside its bytes: the allocator's own, and what it rounds up.
const STRING: usize = 32;

/// How many entries a node of a B-tree has room for: the first entry of a map pays for all.
const NODE: usize = 11;

/// A step from a value to one in it.
#[derive(Clone)]
pub(super) enum Step {
    Item(usize),
    Field(String),
    /// A key that is not a string.
    Other,
}

thread_local! {
    /// How many bytes the decoding that is under way has needed, and how many it may need. A part of a body that a
    /// `Deserialize` decodes by itself counts for the whole.
    static MEMORY: Cell<(usize, usize)> = const { Cell::new((0, usize::MAX)) };
}

/// What is known of a decoding that is under way.
pub(super) struct Tracker {
    counts: bool,
    /// What was counted before.
    outer: Option<(usize, usize)>,
    /// The way to the current value, if it is wanted: to keep it takes time.
    path: Option<RefCell<Vec<Step>>>,
    /// Whether the next string is a key.
    at_key: Cell<bool>,
}

impl Tracker {
    /// Decoding fails as soon as it needs more than so many bytes.
    pub(super) fn counting(limit: usize) -> Self {
        let mut tracker = Self::part();
        tracker.outer = Some(MEMORY.replace((0, limit)));
        tracker
    }

    /// A part of what is decoded counts for the whole.
    pub(super) fn part() -> Self {
        Self {
            counts: true,
            outer: None,
            path: None,
            at_key: Cell::new(false),
        }
    }

    /// After a failure, [`path`](Self::path) is where it happened.
    pub(super) fn following() -> Self {
        Self {
            counts: false,
            outer: None,
            path: Some(RefCell::default()),
            at_key: Cell::new(false),
        }
    }

    pub(super) fn is_exceeded(&self) -> bool {
        let (used, limit) = MEMORY.get();
        used > limit
    }

    pub(super) fn path(&self) -> Vec<Step> {
        self.path.as_ref().map(RefCell::take).unwrap_or_default()
    }

    fn take<E: Error>(&self, bytes: usize) -> Result<(), E> {
        if !self.counts {
            return Ok(());
        }
        let (used, limit) = MEMORY.get();
        MEMORY.set((used.saturating_add(bytes), limit));
        match self.is_exceeded() {
            true => Err(E::custom("decoding needs too much memory")),
            false => Ok(()),
        }
    }

    fn string<E: Error>(&self, text: &str) -> Result<(), E> {
        if self.at_key.replace(false)
            && let Some(path) = &self.path
            && let Some(step) = path.borrow_mut().last_mut()
        {
            *step = Step::Field(text.to_owned());
        }
        self.take(text.len() + STRING)
    }

    fn enter(&self, step: Step) {
        if let Some(path) = &self.path {
            path.borrow_mut().push(step);
        }
    }

    fn leave(&self) {
        if let Some(path) = &self.path {
            path.borrow_mut().pop();
        }
    }
}

impl Drop for Tracker {
    fn drop(&mut self) {
        if let Some(outer) = self.outer {
            MEMORY.set(outer);
        }
    }
}

/// A deserializer, or what it is made of, with its tracker.
pub(super) struct Tracked<'t, T> {
    inner: T,
    tracker: &'t Tracker,
}

impl<'t, T> Tracked<'t, T> {
    pub(super) fn new(inner: T, tracker: &'t Tracker) -> Self {
        Self { inner, tracker }
    }
}

/// The deserializer's methods that take nothing but a visitor.
macro_rules! deserialize {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method(Visiting::new(visitor, self.tracker))
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Tracked<'_, D> {
    type Error = D::Error;

    deserialize! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string deserialize_bytes
        deserialize_byte_buf deserialize_option deserialize_unit deserialize_seq deserialize_map
        deserialize_identifier
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_ignored_any(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = Visiting::new(visitor, self.tracker);
        self.inner.deserialize_unit_struct(name, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = Visiting::new(visitor, self.tracker);
        self.inner.deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = Visiting::new(visitor, self.tracker);
        self.inner.deserialize_tuple(length, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = Visiting::new(visitor, self.tracker);
        self.inner.deserialize_tuple_struct(name, length, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        // It may go into a box.
        self.tracker.take(size_of::<V::Value>())?;
        let visitor = Visiting::of_fields(visitor, self.tracker);
        self.inner.deserialize_struct(name, fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = Visiting::new(visitor, self.tracker);
        self.inner.deserialize_enum(name, variants, visitor)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Tracked<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.inner
            .deserialize(Tracked::new(deserializer, self.tracker))
    }
}

/// A visitor with its tracker.
struct Visiting<'t, V> {
    inner: V,
    tracker: &'t Tracker,
    /// Whether a map's entries are fields, which are a part of the struct and not allocated.
    is_struct: bool,
}

impl<'t, V> Visiting<'t, V> {
    fn new(inner: V, tracker: &'t Tracker) -> Self {
        Self {
            inner,
            tracker,
            is_struct: false,
        }
    }

    fn of_fields(inner: V, tracker: &'t Tracker) -> Self {
        Self {
            inner,
            tracker,
            is_struct: true,
        }
    }
}

/// The visitor's methods for values that need no memory of their own.
macro_rules! visit {
    ($($method:ident: $type:ty,)*) => {
        $(fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.inner.$method(value)
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Visiting<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    visit! {
        visit_bool: bool, visit_i8: i8, visit_i16: i16, visit_i32: i32, visit_i64: i64, visit_i128: i128,
        visit_u8: u8, visit_u16: u16, visit_u32: u32, visit_u64: u64, visit_u128: u128,
        visit_f32: f32, visit_f64: f64, visit_char: char,
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        self.tracker.string(text)?;
        self.inner.visit_str(text)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<V::Value, E> {
        self.tracker.string(text)?;
        self.inner.visit_borrowed_str(text)
    }

    fn visit_string<E: Error>(self, text: String) -> Result<V::Value, E> {
        self.tracker.string(&text)?;
        self.inner.visit_string(text)
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<V::Value, E> {
        self.tracker.take(bytes.len() + STRING)?;
        self.inner.visit_bytes(bytes)
    }

    fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<V::Value, E> {
        self.tracker.take(bytes.len() + STRING)?;
        self.inner.visit_borrowed_bytes(bytes)
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<V::Value, E> {
        self.tracker.take(bytes.len() + STRING)?;
        self.inner.visit_byte_buf(bytes)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner
            .visit_some(Tracked::new(deserializer, self.tracker))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<V::Value, D::Error> {
        self.inner
            .visit_newtype_struct(Tracked::new(deserializer, self.tracker))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(Items {
            inner: items,
            tracker: self.tracker,
            count: 0,
            room: 0,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Entries {
            inner: entries,
            tracker: self.tracker,
            is_struct: self.is_struct,
            count: 0,
            key: 0,
        })
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.inner.visit_enum(Tracked::new(variant, self.tracker))
    }
}

/// The items of an array, in a vector that grows.
struct Items<'t, A> {
    inner: A,
    tracker: &'t Tracker,
    count: usize,
    /// How many items the vector has room for.
    room: usize,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Items<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.tracker.enter(Step::Item(self.count));
        let item = self
            .inner
            .next_element_seed(Tracked::new(seed, self.tracker))?;
        self.tracker.leave();
        if item.is_some() {
            if self.count == self.room {
                let size = size_of::<S::Value>();
                // What the standard library begins with.
                let least = match size {
                    1 => 8,
                    ..=1024 => 4,
                    _ => 1,
                };
                let room = least.max(2 * self.room);
                self.tracker.take((room - self.room).saturating_mul(size))?;
                self.room = room;
            }
            self.count += 1;
        }
        Ok(item)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// The entries of an object: fields of a struct, or of a map.
struct Entries<'t, A> {
    inner: A,
    tracker: &'t Tracker,
    is_struct: bool,
    count: usize,
    /// The size of the last key.
    key: usize,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Entries<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        if self.is_struct && self.tracker.path.is_none() {
            return self.inner.next_key_seed(seed);
        }
        self.key = size_of::<S::Value>();
        self.tracker.enter(Step::Other);
        self.tracker.at_key.set(true);
        let key = self.inner.next_key_seed(Tracked::new(seed, self.tracker));
        self.tracker.at_key.set(false);
        if !matches!(key, Ok(Some(_))) {
            self.tracker.leave();
        }
        key
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let value = self
            .inner
            .next_value_seed(Tracked::new(seed, self.tracker))?;
        self.tracker.leave();
        if !self.is_struct {
            let entry = self.key + size_of::<S::Value>();
            // Nodes are at least half full.
            let room = match self.count {
                0 => NODE,
                1..NODE => 0,
                _ => 2,
            };
            self.count += 1;
            self.tracker.take(room * entry)?;
        }
        Ok(value)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'t, 'de, A: EnumAccess<'de>> EnumAccess<'de> for Tracked<'t, A> {
    type Error = A::Error;
    type Variant = Tracked<'t, A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), A::Error> {
        let (value, variant) = self.inner.variant_seed(seed)?;
        Ok((value, Tracked::new(variant, self.tracker)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Tracked<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.inner.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.inner
            .newtype_variant_seed(Tracked::new(seed, self.tracker))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        let visitor = Visiting::new(visitor, self.tracker);
        self.inner.tuple_variant(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.tracker.take(size_of::<V::Value>())?;
        let visitor = Visiting::of_fields(visitor, self.tracker);
        self.inner.struct_variant(fields, visitor)
    }
}
