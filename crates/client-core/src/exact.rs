//! Numbers as they stand in JSON: decimal, and with all their digits.

use std::{collections::HashMap, fmt};

use rust_decimal::Decimal;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Unexpected},
};
use serde_json::value::RawValue;

use crate::safe_debug::{SafeDebug, hide};

/// What is read and written with all digits of its numbers: a [`Decimal`], and options, boxes, lists and maps of it.
///
/// A `Decimal` holds every number of up to 28 digits. One that it cannot hold is an error. It has no serde traits of its
/// own: another crate could choose them for the whole program, and lose digits. So the fields of generated types are
/// read and written by this trait, which takes the number's text from the JSON.
///
/// A generated type cannot be read from where serde has already made floating-point numbers of the text: out of a struct
/// of yours with `#[serde(flatten)]`, or an enum with `#[serde(untagged)]` or `#[serde(tag = …)]`. That is an error.
pub trait Exact: Sized {
    /// Reads the value.
    ///
    /// # Errors
    ///
    /// It is not a number, or has too many digits.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Writes the value.
    ///
    /// # Errors
    ///
    /// Those of the serializer.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// Gives an [`Exact`] value the traits of serde.
///
/// ```
/// use client_core::{Decimal, Exactly};
///
/// let Exactly(amounts) = serde_json::from_str::<Exactly<Vec<Decimal>>>("[1.10, 0.1234567890123456789]")?;
/// assert_eq!(amounts[1].to_string(), "0.1234567890123456789");
/// assert_eq!(serde_json::to_string(&Exactly(amounts))?, "[1.10,0.1234567890123456789]");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exactly<T>(pub T);

impl<'de, T: Exact> Deserialize<'de> for Exactly<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

impl<T: Exact> Serialize for Exactly<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl<T: fmt::Display> fmt::Display for Exactly<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: SafeDebug> SafeDebug for Exactly<T> {
    fn safe_fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.safe_fmt(f)
    }

    fn is_absent(&self) -> bool {
        self.0.is_absent()
    }
}

impl SafeDebug for Decimal {
    fn safe_fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hide(self, f)
    }
}

/// What a `Decimal` argument can be given as.
macro_rules! given_as {
    ($($from:ident($convert:ident) for $($type:ty),*;)*) => {
        $($(given_as!(@$from $convert $type);)*)*
    };
    (@From $convert:ident $type:ty) => {
        impl From<$type> for Exactly<Decimal> {
            fn from(value: $type) -> Self {
                Self(value.into())
            }
        }
    };
    (@TryFrom $convert:ident $type:ty) => {
        impl TryFrom<$type> for Exactly<Decimal> {
            type Error = rust_decimal::Error;

            fn try_from(value: $type) -> Result<Self, Self::Error> {
                Decimal::$convert(value).map(Self)
            }
        }
    };
}

given_as! {
    From(from) for Decimal, i32, i64, u32, u64;
    TryFrom(try_from) for &str, f64;
}

impl<T> From<Vec<T>> for Exactly<Vec<T>> {
    fn from(values: Vec<T>) -> Self {
        Self(values)
    }
}

/// A value by reference, to be written.
#[doc(hidden)]
pub struct Written<'a, T>(pub &'a T);

impl<T: Exact> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl Exact for Decimal {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        let json = json.get();
        if !json.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
            return Err(D::Error::invalid_type(
                Unexpected::Other("another value"),
                &"a number",
            ));
        }
        let too_long = || {
            D::Error::invalid_value(
                Unexpected::Other("a longer one"),
                &"a number of at most 28 digits",
            )
        };
        parse(json).ok_or_else(too_long)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = RawValue::from_string(self.to_string()).map_err(serde::ser::Error::custom)?;
        json.serialize(serializer)
    }
}

impl<T: Exact> Exact for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::<Exactly<T>>::deserialize(deserializer)?;
        Ok(value.map(|Exactly(value)| value))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().map(Written).serialize(serializer)
    }
}

impl<T: Exact> Exact for Box<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Box::new)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).write(serializer)
    }
}

