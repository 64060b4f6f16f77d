//! The value of one argument of a generated builder.

use std::fmt;

use crate::{error::Error, exact::Exactly};

/// A value that a builder method was given: absent, present, or not convertible to the parameter's type.
///
/// What could not be converted is reported when the call is sent, by the parameter's name. `Debug` never shows
/// the value.
#[derive(Clone)]
pub struct Argument<T>(State<T>);

#[derive(Clone)]
enum State<T> {
    Absent,
    Given(T),
    NotConvertible,
}

impl<T> Argument<T> {
    /// No value: the parameter is not sent.
    pub fn absent() -> Self {
        Self(State::Absent)
    }

    /// A value, converted to the parameter's type.
    pub fn new<V: TryInto<T>>(value: V) -> Self {
        // The conversion's own error may quote the value, so it is not kept.
        Self(value.try_into().map_or(State::NotConvertible, State::Given))
    }

    /// The same, to be written with all digits of its numbers.
    pub fn exact(self) -> Argument<Exactly<T>> {
        Argument(match self.0 {
            State::Absent => State::Absent,
            State::Given(value) => State::Given(Exactly(value)),
            State::NotConvertible => State::NotConvertible,
        })
    }

    /// The value, if there is one; an error if what was given does not fit.
    pub(crate) fn into_value(self) -> Result<Option<T>, ConversionError> {
        match self.0 {
            State::Absent => Ok(None),
            State::Given(value) => Ok(Some(value)),
            State::NotConvertible => Err(ConversionError),
        }
    }
}

/// What an optional argument can be given as: a value that converts to the parameter's type, or an `Option` of one,
/// whose `None` leaves the argument out.
///
/// `Kind` keeps the two apart, and is always inferred.
pub trait IntoArgument<T, Kind> {
    /// The argument.
    fn into_argument(self) -> Argument<T>;
}

/// Marks a value that is given as such.
#[derive(Debug)]
pub enum Plain {}

/// Marks a value that is given as an `Option`.
#[derive(Debug)]
pub enum Maybe {}

impl<T, V: TryInto<T>> IntoArgument<T, Plain> for V {
    fn into_argument(self) -> Argument<T> {
        Argument::new(self)
    }
}

impl<T, V: TryInto<T>> IntoArgument<T, Maybe> for Option<V> {
    fn into_argument(self) -> Argument<T> {
        self.map_or_else(Argument::absent, Argument::new)
    }
}

/// What an optional field of a request's type can be given as: a value that becomes the field's, or an `Option` of one,
/// whose `None` leaves the field out.
///
/// `Kind` keeps the two apart, and is always inferred.
pub trait IntoField<T, Kind> {
    /// The field's value, if there is one.
    fn into_field(self) -> Option<T>;
}

impl<T, V: Into<T>> IntoField<T, Plain> for V {
    fn into_field(self) -> Option<T> {
        Some(self.into())
    }
}

impl<T, V: Into<T>> IntoField<T, Maybe> for Option<V> {
    fn into_field(self) -> Option<T> {
        self.map(Into::into)
    }
}

impl<T> From<T> for Argument<T> {
    fn from(value: T) -> Self {
        Self(State::Given(value))
    }
}

/// What was given does not convert to the parameter's type.
pub(crate) struct ConversionError;

/// A required parameter has no value.
pub(crate) fn missing(name: &str) -> Error {
    Error::invalid(is_missing(name))
}

/// That a required parameter has no value.
pub(crate) fn is_missing(name: &str) -> String {
    format!("parameter `{name}` is required and was not given")
}

/// That a parameter's value does not convert to the parameter's type.
pub(crate) fn not_convertible(name: &str) -> String {
    format!("parameter `{name}` does not convert to the type the API takes")
}

impl<T> Default for Argument<T> {
    fn default() -> Self {
        Self::absent()
    }
}

impl<T> fmt::Debug for Argument<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            State::Absent => "absent",
            State::Given(_) => "given",
            State::NotConvertible => "not convertible",
        })
    }
}