impl<T: Exact> Exact for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = Vec::<Exactly<T>>::deserialize(deserializer)?;
        Ok(values.into_iter().map(|Exactly(value)| value).collect())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }
}

impl<T: Exact> Exact for HashMap<String, T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = HashMap::<String, Exactly<T>>::deserialize(deserializer)?;
        let values = values.into_iter();
        Ok(values.map(|(key, Exactly(value))| (key, value)).collect())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(key, value)| (key, Written(value))))
    }
}

/// What the attributes of generated fields name.
#[doc(hidden)]
pub mod __exact {
    use super::{Deserializer, Exact, Serializer};

    pub fn deserialize<'de, T: Exact, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        T::read(deserializer)
    }

    pub fn serialize<T: Exact, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.write(serializer)
    }
}

/// A number of JSON, if a `Decimal` can hold it. Its zeros at the end are kept, unless it has an exponent or they are
/// what makes it too long.
fn parse(json: &str) -> Option<Decimal> {
    let (digits, exponent) = match json.split_once(['e', 'E']) {
        None => (json, 0),
        Some((digits, exponent)) => (digits, exponent.parse::<i64>().ok()?),
    };
    if exponent == 0
        && let Ok(mut number) = Decimal::from_str_exact(digits)
    {
        // Zero has a sign as well.
        number.set_sign_negative(digits.starts_with('-'));
        return Some(number);
    }
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = [whole, fraction].concat();
    let digits = digits.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some(Decimal::ZERO);
    }
    let zeros = digits.len() - significant.len();
    let scale = i64::try_from(fraction.len()).ok()? - i64::try_from(zeros).ok()? - exponent;
    if significant.len() > MOST_DIGITS || scale.unsigned_abs() > MOST_DIGITS as u64 {
        return None;
    }
    let text = match usize::try_from(scale) {
        Err(_) => format!(
            "{sign}{significant}{}",
            "0".repeat(scale.unsigned_abs() as usize)
        ),
        Ok(scale) => {
            let padded = format!("{significant:0>width$}", width = scale + 1);
            let (whole, fraction) = padded.split_at(padded.len() - scale);
            format!("{sign}{whole}.{fraction}")
        }
    };
    Decimal::from_str_exact(text.trim_end_matches('.')).ok()
}

/// A `Decimal` holds no number of more digits than that, before or after the point.
const MOST_DIGITS: usize = 29;

#[cfg(test)]
mod tests {
    use super::{Decimal, parse};

    #[test]
    fn numbers_are_read_whatever_their_form() {
        for (json, wanted) in [
            ("0", "0"),
            ("-0", "0"),
            ("1.10", "1.10"),
            ("-0.05", "-0.05"),
            ("1e3", "1000"),
            ("-1.5E+2", "-150"),
            ("25e-1", "2.5"),
            ("1e-28", "0.0000000000000000000000000001"),
            ("0e99999", "0"),
            ("0.10000000000000000000000000000000000", "0.1"),
            ("1e00", "1"),
            (
                "7922816251426433759354395033.5",
                "7922816251426433759354395033.5",
            ),
            (
                "9999999999999999999999999999",
                "9999999999999999999999999999",
            ),
        ] {
            let number = parse(json).unwrap_or_else(|| panic!("{json}"));
            if wanted == "0" {
                assert!(number.is_zero(), "{json}");
                continue;
            }
            assert_eq!(number, wanted.parse::<Decimal>().unwrap(), "{json}");
        }
    }

    #[test]
    fn numbers_are_written_as_they_were_read() {
        for json in ["-0", "0.00", "-0.0", "1.50", "100", "-12.000"] {
            assert_eq!(parse(json).unwrap().to_string(), json);
        }
    }

    #[test]
    fn what_does_not_fit_is_never_rounded() {
        for json in [
            "99999999999999999999999999999",
            "0.12345678901234567890123456789",
            "1e29",
            "1e-29",
            "1e999999999999999999999",
            "12345678901234567890.1234567891",
        ] {
            if let Some(number) = parse(json) {
                assert_eq!(number, json.parse::<Decimal>().unwrap());
                panic!("{json} was read as {number}");
            }
        }
    }
}
